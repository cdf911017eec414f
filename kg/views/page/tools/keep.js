// Hiding and pinning.

import { change, state } from "../model/state.js";
import { say } from "../model/tell.js";
import { named } from "../rules/rows.js";

export function toggle(key, kind) {
  change({
    [key]: state[key].includes(kind)
      ? state[key].filter((one) => one !== kind)
      : [...state[key], kind].sort(),
  });
}

export function hideSelected() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose a node first.");
  change({ hidden: [...state.hidden, node], selected: null });
  say(`${named(node)} hidden. Undo with z.`);
}

/** A pinned node keeps its place in the address and is not dragged by accident. */
export function pinSelected() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose a node first.");
  const pinned = state.pinned.includes(node);
  change({ pinned: pinned ? state.pinned.filter((one) => one !== node) : [...state.pinned, node] });
  say(`${named(node)} ${pinned ? "unpinned" : "pinned where it stands"}.`);
}
