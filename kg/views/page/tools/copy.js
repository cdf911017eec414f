// The clipboard.

import { el } from "../draw/dom.js";
import { state, underLens } from "../model/state.js";
import { say } from "../model/tell.js";

export async function copy(text, what, more = "") {
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

/** A query asks the whole graph: what it cannot know of this page is said with it. */
export function copyCypher(text) {
  const filters = state.from || state.to || !state.undated || state.min || state.confidence || !state.unrated;
  const parts = [
    underLens() ? " It knows no lens: it gives what everybody says, at any time." : "",
    filters ? " It knows no filters of time and support." : "",
  ];
  return copy(text, "Cypher", parts.join(""));
}
