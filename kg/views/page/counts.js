// The recount: what the claims amount to under a lens. The same rules as in kg.graph.standing and
// kg.graph.project; a test compares the two on every edge.

/** Which claims a lens looks at: said by that day, by that asserter (a number); null means all. */
function claimsUnder({ asOf, by }) {
  return model.claims.filter((claim) => {
    if (by !== null && claim.asserter !== by) return false;
    return asOf === null || (claim.to !== null && claim.to <= asOf);
  });
}

/** Per claim its standing, who disputes it and whose word it rests on. */
function standing(claims) {
  const present = new Set(claims.map((claim) => claim.index));
  const standings = withdrawn(claims);
  const live = (index) => present.has(index) && standings.get(index) === "asserted";
  return {
    claims,
    present,
    live,
    standings,
    disputes: disputesAmong(claims, live),
    roots: (claim) => rootsOf(claim, present),
  };
}

function withdrawn(claims) {
  const standing = claims.filter((claim) => claim.status !== "retracted");
  const retracted = takenBack(standing);
  const superseded = new Set(
    standing.filter((claim) => !retracted.has(claim.index)).flatMap((claim) => claim.supersedes ?? []),
  );
  return new Map(
    claims.map((claim) => {
      if (retracted.has(claim.index) || claim.status === "retracted") return [claim.index, "retracted"];
      if (superseded.has(claim.index) || claim.status === "superseded") return [claim.index, "superseded"];
      return [claim.index, "asserted"];
    }),
  );
}

/** What is taken back. A retraction that was itself taken back retracts nothing, and so on up; of
    claims that take each other back, each is taken back. */
function takenBack(claims) {
  const pairs = claims.flatMap((claim) => (claim.retracts ?? []).map((target) => [claim.index, target]));
  const without = (some) =>
    new Set(
      pairs.filter(([from, target]) => from !== target && !some.has(from)).map(([, target]) => target),
    );
  let surely = new Set();
  for (;;) {
    const perhaps = without(surely);
    const again = without(perhaps);
    if (again.size === surely.size) return perhaps;
    surely = again;
  }
}

/** Claim → claims that deny or dispute it. */
function disputesAmong(claims, live) {
  const key = (claim) => `${tripleOf(claim.subject, claim.predicate, claim.object)} ${claim.value}`;
  const positive = new Map();
  for (const claim of claims) if (!claim.negative) push(positive, key(claim), claim);
  const found = new Map();
  for (const claim of claims) {
    if (!live(claim.index)) continue;
    if (claim.negative)
      for (const denied of positive.get(key(claim)) ?? []) push(found, denied.index, claim);
    for (const index of claim.disputes ?? []) push(found, index, claim);
  }
  return found;
}

/** The claims at which a chain of repetition starts. In a circle each member is its own root. */
function rootsOf(claim, present) {
  const above = (index) =>
    (model.claims[index].derived_from ?? []).filter((one) => present.has(one) && one !== index);
  const seen = new Set([claim.index]);
  const open = [claim.index];
  const roots = new Set();
  while (open.length) {
    const current = open.pop();
    const parents = above(current);
    if (!parents.length) roots.add(current);
    for (const parent of parents)
      if (!seen.has(parent)) {
        seen.add(parent);
        open.push(parent);
      }
  }
  return roots.size ? [...roots] : [claim.index];
}

/** All that follows from the claims under a lens: their standing; `counts`, link → { asserters,
    support, … }, absent where nobody claims it; `facts`, node by node; what is `here` at all. */
function recount(lens) {
  const under = standing(claimsUnder(lens));
  const counts = new Map();
  for (const link of model.links) {
    const claims = link.claims.filter((claim) => !claim.negative && under.present.has(claim.index));
    if (claims.length) counts.set(link.index, countOf(claims, under));
  }
  const facts = model.nodes.map((node) => factsOf(node, under));
  const { here, exists } = presence(under.claims, counts, lens);
  const links = model.links.filter((link) => here.has(link.from) && here.has(link.to) && exists(link));
  weigh(links, counts);
  const bundles = bundlesOf(links, under);
  return { ...under, counts, facts, here, links: new Set(links.map((link) => link.index)), bundles };
}

