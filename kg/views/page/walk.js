// Neighbourhoods and paths, over what the filters let through.

let walking = null; // the node that a path is to start from, while the second one is awaited

/** Whether one may go along a link from a node: the filters let it through, and what it leads to. */
const usable = (link, from) => passable.links[link.index] && passable.nodes.has(other(link, from));

function near(start, hops) {
  let border = [start];
  const found = new Set(border);
  for (let step = 0; step < hops && border.length; step += 1) {
    border = border
      .flatMap((index) =>
        model.linksAt[index].filter((link) => usable(link, index)).map((link) => other(link, index)),
      )
      .filter((index) => !found.has(index) && found.add(index));
  }
  return [...found];
}

/** The selected node and its neighbours; asked again for the same node, one step more. */
function neighbourhood() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose a node first.");
  const hops = state.near?.node === node ? state.near.hops + 1 : 1;
  change({ near: { node, hops }, only: null });
  fit();
  say(
    `Within ${many(hops, "step")} of ${named(node)}: ${many(shown.nodes.size, "node")}. Press n again for one step more.`,
  );
}

function startPath() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose the node where the path starts, then ask for the path.");
  if (walking !== null && walking !== node) return showPath(walking, node);
  walking = node;
  say(`Path from ${named(node)}: now choose the other end.`);
}

/** The path from one node to another, once `patch` has let through what hid them. */
function showPath(start, end, patch = {}) {
  walking = null;
  const found = trying(patch, () => shortest(start, end));
  if (!found) {
    change(patch);
    const hint = state.structural
      ? ""
      : " Structural relations were left out; the filters can let them in.";
    return say(`No path from ${named(start)} to ${named(end)}.${hint}`);
  }
  change({ ...patch, near: null, only: found.nodes, selected: { node: end } });
  fit();
  say(
    `${many(found.steps, "step")} from ${named(start)} to ${named(end)}. A path is association, not evidence.`,
  );
}

/** All nodes on shortest paths; structural relations join almost everything and are left out. */
function shortest(start, end) {
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
