// What the claims under a lens say of a node itself: names, properties, times. The policies are those
// of the ontology, the rules those of kg.graph.project; a test compares the two under every lens.

/** One node's { names, properties, conflicts, time }: what is declared, and what claims add to it. */
function factsOf(node, under) {
  const said = (model.valuesOf.get(node.index) ?? []).filter(
    (claim) => !claim.negative && under.live(claim.index),
  );
  const facts = { properties: { ...node.properties }, dates: { ...node.dates } };
  const spelt = unique([
    ...(node.names ?? []),
    ...said.filter((claim) => model.about.naming.includes(claim.predicate)).map((claim) => claim.value),
  ]);
  // Spellings that differ in case alone are one name: as it is shown, else the last in order.
  const once = new Map(spelt.map((name) => [name.toLowerCase(), name]));
  once.delete(node.name.toLowerCase());
  facts.names = unique(once.values());
  const conflicts = new Set(node.properties?.conflicts);
  const groups = new Map();
  for (const claim of said) push(groups, claim.predicate, claim);
  for (const [name, claims] of groups) {
    const policy = model.kinds[node.kind].properties[name];
    if (!policy) continue;
    if (!policy.many && apart(policy, claims, node.properties?.[name], node.dates?.[name]))
      conflicts.add(name);
    addProperty(facts, name, policy, claims);
  }
  if (conflicts.size) facts.properties.conflicts = [...conflicts].sort();
  facts.time = whenIn(facts.dates);
  return facts;
}

const unique = (values) => [...new Set(values)].sort();

/** One value by the property's policy, or all of them; what is declared goes first. */
function addProperty({ properties, dates }, name, policy, claims) {
  const declared = properties[name];
  const fitting = claims.filter((claim) => valueOf(claim, policy) !== null);
  if (policy.many) {
    const values = unique([...(declared ?? []), ...fitting.map((claim) => valueOf(claim, policy))]);
    if (values.length) properties[name] = values;
  } else if (declared === undefined && fitting.length) {
    const best = fitting.reduce((one, another) => (before(policy, another, one) ? another : one));
    properties[name] = valueOf(best, policy);
    if (policy.type === "edtf" && best.validFrom)
      dates[name] = [best.validFrom, best.validTo ?? best.validFrom];
  }
}

/** A claim's value as the property's type; null where it is none, or an amount in another unit. */
function valueOf(claim, { type, unit }) {
  if (type === "bool") return { true: true, false: false }[claim.value] ?? null;
  if (type !== "number") return claim.value ?? null;
  const own = claim.unit === undefined || unit === undefined || claim.unit === unit;
  return own ? numberOf(claim) : null;
}

const numberOf = (claim) =>
  claim.value === undefined || claim.value === "" || Number.isNaN(Number(claim.value))
    ? null
    : Number(claim.value);

// --- policies ------------------------------------------------------------------------------------------

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

/** Whether the claims of one property cannot all be right. */
function apart(policy, claims, declared, dates) {
  if (policy.type === "edtf") {
    const [from, to] = ["validFrom", "validTo"].map((end) => claims.map((claim) => claim[end]));
    const latest = [...from, dates?.[0]].filter(Boolean).sort().at(-1);
    const earliest = [...to, dates?.[1]].filter(Boolean).sort()[0];
    return Boolean(latest && earliest && latest > earliest);
  }
  if (policy.type === "number") return numbersApart(policy, claims, declared);
  const values = claims.map((claim) => claim.value);
  return new Set(declared === undefined ? values : [...values, String(declared)]).size > 1;
}

/** Whether numbers with their bounds leave no value that fits them all, unit by unit. */
function numbersApart(policy, claims, declared) {
  const units = new Map();
  if (declared !== undefined) push(units, policy.unit, { number: declared, bound: "point" });
  for (const claim of claims) {
    const number = numberOf(claim);
    if (number !== null) push(units, claim.unit, { number, bound: claim.bound });
  }
  return [...units.values()].some((some) => {
    const among = (not) => some.filter(({ bound }) => bound && bound !== not).map(({ number }) => number);
    return Math.max(...among("upper")) > Math.min(...among("lower"));
  });
}

/** What a node is about in time, as `when` in _timeline.py has it: when it occurred, else the first of
    its dates by name, but not the date of its own beginning or end. */
function whenIn(dates) {
  const [first] = Object.keys(dates)
    .filter((name) => !["born", "died", "manufactured"].includes(name))
    .sort(
      (one, another) =>
        Number(one !== "occurred") - Number(another !== "occurred") || (one < another ? -1 : 1),
    );
  return dates[first];
}