/** What is blamed on several together: the links of one collective statement, the largest first; a
    link belongs to one of them. */
function bundlesOf(links, under) {
  const found = new Map();
  for (const link of links)
    for (const claim of link.claims)
      if (claim.collective && !claim.negative && under.live(claim.index)) {
        const key = JSON.stringify([model.nodes[link.from].id, link.kind, claim.statement]);
        if (!found.has(key)) found.set(key, { key, from: link.from, links: new Set() });
        found.get(key).links.add(link.index);
      }
  const taken = new Set();
  return [...found.values()]
    .sort((one, another) => another.links.size - one.links.size || (one.key < another.key ? -1 : 1))
    .map(({ from, links: all }) => {
      const free = [...all].filter((index) => !taken.has(index));
      if (free.length > 1) for (const index of free) taken.add(index);
      return { from, links: free };
    })
    .filter((bundle) => bundle.links.length > 1);
}

/** A node weighs as much as what is said of it: one per independent asserter of each relation. What
    is merely declared counts little (as in `Link.weight`). */
function weigh(links, counts) {
  for (const node of model.nodes) node.weight = 0;
  for (const link of links) {
    const weight = counts.get(link.index)?.asserters || 0.2;
    model.nodes[link.from].weight += weight;
    model.nodes[link.to].weight += weight;
  }
}

function countOf(claims, under) {
  const live = claims.filter((claim) => under.live(claim.index));
  const asserters = new Set();
  for (const claim of live) for (const by of rootAsserters(claim, under)) asserters.add(by);
  const levels = live.map((claim) => LEVELS.indexOf(claim.confidence)).filter((level) => level >= 0);
  const status = claims
    .map((claim) => under.standings.get(claim.index))
    .sort()
    .at(-1);
  return {
    asserters: asserters.size,
    who: [...asserters],
    support: new Set(live.map((claim) => claim.statement)).size,
    hedged: live.some((claim) => claim.hedge !== undefined),
    collective: live.some((claim) => claim.collective),
    disputed: claims.some((claim) => under.disputes.has(claim.index)),
    status: live.length ? "asserted" : status,
    first: daysOf(live, "from")[0] ?? null,
    firstLatest: daysOf(live, "to")[0] ?? null,
    lastEarliest: daysOf(live, "from").at(-1) ?? null,
    last: daysOf(live, "to").at(-1) ?? null,
    confidence: levels.length ? Math.max(...levels) : null,
    ...toldBy(live.length ? live : claims),
  };
}

const daysOf = (claims, end) =>
  claims
    .map((claim) => claim[end])
    .filter(Boolean)
    .sort();

/** When it was true, and with which qualifiers: the outermost days, unless one is open there, and
    the first word on each (claims come in the order in which they were made). */
function toldBy(claims) {
  const stated = claims.filter((claim) => claim.valid !== undefined);
  const outermost = (end, place) => {
    const ends = stated.map((claim) => claim[end]);
    return ends.length && ends.every(Boolean) ? ends.sort().at(place) : null;
  };
  const properties = {};
  for (const { qualifiers } of claims.filter((claim) => claim.qualifiers))
    for (const [name, value] of Object.entries(JSON.parse(qualifiers)))
      if (value !== null) properties[name] ??= String(value);
  const texts = new Set(stated.map((claim) => claim.valid));
  if (texts.size === 1) [properties.valid] = texts;
  return { validFrom: outermost("validFrom", 0), validTo: outermost("validTo", -1), properties };
}

function rootAsserters(claim, under) {
  if (!claim.derived_from) return claim.asserter === undefined ? [] : [claim.asserter];
  return under
    .roots(claim)
    .filter((root) => under.live(root))
    .map((root) => model.claims[root].asserter)
    .filter((by) => by !== undefined);
}

/** Analytic confidence, in order. A claim without one is not rated: neither low nor half. */
const LEVELS = ["low", "moderate", "high"];
