// How claims stand under a lens: the same rules as in kg.graph.standing; a test compares the two.

import { model, tripleOf } from "./rows.js";
import { push } from "./words.js";

/** Which claims a lens looks at: said by that day, in force on that day, recorded by that day, by that
    asserter (a number); null means all. */
export function claimsUnder({ asOf = null, by = null, validOn = null, knownOn = null }, claims = model.claims) {
  return claims.filter((claim) => {
    if (!recordedBy(claim.known, knownOn)) return false;
    if (by !== null && !heardAs(by, claim.asserter)) return false;
    if (validOn !== null && !inForce(claim, validOn)) return false;
    return asOf === null || (claim.to !== null && claim.to <= asOf);
  });
}

/** Whether a claim holds on a day: it states no time for itself, or one with that day in it. A date that
    it gives of something is no time of its validity. */
function inForce({ valid, value, validFrom, validTo }, on) {
  return valid === undefined || valid === value || holds([validFrom, validTo], on);
}

/** Whether what was recorded on a day had been by another; what tells no day always had. */
export const recordedBy = (known, day) => day === null || !known || known <= day;

/** Whether a time, open where it has no end, has a day in it. */
export const holds = ([from, to], on) => (from === null || from <= on) && (to === null || to >= on);

/** Whether what an asserter says is heard as a body's word: its own, or one of its parts'. */
export const heardAs = (body, asserter) => asserter === body || Boolean(model.heard.get(body)?.has(asserter));

/** Per claim its standing, who disputes it and whose word it rests on. */
export function standing(claims, asOf = null) {
  const standings = withdrawn(claims, asOf);
  const present = standings; // who has none is not among these claims
  for (const index of overturned(claims, standings)) standings.set(index, "superseded");
  const origins = originsAmong(claims, present, standings);
  for (const [index, { withdrawn: gone }] of origins)
    if (gone && standings.get(index) === "asserted") standings.set(index, "origin_withdrawn");
  const live = (index) => standings.get(index) === "asserted"; // what is not present has no standing
  const denies = (claim) => claim.negative && live(claim.index) && !takesBack(claim, present);
  return {
    claims,
    present,
    live,
    standings,
    denies,
    disputes: disputesAmong(claims, live, denies),
    roots: (claim) => origins.get(claim.index)?.roots ?? [claim.index],
  };
}

const STANDINGS = [undefined, "asserted", "retracted", "superseded", "origin_withdrawn"];

/** Claim → its standing, one byte each: hundreds of thousands are asked for many times over. */
class Standings {
  constructor() {
    this.codes = new Uint8Array(model.claims.length);
  }

  has(index) {
    return this.codes[index] > 0;
  }

  get(index) {
    return STANDINGS[this.codes[index]];
  }

  set(index, standing) {
    this.codes[index] = STANDINGS.indexOf(standing);
  }
}

function withdrawn(claims, asOf) {
  // what had not been withdrawn by that day still stood
  const statusOf = ({ status, gone }) => (asOf !== null && gone !== null && gone > asOf ? undefined : status);
  const standing = claims.filter((claim) => statusOf(claim) !== "retracted");
  const retracted = takenBack(standing);
  const superseded = new Set(
    standing.filter((claim) => claim.supersedes && !retracted.has(claim.index)).flatMap((claim) => claim.supersedes),
  );
  const standings = new Standings();
  for (const claim of claims) {
    const status = statusOf(claim);
    if (retracted.has(claim.index) || status === "retracted") standings.set(claim.index, "retracted");
    else if (superseded.has(claim.index) || status === "superseded") standings.set(claim.index, "superseded");
    else standings.set(claim.index, "asserted");
  }
  return standings;
}

/** What is taken back. A retraction that was itself taken back retracts nothing, and so on up; of
    claims that take each other back, each is taken back. */
