// What the reader has chosen. It stands in the address, so that a view can be sent.

const FRESH = Object.freeze({
  // the lens
  asOf: null,
  by: null,
  // switched off in the legend
  kinds: [],
  relations: [],
  // time, and what has none
  from: null,
  to: null,
  undated: true,
  // support, and what is not rated
  min: 0,
  confidence: 0,
  unrated: true,
  // a neighbourhood: { node, hops }, worked out anew from the filters
  near: null,
  // numbers of nodes: put away, kept in place, all that is shown beside a neighbourhood (or null),
  // shown beside the opening
  hidden: [],
  pinned: [],
  only: null,
  more: [],
  all: false,
  // whether paths may run through structural relations
  structural: false,
  // { node } or { link }
  selected: null,
});

let state = { ...FRESH };
const undoStack = [];
const backStack = [];

/** Change what is shown. Every change can be undone; a change of selection alone can be gone back on. */
function change(patch) {
  const lens = ["by", "asOf"].some((name) => name in patch && patch[name] !== state[name]);
  if (lens) stopRun();
  else if ("to" in patch || "from" in patch) haltRun();
  if ("by" in patch || "asOf" in patch) notOffered = [];
  const next = { ...state, ...patch };
  if (sameText(next, state)) return;
  if (!sameText({ ...next, selected: null }, { ...state, selected: null })) undoStack.push(state);
  else backStack.push(state.selected);
  state = next;
  writeAddress();
  refresh();
}

const sameText = (one, another) => JSON.stringify(one) === JSON.stringify(another);

/** Ask something of the state as it would be. */
function trying(patch, ask) {
  const was = state;
  state = { ...state, ...patch };
  look();
  const answer = ask();
  state = was;
  look();
  return answer;
}

function undo() {
  haltRun();
  if (!undoStack.length) return say("Nothing to undo.");
  state = { ...undoStack.pop(), selected: state.selected };
  writeAddress();
  refresh();
  say("Undone.");
}

function back() {
  if (!backStack.length) return say("Nothing to go back to.");
  state = { ...state, selected: backStack.pop() };
  writeAddress();
  refresh();
}

const select = (selected) => change({ selected });

// --- the address ---------------------------------------------------------------------------------

const ids = (numbers) => numbers.map((number) => model.entities[number].id);
let notOffered = []; // what the address asks for and this file does not have, in words
const numbersOf = (given) =>
  given.map((id) => model.number.get(id)).filter((number) => number < model.nodes.length);

