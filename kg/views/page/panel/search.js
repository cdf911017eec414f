// The search field and what it finds.

import { reveal } from "../draw/canvas.js";
import { byId, el } from "../draw/dom.js";
import { symbol } from "../draw/shapes.js";
import { nearest, search, showing } from "../model/find.js";
import { change } from "../model/state.js";
import { say } from "../model/tell.js";
import { gatherNames } from "../rules/names.js";
import { isolated } from "../rules/words.js";
import { showPath, walking } from "../tools/walk.js";

/** Where a page can ask for more than it holds: `search(text, add)` calls `add(text, hits, uncounted)`.
 * @type {{search: any}} */
export const beyond = { search: null };

const finder = { hits: [], at: -1, exact: true };

export function startSearch() {
  const input = byId("search");
  input.addEventListener("focus", gatherNames); // before the first letter
  input.addEventListener("input", showHits);
  input.addEventListener("keydown", searchKey);
  input.addEventListener("blur", closeHits);
}

function showHits() {
  const input = byId("search");
  const asked = Boolean(input.value.trim());
  const exact = search(input.value);
  finder.hits = exact.length ? exact : nearest(input.value);
  finder.at = -1;
  finder.exact = exact.length > 0;
  const remark = finder.hits.length ? "Nothing by that name. Did you mean:" : "Nothing by that name.";
  const nothing = el(
    "li",
    { role: "option", class: "remark", "aria-selected": "false", "aria-disabled": "true" },
    remark,
  );
  byId("found").replaceChildren(
    ...(asked && !exact.length ? [nothing] : []),
    ...finder.hits.map(hitRow),
  );
  byId("found").hidden = !asked;
  input.setAttribute("aria-expanded", String(asked));
  if (asked) beyond.search?.(input.value, addHits);
}

/** Hits from beyond the picture, below those in it, or in place of guesses. */
function addHits(text, hits, uncounted) {
  if (byId("search").value !== text || !hits.length) return;
  const here = finder.exact ? finder.hits : [];
  finder.hits = [...here, ...hits];
  finder.exact = true;
  const remark = (words) => el("li", { role: "option", class: "remark", "aria-selected": "false", "aria-disabled": "true" }, words);
  byId("found").replaceChildren(
    ...here.map(hitRow),
    remark("In the graph, not in this picture:"),
    ...hits.map((hit, index) => hitRow(hit, here.length + index)),
    ...(uncounted ? [remark(`and ${uncounted.toLocaleString("en")} more`)] : []),
  );
}

function hitRow(hit, index) {
  const take = (event) => {
    event.preventDefault(); // the field keeps the focus until the hit is taken
    takeHit(hit);
  };
  return el(
    "li",
    { role: "option", id: `found-${index}`, "aria-selected": "false", onmousedown: take },
    symbol(hit.node.kind),
    el("span", {}, hit.node.name),
    hit.name === hit.node.name ? null : el("small", {}, ` ${hit.name}`),
  );
}

function searchKey(event) {
  if (event.isComposing) return; // Enter and Escape belong to the input method
  if (event.key === "Escape") {
    event.stopPropagation(); // what is chosen stays chosen
    leaveSearch();
  }
  if (!finder.hits.length) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    markHit(finder.at + (event.key === "ArrowDown" ? 1 : -1));
  }
  const taken = finder.exact ? Math.max(0, finder.at) : finder.at; // a guess is taken only if marked
  if (event.key === "Enter" && taken >= 0) takeHit(finder.hits[taken]);
}

function markHit(to) {
  const rows = [...byId("found").querySelectorAll("[id^=found-]")];
  finder.at = (to + rows.length) % rows.length;
  rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === finder.at)));
  byId("search").setAttribute("aria-activedescendant", `found-${finder.at}`);
  rows[finder.at].scrollIntoView({ block: "nearest" });
}

function takeHit(hit) {
  leaveSearch();
  if (hit.take) return hit.take();
  const start = walking;
  if (start === null || start === hit.node.index) return choose(hit.node);
  const { patch } = showing(hit.node);
  showPath(start, hit.node.index, patch);
  return reveal(hit.node.index);
}

function leaveSearch() {
  byId("search").value = "";
  closeHits();
  byId("canvas").focus();
}

function closeHits() {
  byId("found").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").removeAttribute("aria-activedescendant");
}

/** Select a node and see to it that it is shown, whatever hid it. */
export function choose(node) {
  const { patch, lifted } = showing(node);
  change(patch);
  reveal(node.index);
  if (lifted.length) say(`To show ${isolated(node.name)}, lifted: ${lifted.join(", ")}.`);
}
