// Search by any name, in any script: letters' case, accents and width do not matter.

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function startSearch() {
  const input = byId("search");
  const list = byId("found");
  let found = [];
  let at = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (to) => {
    at = (to + found.length) % found.length;
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", `found-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const take = (hit) => {
    close();
    input.value = "";
    choose(hit.node);
    byId("canvas").focus();
  };
  input.addEventListener("input", () => {
    found = search(input.value);
    at = -1;
    list.replaceChildren(
      ...found.map((hit, index) =>
        el(
          "li",
          {
            role: "option",
            id: `found-${index}`,
            "aria-selected": "false",
            onmousedown: (event) => {
              event.preventDefault();
              take(hit);
            },
          },
          symbol(hit.node.kind),
          el("span", {}, hit.node.name),
          hit.name === hit.node.name ? null : el("small", {}, ` ${hit.name}`),
        ),
      ),
    );
    if (!found.length && input.value.trim())
      list.append(
        el(
          "li",
          { role: "option", "aria-selected": "false", "aria-disabled": "true" },
          "Nothing by that name.",
        ),
      );
    list.hidden = !input.value.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = "";
      close();
      byId("canvas").focus();
    }
    if (!found.length) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      mark(at + 1);
    }
    if (event.key === "ArrowUp") {
      event.preventDefault();
      mark(at - 1);
    }
    if (event.key === "Enter") take(found[Math.max(0, at)]);
  });
  input.addEventListener("blur", close);
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
    patch.only = [...new Set([...shown.nodes, ...near(node.index, 1)])];
  if (state.only && !state.only.includes(node.index)) patch.only = [...state.only, node.index];
  change(patch);
  reveal(node.index);
}
