// What the page has that no module declares.

declare const vis: any;

interface Window {
  /** What scripts and tests ask. */
  picture: any;
}