function takenBack(claims) {
  const taking = claims.filter((claim) => claim.retracts);
  const pairs = taking.flatMap((claim) => claim.retracts.map((target) => [claim.index, target]));
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

const tripleKey = (claim) => `${tripleOf(claim.subject, claim.predicate, claim.object)} ${claim.value}`;

/** Those of some claims whose triple somebody denies: only they need be looked at for denials. */
function deniedAmong(claims) {
  const denials = claims.filter((claim) => claim.negative);
  if (!denials.length) return denials;
  const subjects = new Set(denials.map((claim) => claim.subject));
  const keys = new Set(denials.map(tripleKey));
  return claims.filter((claim) => subjects.has(claim.subject) && keys.has(tripleKey(claim)));
}

/** Claims whose own asserter surely said the contrary later, of the same time. */
function overturned(claims, standings) {
  const groups = new Map();
  for (const claim of deniedAmong(claims))
    if (standings.get(claim.index) === "asserted" && claim.asserter !== undefined)
      push(groups, `${claim.asserter} ${tripleKey(claim)} ${claim.validFrom} ${claim.validTo}`, claim);
  const last = (some) =>
    some
      .map((claim) => claim.from)
      .filter(Boolean)
      .sort()
      .at(-1) ?? null;
  return [...groups.values()].flatMap((some) => {
    const [no, yes] = [some.filter((claim) => claim.negative), some.filter((claim) => !claim.negative)];
    const [lastNo, lastYes] = [last(no), last(yes)];
    const before = (these, other, own) =>
      these.filter((claim) => other && claim.to && other > claim.to && (!own || other > own));
    return [...before(no, lastYes, lastNo), ...before(yes, lastNo, lastYes)].map((claim) => claim.index);
  });
}

/** Whether a negative claim takes back the positive one of its own triple, or one that the lens leaves
    out: whoever takes a word back has not said that others are wrong. */
function takesBack(claim, present) {
  if (!claim.retracts) return false;
  const isOwn = (target) => !target.negative && tripleKey(target) === tripleKey(claim);
  const itself = (index) => !present.has(index) || isOwn(model.claims[index]);
  return !claim.retracts.length || claim.retracts.some(itself); // none: it is in no row of the page
}

/** Claim → claims that deny or dispute it. */
function disputesAmong(claims, live, denies) {
  const positive = new Map();
  for (const claim of deniedAmong(claims)) if (!claim.negative) push(positive, tripleKey(claim), claim);
  const found = new Map();
  for (const claim of claims) {
    if (!live(claim.index)) continue;
    if (denies(claim))
      for (const denied of positive.get(tripleKey(claim)) ?? []) push(found, denied.index, claim);
    if (claim.disputes) for (const index of claim.disputes) push(found, index, claim);
  }
  return found;
}

/** Derived claim → { roots, withdrawn }: where its chain of repetition starts, as far as it is upheld;
    where nothing of it is, all its roots. In a circle each member is its own root. */
function originsAmong(claims, present, standings) {
  const parents = new Map();
  for (const claim of claims) {
    if (!claim.derived_from) continue;
    const above = claim.derived_from.filter((one) => present.has(one) && one !== claim.index);
    if (above.length) parents.set(claim.index, above);
  }
  if (!parents.size) return parents;
  const upheld = upheldAmong(claims, present, standings);
  return new Map(
    [...parents.keys()].map((index) => {
      const { roots, broken } = climb(index, parents, upheld);
      if (roots.length || !broken) return [index, { roots: roots.length ? roots : [index], withdrawn: false }];
      const all = climb(index, parents, null).roots;
      return [index, { roots: all.length ? all : [index], withdrawn: true }];
    }),
  );
}

/** Which claims nobody withdrew, or were replaced by one that says the same. */
function upheldAmong(claims, present, standings) {
  const upheld = new Set(
    claims.map((claim) => claim.index).filter((index) => standings.get(index) === "asserted"),
  );
  const same = (one, other) => tripleKey(one) === tripleKey(other) && !one.negative === !other.negative;
  const newer = claims.filter((claim) => claim.supersedes);
  for (let size = -1; size !== upheld.size; ) {
    size = upheld.size;
    for (const claim of newer)
      if (upheld.has(claim.index))
        for (const old of claim.supersedes)
          if (present.has(old) && standings.get(old) !== "retracted" && same(claim, model.claims[old]))
            upheld.add(old);
  }
  return upheld;
}

/** Where the ways up from a claim start, over these claims (null: any); whether one was cut off. */
function climb(index, parents, over) {
  const seen = new Set([index]);
  const open = [index];
  const roots = [];
  let broken = false;
  while (open.length) {
    const current = open.pop();
    const above = parents.get(current) ?? [];
    if (!above.length) roots.push(current);
    for (const parent of above)
      if (over && !over.has(parent)) broken = true;
      else if (!seen.has(parent)) {
        seen.add(parent);
        open.push(parent);
      }
  }
  return { roots, broken };
}

/** Of all claims of a link those that are stances: of several by one asserter the latest, and no
    repeat of what is none. */
export function stancesOf(claims, under) {
  if (claims.length === 1) return claims.filter((claim) => under.live(claim.index));
  const newest = new Map();
  for (const { index, asserter, from } of claims)
    if (under.live(index) && asserter !== undefined && from && from > (newest.get(asserter) ?? ""))
      newest.set(asserter, from);
  const overtaken = ({ asserter, to }) => asserter !== undefined && to && newest.get(asserter) > to;
  const own = claims.filter((claim) => under.live(claim.index) && !overtaken(claim));
  const kept = new Set(own.map((claim) => claim.index));
  const here = new Set(claims.map((claim) => claim.index));
  const parents = new Map(
    claims
      .filter((claim) => claim.derived_from)
      .map(({ index, derived_from }) => [index, derived_from.filter((one) => here.has(one) && one !== index)]),
  );
  return own.filter(({ index }) => {
    if (!parents.has(index)) return true;
    const { roots, broken } = climb(index, parents, kept);
    return roots.length > 0 || !broken;
  });
}
