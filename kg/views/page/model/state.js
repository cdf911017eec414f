// What the reader has chosen. It stands in the address, so that a view can be sent.

import { day } from "../rules/days.js";
import { model, tripleOf } from "../rules/rows.js";
import { LEVELS, isolated } from "../rules/words.js";
import { say, tell } from "./tell.js";

/** @type {any} */
export const FRESH = Object.freeze({
  // the lens
  asOf: null,
  by: null,
  validOn: null,
  knownOn: null,
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
  // whether lines are drawn (null: as the picture is best read)
  lines: null,
  // whether paths may run through structural relations
  structural: false,
  // { node } or { link }
  selected: null,
});

/** The sides of the lens. */
export const LENS = ["by", "asOf", "validOn", "knownOn"];

export let state = { ...FRESH };

export const undoStack = [];

const backStack = [];

/** Change what is shown. Every change can be undone; a change of selection alone can be gone back on. */
export function change(patch) {
  const lens = LENS.some((name) => name in patch && patch[name] !== state[name]);
  if (lens) tell("lens");
  else if ("to" in patch || "from" in patch) tell("window");
  if (LENS.some((name) => name in patch)) notOffered = [];
  const next = { ...state, ...patch };
  if (sameText(next, state)) return;
  if (!sameText({ ...next, selected: null }, { ...state, selected: null })) undoStack.push(state);
  else backStack.push(state.selected);
  setState(next);
}

/** Another state, written into the address and shown. */
export function setState(next) {
  state = next;
  writeAddress();
  tell("change");
}

/** The state that the address asks for. */
export function readAddress() {
  state = fromAddress(location.hash);
}

/** The same of other rows: what was undone or gone back to is not in them. */
export function startAfresh() {
  undoStack.length = 0;
  backStack.length = 0;
  readAddress();
}

/** A selection to open with, where the address asks for none. */
export function openWith(selected) {
  state.selected = selected;
}

/** Take a state for the present one without showing it. */
export function suppose(other) {
  state = other;
}

export const sameText = (one, another) => JSON.stringify(one) === JSON.stringify(another);

export function undo() {
  tell("window");
  if (!undoStack.length) return say("Nothing to undo.");
  setState({ ...undoStack.pop(), selected: state.selected });
  say("Undone.");
}

export function back() {
  if (!backStack.length) return say("Nothing to go back to.");
  setState({ ...state, selected: backStack.pop() });
}

/** Whether the picture is looked at through a lens. */
export const underLens = () => LENS.some((side) => state[side] !== null);

export const liftLens = () => change(Object.fromEntries(LENS.map((side) => [side, null])));

export const select = (selected) => change({ selected });

const ids = (numbers) => numbers.map((number) => model.entities[number].id);

export let notOffered = []; // what the address asks for and this file does not have, in words

const numbersOf = (given) =>
  given.map((id) => model.number.get(id)).filter((number) => number < model.nodes.length);

export function writeAddress() {
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
    "valid-on": from.validOn,
    "known-on": from.knownOn,
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
    lines: from.lines === null ? null : from.lines ? "1" : "0",
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
    ...["as-of", "valid-on", "known-on"].map((name) =>
      given.has(name) && !day(given.get(name))
        ? `${isolated(given.get(name).slice(0, 80))} is no day.`
        : null,
    ),
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
    validOn: day(given.get("valid-on")),
    knownOn: day(given.get("known-on")),
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
    lines: given.has("lines") ? given.get("lines") === "1" : null,
    structural: given.get("structural") === "1",
    selected: selectedIn(given, list("edge")),
  };
}

function selectedIn(given, edge) {
  const [node] = given.has("node") ? numbersOf([given.get("node")]) : [];
  if (node !== undefined) return { node };
  if (!edge.length) return null;
  const link = model.linkNumber.get(
    tripleOf(model.number.get(edge[0]), edge[1], model.number.get(edge[2])),
  );
  return link === undefined ? null : { link };
}
