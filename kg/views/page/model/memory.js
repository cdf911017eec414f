// What the page remembers from one visit to the next.

export function remembered(name) {
  try {
    return localStorage.getItem(`kg-${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`kg-${name}`, value);
  } catch {
    /* a page from a disk may have no memory */
  }
}
