// Elements. Text only ever becomes text: there is no markup from data anywhere in this page.

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(
    ...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return made;
}

/** An element of ours, whatever it is: the page has them all.
 * @returns {any} */
export const byId = (id) => document.getElementById(id);

export const button = (text, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, text);

export const withNames = (text) =>
  text.split(/\u2068([^\u2069]*)\u2069/).map((part, index) => (index % 2 ? el("bdi", {}, part) : part));

/** An address that may become a link: the web, nothing else. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function linkOut(text, address) {
  const href = webAddress(address);
  return href
    ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, text)
    : el("span", {}, text);
}