function writeAddress() {
  const text = new URLSearchParams(
    Object.entries(toAddress(state)).filter(([, value]) => value !== null),
  ).toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

function toAddress(from) {
  const list = (values) => (values.length ? JSON.stringify(values) : null);
  const { node, link } = from.selected ?? {};
  const chosen = model.links[link];
  return {
    "as-of": from.asOf,
    "according-to": from.by === null ? null : model.entities[from.by].id,
    "without-kinds": list(from.kinds),
    "without-relations": list(from.relations),
    from: from.from,
    to: from.to,
    undated: from.undated ? null : "0",
    asserters: from.min ? String(from.min) : null,
    confidence: from.confidence ? LEVELS[from.confidence - 1] : null,
    unrated: from.unrated ? null : "0",
    hidden: list(ids(from.hidden)),
    pinned: list(from.pinned.map((n) => [model.nodes[n].id, model.nodes[n].x, model.nodes[n].y])),
    near: from.near ? JSON.stringify([model.nodes[from.near.node].id, from.near.hops]) : null,
    only: from.only ? JSON.stringify(ids(from.only)) : null,
    more: list(ids(from.more)),
    all: from.all ? "1" : null,
    structural: from.structural ? "1" : null,
    node: node === undefined ? null : model.nodes[node].id,
    edge: chosen
      ? JSON.stringify([model.nodes[chosen.from].id, chosen.kind, model.nodes[chosen.to].id])
      : null,
  };
}

/** The state that an address asks for; what it names and the page does not hold is left out. */
function fromAddress(text) {
  const given = new URLSearchParams(text.replace(/^#/, ""));
  const list = (name) => {
    try {
      const found = JSON.parse(given.get(name));
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  };
  const by = model.number.get(given.get("according-to"));
  const asserts = model.asserters.has(by);
  const [centre, hops] = list("near");
  const [around] = numbersOf([centre]);
  notOffered = [
    given.has("according-to") && !asserts
      ? `This file offers nothing according to ${isolated(given.get("according-to").slice(0, 80))}.`
      : null,
    given.has("as-of") && !day(given.get("as-of"))
      ? `${isolated(given.get("as-of").slice(0, 80))} is no day.`
      : null,
  ].filter(Boolean);
  const pins = list("pinned").filter(
    (pin) =>
      Array.isArray(pin) &&
      numbersOf([pin[0]]).length &&
      Number.isFinite(pin[1]) &&
      Number.isFinite(pin[2]),
  );
  for (const [id, x, y] of pins) Object.assign(model.nodes[model.number.get(id)], { x, y });
  return {
    ...FRESH,
    asOf: day(given.get("as-of")),
    by: asserts ? by : null,
    kinds: list("without-kinds").filter((kind) => kind in model.kinds),
    relations: list("without-relations").filter((kind) => kind in model.relations),
    from: day(given.get("from")),
    to: day(given.get("to")),
    undated: given.get("undated") !== "0",
    min: Math.max(0, Math.floor(Number(given.get("asserters")) || 0)),
    confidence: LEVELS.indexOf(given.get("confidence")) + 1,
    unrated: given.get("unrated") !== "0",
    hidden: numbersOf(list("hidden")),
    pinned: pins.map(([id]) => model.number.get(id)),
    near: around !== undefined && Number.isInteger(hops) && hops > 0 ? { node: around, hops } : null,
    only: given.has("only") ? numbersOf(list("only")) : null,
    more: numbersOf(list("more")),
    all: given.get("all") === "1",
    structural: given.get("structural") === "1",
    selected: selectedIn(given, list("edge")),
  };
}

function selectedIn(given, edge) {
  const [node] = given.has("node") ? numbersOf([given.get("node")]) : [];
  if (node !== undefined) return { node };
  const link = model.linkNumber.get(
    tripleOf(model.number.get(edge[0]), edge[1], model.number.get(edge[2])),
  );
  return link === undefined ? null : { link };
}

// --- what is visible -------------------------------------------------------------------------------

// what the filters let through, whether or not it is among those asked for: nodes, and link → yes or no
let passable = { nodes: new Set(), links: [] };
let shown = { nodes: new Set(), links: new Set() };
let counted = null; // the recount under the present lens
let countedFor = "";

function look() {
  const lens = JSON.stringify([state.asOf, state.by]);
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

function linkPasses(link) {
  if (state.relations.includes(link.kind) || !counted.links.has(link.index)) return false;
  const count = link.declared ? null : counted.counts.get(link.index); // structure needs no support
  if (count && (count.asserters < state.min || !confident(count))) return false;
  return inTime(timeOf(link));
}

const confident = (count) =>
  count.confidence === null ? state.unrated : count.confidence + 1 >= state.confidence;

/** A link's own time, else that of the event at one of its ends. */
const timeOf = (link) => ownTime(link) ?? counted.facts[link.from].time ?? counted.facts[link.to].time;

/** From the claims under the lens, else as declared. */
function ownTime(link) {
  const { validFrom, validTo } = counted.counts.get(link.index) ?? {};
  const [from, to] = [validFrom ?? link.time?.[0], validTo ?? link.time?.[1]];
  return from || to ? [from ?? to, to ?? from] : undefined;
}

function inTime(time) {
  if (!time) return state.undated;
  return (state.from === null || time[1] >= state.from) && (state.to === null || time[0] <= state.to);
}

/** A node that a filter has cut off from everything is not shown: it would say nothing. */
function nodePasses(node, passing) {
  const { time } = counted.facts[node.index];
  const links = model.linksAt[node.index].filter((link) => counted.links.has(link.index));
  if (time && !inTime(time)) return false;
  return links.length
    ? links.some((link) => passing[link.index])
    : time !== undefined || state.undated;
}
