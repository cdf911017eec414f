// What the page carries, unpacked.

import { index } from "../rules/rows.js";

/** Reads it once the browser has it all: the script stands before it. */
export async function load() {
  if (document.readyState === "loading")
    await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  const element = /** @type {HTMLScriptElement} */ (document.getElementById("data"));
  const text =
    element.type === "application/json" ? element.textContent : await unpack(element.textContent);
  element.remove();
  const data = JSON.parse(text);
  await breath();
  index(data);
  await breath();
}

/** What the reader does meanwhile comes in between the parts of a long work. */
const breath = () => new Promise((done) => setTimeout(done));

export async function unpack(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
