// Search by any name, in any script: letters' case, accents and width do not matter.

import { holding, likest } from "../rules/names.js";
import { model } from "../rules/rows.js";
import { kindWords } from "../rules/words.js";
import { state } from "./state.js";
import { counted, idsNow, near, passable, shown, trying } from "./visible.js";

/** Whether a node is in the picture under the lens, and goes by a name there. */
const goesBy = (node, name) =>
  counted.here.has(node.index) &&
  (name === node.name || name === node.id || idsNow(node).includes(name) || counted.facts[node.index].names.includes(name));

const asHits = (rows) => rows.map(([node, name]) => ({ node, name }));

/** The best twelve nodes one of whose names holds all words of the question. */
export const search = (text) => asHits(holding(text, 12, goesBy));

/** For a question that finds nothing: the nodes a name of which, or a word of it, is most like it. */
export const nearest = (text) => asHits(likest(text, 3, goesBy));

/** What must change for a node to be selected and shown, and what of it the reader should be told. */
export function showing(node) {
  const patch = {
    selected: { node: node.index },
    hidden: state.hidden.filter((index) => index !== node.index),
    kinds: state.kinds.filter((kind) => kind !== node.kind),
  };
  const lifted = [];
  if (patch.hidden.length < state.hidden.length) lifted.push("hidden by hand");
  if (patch.kinds.length < state.kinds.length) lifted.push(`without ${kindWords(node.kind)}`);
  const passes = (more) => trying({ ...patch, ...more }, () => passable.nodes.has(node.index));
  const needed = passes({}) ? [] : (subsets(liftable(node)).find((some) => passes(merged(some))) ?? []);
  Object.assign(patch, merged(needed));
  lifted.push(...needed.map(([name]) => name));
  if ((state.only || state.near) && !trying(patch, () => shown.nodes.has(node.index)))
    patch.only = [...(state.only ?? []), node.index];
  else if (node.later && !state.all && !state.only && !state.near)
    patch.more = [...new Set([...state.more, ...trying(patch, () => near(node.index, 1))])];
  return { patch, lifted };
}

/** The filters that may hide a node by what is said of it, each with what would lift it. */
function liftable(node) {
  const at = new Set(model.linksAt[node.index].map((link) => link.kind));
  return [
    ["the filter of relations", { relations: state.relations.filter((kind) => !at.has(kind)) }],
    ["the filter of support", { min: 0, confidence: 0, unrated: true }],
    ["the filter of time", { from: null, to: null, undated: true }],
  ];
}

const merged = (some) => Object.assign({}, ...some.map(([, patch]) => patch));

/** All choices among some things, the smallest first. */
const subsets = (things) =>
  things
    .reduce((found, thing) => [...found, ...found.map((some) => [...some, thing])], [[]])
    .sort((one, another) => one.length - another.length);
