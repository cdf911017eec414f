// The recount: what the claims amount to under a lens. The same rules as in kg.claims.standing and
// kg.claims.projection; a test compares the two on every edge.

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
    present,
    live,
    standings,
    disputes: disputesAmong(claims, live),
    roots: (claim) => rootsOf(claim, present),
  };
}

function withdrawn(claims) {
  const pointed = (some, pointer) => new Set(some.flatMap((claim) => claim[pointer] ?? []));
  const takenBack = pointed(claims, "retracts");
  const effective = claims.filter((claim) => !takenBack.has(claim.index));
  const retracted = pointed(effective, "retracts");
  const superseded = pointed(effective, "supersedes");
  return new Map(
    claims.map((claim) => {
      if (retracted.has(claim.index) || claim.status === "retracted") return [claim.index, "retracted"];
      if (superseded.has(claim.index) || claim.status === "superseded") return [claim.index, "superseded"];
      return [claim.index, "asserted"];
    }),
  );
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

/** Link → { asserters, support, hedged, collective, disputed, status, … }; absent: nobody claims it. */
function recount(lens) {
  const under = standing(claimsUnder(lens));
  const counts = new Map();
  for (const link of model.links) {
    const claims = claimsOfLink(link).filter((claim) => !claim.negative && under.present.has(claim.index));
    if (claims.length) counts.set(link.index, countOf(claims, under));
  }
  return { ...under, counts };
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
    first:
      live
        .map((claim) => claim.from)
        .filter(Boolean)
        .sort()[0] ?? null,
    last:
      live
        .map((claim) => claim.to)
        .filter(Boolean)
        .sort()
        .at(-1) ?? null,
    confidence: levels.length ? Math.max(...levels) : null,
  };
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
