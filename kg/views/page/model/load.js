// What the page carries, unpacked.

import { index } from "../rules/rows.js";

export async function load() {
  const element = /** @type {HTMLScriptElement} */ (document.getElementById("data"));
  const text =
    element.type === "application/json" ? element.textContent : await unpack(element.textContent);
  element.remove();
  index(JSON.parse(text));
}

export async function unpack(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
