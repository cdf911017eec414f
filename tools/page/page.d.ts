// What the page has that no module declares.

interface Window {
  /** What scripts and tests ask. */
  picture: any;
}
