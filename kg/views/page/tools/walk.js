// Neighbourhoods and paths.

import { fit } from "../draw/canvas.js";
import { change, state } from "../model/state.js";
import { say } from "../model/tell.js";
import { shown, trying } from "../model/visible.js";
import { shortest } from "../model/ways.js";
import { named } from "../rules/rows.js";
import { many } from "../rules/words.js";

export let walking = null; // the node that a path is to start from, while the second one is awaited

/** The selected node and its neighbours; asked again for the same node, one step more. */
export function neighbourhood() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose a node first.");
  const hops = state.near?.node === node ? state.near.hops + 1 : 1;
  change({ near: { node, hops }, only: null });
  fit();
  say(
    `Within ${many(hops, "step")} of ${named(node)}: ${many(shown.nodes.size, "node")}. Press n again for one step more.`,
  );
}

export function startPath() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose the node where the path starts, then ask for the path.");
  if (walking !== null && walking !== node) return showPath(walking, node);
  walking = node;
  say(`Path from ${named(node)}: now choose the other end.`);
}

/** The path from one node to another, once `patch` has let through what hid them. */
export function showPath(start, end, patch = {}) {
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

export function giveUpPath() {
  walking = null;
}
