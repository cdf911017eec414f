// Neighbourhoods and paths, over what the filters let through.

let walking = null; // the node that a path is to start from, while the second one is awaited

function usable(link) {
  return linkPasses(link) && !state.relations.includes(link.kind);
}

function near(start, hops) {
  let border = [start];
  const found = new Set(border);
  for (let step = 0; step < hops; step += 1) {
    border = border
      .flatMap((index) => model.linksAt[index].filter(usable).map((link) => other(link, index)))
      .filter((index) => !found.has(index) && found.add(index));
  }
  return [...found];
}

let lastNear = { node: null, hops: 0 };

/** The selected node and its neighbours; asked again for the same node, one step more. */
function neighbourhood() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose a node first.");
  const hops = lastNear.node === node && state.only ? lastNear.hops + 1 : 1;
  lastNear = { node, hops };
  change({ only: near(node, hops) });
  fit();
  say(
    `Within ${many(hops, "step")} of ${nameOf(node)}: ${many(shown.nodes.size, "node")}. Press n again for one step more.`,
  );
}

function startPath() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose the node where the path starts, then ask for the path.");
  if (walking !== null && walking !== node) return showPath(walking, node);
  walking = node;
  say(`Path from ${nameOf(node)}: now choose the other end.`);
}

function showPath(start, end) {
  walking = null;
  const found = shortest(start, end);
  if (!found) {
    const hint = state.structural
      ? ""
      : " Structural relations were left out; the filters can let them in.";
    return say(`No path from ${nameOf(start)} to ${nameOf(end)}.${hint}`);
  }
  change({ only: found.nodes, selected: { node: end } });
  fit();
  say(
    `${many(found.steps, "step")} from ${nameOf(start)} to ${nameOf(end)}. A path is association, not evidence.`,
  );
}

/** All nodes on shortest paths; structural relations join almost everything and are left out. */
function shortest(start, end) {
  const before = new Map([[start, []]]);
  let border = [start];
  let steps = 0;
  while (border.length && !before.has(end)) {
    steps += 1;
    const next = new Map();
    for (const index of border) {
      for (const link of model.linksAt[index]) {
        const to = other(link, index);
        if (!usable(link) || before.has(to) || (!state.structural && model.relations[link.kind].structural))
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
