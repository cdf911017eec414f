// Elements. Text only ever becomes text: there is no markup from data anywhere in this page.

function el(tag, attributes = {}, ...children) {
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

const byId = (id) => document.getElementById(id);
const button = (text, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, text);

/** A text without the characters that turn the direction of what follows it. */
const plain = (text) => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
/** Somebody's own words within a sentence of ours: `withNames` sets them apart. */
const isolated = (text) => `\u2068${plain(text)}\u2069`;
const named = (number) => isolated(nameOf(number));
const withNames = (text) =>
  text.split(/\u2068([^\u2069]*)\u2069/).map((part, index) => (index % 2 ? el("bdi", {}, part) : part));

/** Said aloud by screen readers, and shown for a while to everyone else. */
function say(text) {
  byId("live").replaceChildren(...withNames(text));
  const notice = byId("notice");
  notice.dataset.said = text;
  showNotice();
  clearTimeout(say.timer);
  say.timer = setTimeout(() => {
    delete notice.dataset.said;
    showNotice();
  }, 6000);
}

/** An address that may become a link: the web, nothing else. */
function webAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function linkOut(text, address) {
  const href = webAddress(address);
  return href
    ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, text)
    : el("span", {}, text);
}

async function copy(text, what, more = "") {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // a file that was opened from a disk may not use the clipboard
    const area = el("textarea", { class: "unseen" });
    area.value = text;
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(`${what} copied.${more}`);
}

function openDialog(title, ...content) {
  const dialog = byId("dialog");
  dialog.replaceChildren(
    el(
      "div",
      { class: "dialog-head" },
      el("h2", { id: "dialog-title" }, title),
      button("Close", () => dialog.close(), { class: "close" }),
    ),
    ...content,
  );
  if (!dialog.open) dialog.showModal();
}
