// What the claims under a lens say of a node itself: names, properties, times. The policies are those
// of the ontology, the rules those of kg.graph.project; a test compares the two under every lens.

import { DAY } from "./days.js";
import { lastBy, model, within } from "./rows.js";
import { recordedBy } from "./standing.js";
import { TYPE_RULES } from "./types.js";
import { numberOf } from "./values.js";
import { push, unique } from "./words.js";

/** One node's { names, properties, conflicts, time }: what is declared, and what claims add to it. */
export function factsOf(node, under, lens) {
  if (isPlain(node)) return PLAIN;
  const said = (model.valuesOf.get(node.index) ?? []).filter(
    (claim) => !claim.negative && under.live(claim.index),
  );
  const declared = declaredThen(node, lens);
  node.name = (declared !== node && declared.name) || node.today;
  const facts = { properties: { ...declared.properties }, dates: { ...declared.dates }, ids: declared.ids };
  const spelt = unique([
    ...(declared.names ?? []),
    ...said.filter((claim) => model.about.naming.includes(claim.predicate)).map((claim) => claim.value),
  ]);
  // Spellings that differ in case alone are one name: as it is shown, else the last in order.
  const once = new Map(spelt.map((name) => [name.toLowerCase(), name]));
  once.delete(node.name.toLowerCase());
  facts.names = unique(once.values());
  const conflicts = new Set(declared.properties?.conflicts);
  const groups = new Map();
  for (const claim of said) push(groups, claim.predicate, claim);
  for (const [name, claims] of groups) {
    const policy = model.kinds[node.kind].properties[name];
    if (!policy) continue;
    const [own, dates] = [declared.properties?.[name], declared.dates?.[name]];
    if (!policy.many && ruleOf(policy).apart(claims, own, dates, policy)) conflicts.add(name);
    addProperty(facts, name, policy, claims);
  }
  if (conflicts.size) facts.properties.conflicts = [...conflicts].sort();
  facts.time = whenIn(facts.dates);
  return facts;
}

/** Nothing but its name is told of a node: many are so, and share this. */
const PLAIN = Object.freeze({ properties: Object.freeze({}), dates: Object.freeze({}), names: Object.freeze([]), time: undefined });

const isPlain = (node) =>
  !node.names && !node.properties && !node.dates && !node.then && !node.known && !model.valuesOf.has(node.index);

/** What was declared of a node by a day, where a list tells that of each of its versions, as far as it
    had been recorded. */
function declaredThen(node, { asOf, knownOn = null }) {
  const [, recorded = node] = knownOn === null || !node.known ? [] : (lastBy(node.known, knownOn) ?? ["", {}]);
  return asOf === null || !recorded.then ? recorded : lastBy(recorded.then, asOf)[1];
}

/** Whether a node was one, and it had been recorded what it is. */
export const isThere = (node, lens) =>
  (!node.stood || within(node.stood, lens)) && (!node.known || recordedBy(node.known[0][0], lens.knownOn ?? null));

/** One value by the property's policy, or all of them; what is declared goes first. */
function addProperty({ properties, dates }, name, policy, claims) {
  const declared = properties[name];
  const { value } = ruleOf(policy);
  const fitting = claims.filter((claim) => value(claim, policy) !== null);
  if (policy.many) {
    const values = unique([...(declared ?? []), ...fitting.map((claim) => value(claim, policy))]);
    if (values.length) properties[name] = values;
  } else if (declared === undefined && fitting.length) {
    const best = fitting.reduce((one, another) => (before(policy, another, one) ? another : one));
    properties[name] = value(best, policy);
    for (const each of policy.beside)
      if (best[each] !== undefined && best[each] !== "point") properties[`${name}_${each}`] = best[each];
    if (policy.dated && best.validFrom)
      dates[name] = [best.validFrom, best.validTo ?? best.validFrom];
  }
}

/** How values are treated whose type says nothing else. TYPE_RULES stands before all of this: what each
    type says in its own file (`kg/ontology/types/`). */
const TEXT_RULE = {
  value: (claim) => claim.value ?? null,
  apart: (claims, declared) => {
    const values = claims.map((claim) => claim.value);
    return new Set(declared === undefined ? values : [...values, String(declared)]).size > 1;
  },
  caption: (claim) => claim.value,
};

/** What a property's type says of its values.
 * @param {{type?: string}} [policy]
 * @returns {any} */
export const ruleOf = ({ type } = {}) => ({ ...TEXT_RULE, ...TYPE_RULES[type] });

const minus = (number) => (number === null ? null : -number);

const days = (text) => (text ? Date.parse(text) / DAY : null);

const RANKS = {
  first: (claim) => [days(claim.to)],
  latest: (claim) => [minus(days(claim.to))],
  most_precise: ({ validFrom, validTo, to }) => [
    validFrom && validTo ? days(validTo) - days(validFrom) : null,
    days(to),
  ],
  highest: (claim) => [minus(numberOf(claim)), minus(days(claim.validTo))],
  lowest: (claim) => [numberOf(claim), days(claim.validFrom)],
};

/** Whether one claim goes before another: by the policy's ranks, what has none last, then by id. */
function before({ policy }, one, another) {
  const rank = RANKS[policy] ?? RANKS.first;
  const [mine, theirs] = [rank(one), rank(another)];
  for (let place = 0; place < mine.length; place += 1) {
    const [a, b] = [mine[place] ?? Infinity, theirs[place] ?? Infinity];
    if (a !== b) return a < b;
  }
  return one.id < another.id;
}

/** What a node is about in time, as `when` in _timeline.py has it: when it occurred, else the first of
    its dates by name, but not the date of its own beginning or end. */
function whenIn(dates) {
  const [first] = Object.keys(dates)
    .filter((name) => !model.about.life.includes(name))
    .sort(
      (one, another) =>
        Number(one !== "occurred") - Number(another !== "occurred") || (one < another ? -1 : 1),
    );
  return dates[first];
}
