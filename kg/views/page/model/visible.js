// What is visible: what the lens leaves, the filters let through, and the reader asked for.

import { recount } from "../rules/counts.js";
import { model, other } from "../rules/rows.js";
import { LENS, state, suppose } from "./state.js";

/** The other ids of a node under the lens. */
export const idsNow = (node) => (node.then || node.known ? counted.facts[node.index].ids : node.ids) ?? [];

export const rowsOf = (rows, numbers) => [...numbers].map((index) => rows[index]);

/** Ask something of the state as it would be. */
export function trying(patch, ask) {
  const was = state;
  suppose({ ...state, ...patch });
  look();
  const answer = ask();
  suppose(was);
  look();
  return answer;
}

// what the filters let through, whether or not it is among those asked for: nodes, and link → yes or no
export let passable = { nodes: new Set(), links: [] };

export let shown = { nodes: new Set(), links: new Set() };

export let counted = null; // the recount under the present lens

let countedFor = "";

let lookedFor = null; // the state that `shown` is of

/** The rows are others: what was counted is not of them. */
export function forgetCounts() {
  countedFor = "";
  lookedFor = null;
}

export function look() {
  if (state === lookedFor) return;
  lookedFor = state;
  const lens = JSON.stringify(LENS.map((side) => state[side]));
  if (lens !== countedFor) {
    counted = recount(state);
    countedFor = lens;
  }
  const passing = model.links.map(linkPasses);
  const hidden = new Set(state.hidden);
  passable = { nodes: new Set(), links: passing };
  for (const node of model.nodes) {
    if (!counted.here.has(node.index)) continue;
    if (state.kinds.includes(node.kind) || hidden.has(node.index)) continue;
    if (nodePasses(node, passing)) passable.nodes.add(node.index);
  }
  const only = askedFor();
  const more = new Set(state.more);
  const nodes = new Set(
    [...passable.nodes].filter((index) =>
      only ? only.has(index) : !model.nodes[index].later || state.all || more.has(index),
    ),
  );
  const links = new Set();
  for (const link of model.links) {
    if (passing[link.index] && nodes.has(link.from) && nodes.has(link.to)) links.add(link.index);
  }
  shown = { nodes, links };
}

/** The nodes to which the picture is narrowed, or null. */
function askedFor() {
  if (!state.near) return state.only && new Set(state.only);
  return new Set([...near(state.near.node, state.near.hops), ...(state.only ?? [])]);
}

export function linkPasses(link) {
  if (state.relations.includes(link.kind) || !counted.links.has(link.index)) return false;
  if (!link.declared && counted.counts.has(link.index) && !isSupported(link.index)) return false; // structure needs none
  return anyTime() || inTime(timeOf(link));
}

/** Whether as many say it, and as surely, as is asked for. */
function isSupported(link) {
  const { counts } = counted;
  if (state.min && counts.asserters(link) < state.min) return false;
  return (state.unrated && !state.confidence) || confident(counts.get(link));
}

const confident = (count) =>
  count.confidence === null ? state.unrated : count.confidence + 1 >= state.confidence;

/** A link's own time, else that of the event at one of its ends. */
export const timeOf = (link) => ownTime(link) ?? counted.facts[link.from].time ?? counted.facts[link.to].time;

/** From the claims under the lens, else as declared. */
export function ownTime(link) {
  const { validFrom, validTo } = counted.counts.told(link.index);
  const [from, to] = [validFrom ?? link.time?.[0], validTo ?? link.time?.[1]];
  return from || to ? [from ?? to, to ?? from] : undefined;
}

/** Whether no time is asked for: then nobody need know when anything was. */
const anyTime = () => state.from === null && state.to === null && state.undated;

function inTime(time) {
  if (!time) return state.undated;
  return (state.from === null || time[1] >= state.from) && (state.to === null || time[0] <= state.to);
}

/** A node that a filter has cut off from everything is not shown: it would say nothing. */
function nodePasses(node, passing) {
  const { time } = counted.facts[node.index];
  if (time && !inTime(time)) return false;
  let linked = false;
  for (const { index } of model.linksAt[node.index]) {
    if (passing[index]) return true;
    linked ||= counted.links.has(index);
  }
  return !linked && (time !== undefined || state.undated);
}

/** Whether one may go along a link from a node: the filters let it through, and what it leads to. */
export const usable = (link, from) => passable.links[link.index] && passable.nodes.has(other(link, from));

export function near(start, hops) {
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
