// Search by any name, in any script: letters' case, accents and width do not matter.

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const finder = { hits: [], at: -1 };

function startSearch() {
  const input = byId("search");
  input.addEventListener("input", showHits);
  input.addEventListener("keydown", searchKey);
  input.addEventListener("blur", closeHits);
}

function showHits() {
  const input = byId("search");
  const asked = Boolean(input.value.trim());
  finder.hits = search(input.value);
  finder.at = -1;
  const nothing = el(
    "li",
    { role: "option", "aria-selected": "false", "aria-disabled": "true" },
    "Nothing by that name.",
  );
  byId("found").replaceChildren(
    ...finder.hits.map(hitRow),
    ...(asked && !finder.hits.length ? [nothing] : []),
  );
  byId("found").hidden = !asked;
  input.setAttribute("aria-expanded", String(asked));
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
  if (event.key === "Escape") {
    event.stopPropagation(); // what is chosen stays chosen
    leaveSearch();
  }
  if (!finder.hits.length) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    markHit(finder.at + (event.key === "ArrowDown" ? 1 : -1));
  }
  if (event.key === "Enter") takeHit(finder.hits[Math.max(0, finder.at)]);
}

function markHit(to) {
  const rows = [...byId("found").children];
  finder.at = (to + rows.length) % rows.length;
  rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === finder.at)));
  byId("search").setAttribute("aria-activedescendant", `found-${finder.at}`);
  rows[finder.at].scrollIntoView({ block: "nearest" });
}

function takeHit(hit) {
  leaveSearch();
  choose(hit.node);
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

/** The best twelve nodes one of whose names holds all words of the question. */
function search(text) {
  const parts = fold(text).split(/\s+/).filter(Boolean);
  const whole = parts.join(" ");
  if (!whole) return [];
  const hits = [];
  for (const node of model.nodes) {
    node.folded ??= [node.name, ...(node.names ?? []), ...(node.ids ?? []), node.id].map((name) => [
      name,
      fold(name),
    ]);
    const hit = node.folded.find(([, folded]) => parts.every((part) => folded.includes(part)));
    if (hit)
      hits.push({
        node,
        name: hit[0],
        rank: (hit[1] === whole ? 1e6 : hit[1].startsWith(whole) ? 1e3 : 0) + node.weight,
      });
  }
  return hits.sort((one, another) => another.rank - one.rank).slice(0, 12);
}

/** Select a node and see to it that it is shown, whatever hid it. */
function choose(node) {
  const patch = {
    selected: { node: node.index },
    hidden: state.hidden.filter((index) => index !== node.index),
    kinds: state.kinds.filter((kind) => kind !== node.kind),
  };
  if (node.later && !state.all && !state.only)
    patch.more = [...new Set([...state.more, ...near(node.index, 1)])];
  if (state.only && !state.only.includes(node.index)) patch.only = [...state.only, node.index];
  change(patch);
  reveal(node.index);
}
