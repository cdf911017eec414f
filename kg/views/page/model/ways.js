// Ways from one node to another, over what the filters let through.

import { model, other } from "../rules/rows.js";
import { push } from "../rules/words.js";
import { state } from "./state.js";
import { passable, usable } from "./visible.js";

/** All nodes on shortest paths; structural relations join almost everything and are left out. */
export function shortest(start, end) {
  if (!passable.nodes.has(start) || !passable.nodes.has(end)) return null;
  const before = new Map([[start, []]]);
  let border = [start];
  let steps = 0;
  while (border.length && !before.has(end)) {
    steps += 1;
    const next = new Map();
    for (const index of border) {
      for (const link of model.linksAt[index]) {
        const to = other(link, index);
        if (!usable(link, index) || before.has(to) || (!state.structural && model.relations[link.kind].structural))
          continue;
        push(next, to, index);
      }
    }
    for (const [index, from] of next) before.set(index, from);
    border = [...next.keys()];
  }
  if (!before.has(end)) return null;
  const nodes = new Set();
  const collect = (index) => {
    if (!nodes.has(index)) {
      nodes.add(index);
      before.get(index).forEach(collect);
    }
  };
  collect(end);
  return { nodes: [...nodes], steps };
}
