// Search by any name, in any script: letters' case, accents and width do not matter.

import { model } from "../rules/rows.js";
import { fold, kindWords } from "../rules/words.js";
import { state } from "./state.js";
import { counted, near, passable, shown, trying } from "./visible.js";

/** Every name of what is in the picture under the lens: [node, name, folded]. */
function* names() {
  for (const index of counted.here) {
    const node = model.nodes[index];
    const facts = counted.facts[index];
    facts.folded ??= [node.name, ...facts.names, ...(node.ids ?? []), node.id].map((name) => [
      node,
      name,
      fold(name),
    ]);
    yield* facts.folded;
  }
}

/** The best twelve nodes one of whose names holds all words of the question. */
export function search(text) {
  const parts = fold(text).split(/\s+/).filter(Boolean);
  const whole = parts.join(" ");
  if (!whole) return [];
  const hits = new Map();
  for (const [node, name, folded] of names()) {
    if (hits.has(node) || !parts.every((part) => folded.includes(part))) continue;
    const rank = (folded === whole ? 1e6 : folded.startsWith(whole) ? 1e3 : 0) + node.weight;
    hits.set(node, { node, name, rank });
  }
  return best([...hits.values()], 12);
}

const best = (hits, most) => hits.sort((one, another) => another.rank - one.rank).slice(0, most);

/** For a question that finds nothing: the nodes a name of which, or a word of it, is most like it. */
export function nearest(text) {
  const asked = pairsOf(fold(text).trim());
  const hits = new Map();
  for (const [node, name, folded] of names()) {
    const rank = Math.max(...[folded, ...folded.split(/\s+/)].map((word) => alike(asked, pairsOf(word))));
    if (rank > ALIKE && rank > (hits.get(node)?.rank ?? 0)) hits.set(node, { node, name, rank });
  }
  return best([...hits.values()], 3);
}

const ALIKE = 0.4;

const pairsOf = (word) => new Set([...word].map((letter, at) => letter + (word[at + 1] ?? " ")));

/** Dice's coefficient: which share of their pairs of letters two words have in common. */
function alike(one, another) {
  let common = 0;
  for (const pair of one) if (another.has(pair)) common += 1;
  return (2 * common) / (one.size + another.size);
}

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
