// The recount: what the claims amount to under a lens. The same rules as in kg.graph.standing and
// kg.graph.project; a test compares the two on every edge.

import { factsOf, isThere } from "./facts.js";
import { presence } from "./presence.js";
import { model, settle } from "./rows.js";
import { claimsUnder, stancesOf, standing } from "./standing.js";
import { unique } from "./words.js";

/** All that follows from the claims under a lens: their standing; `counts`, link → { asserters,
    support, … } (`Counts`), absent where nobody claims it; `facts`, node by node; what is `here` at all. */
export function recount(lens) {
  settle(lens);
  const under = standing(claimsUnder(lens), lens.asOf);
  const counts = new Counts(under);
  const there = (index) => isThere(model.nodes[index], lens);
  for (const link of model.links) {
    if (!there(link.from) || !there(link.to)) continue;
    counts.take(link);
  }
  const facts = model.nodes.map((node) => factsOf(node, under, lens));
  const { here, exists } = presence(under.claims, { counts, facts }, lens);
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
    const weight = counts.asserters(link.index) || 0.2;
    model.nodes[link.from].weight += weight;
    model.nodes[link.to].weight += weight;
  }
}

/** Link → what its claims amount to, worked out when it is first asked for: of hundreds of thousands nobody
    looks at most. How many say so is known of each without the rest. */
class Counts {
  constructor(under) {
    this.under = under;
    this.claims = new Array(model.links.length); // link → its claims, nothing where nobody claims it
    this.voices = new Int32Array(model.links.length).fill(-1); // link → how many say it, once it was asked
    this.known = new Map();
  }

  /** A link counts by those of its claims that are no denials and that the lens looks at. */
  take(link) {
    const counts = (claim) => !claim.negative && this.under.present.has(claim.index);
    const claims = link.claims.every(counts) ? link.claims : link.claims.filter(counts);
    if (claims.length) this.claims[link.index] = claims;
  }

  has(link) {
    return this.claims[link] !== undefined;
  }

  get(link) {
    const claims = this.claims[link];
    if (claims && !this.known.has(link)) this.known.set(link, countOf(claims, this.under));
    return this.known.get(link);
  }

  /** How many independent voices say it; none where nobody is known to. */
  asserters(link) {
    if (this.voices[link] < 0) this.voices[link] = this.voicesOf(link);
    return this.voices[link];
  }

  voicesOf(link) {
    const claims = this.claims[link];
    if (!claims) return 0;
    const { live, roots } = this.under;
    const first = claims[0];
    if (claims.length === 1 && !first.derived_from) return live(first.index) && first.asserter !== undefined ? 1 : 0;
    const said = claims.filter((claim) => live(claim.index)).flatMap((claim) => roots(claim));
    return voicesAmong(said.map((root) => model.claims[root].asserter)).size;
  }

  /** When it was true, and with which qualifiers. */
  told(link) {
    const claims = this.claims[link];
    if (!claims?.some(isDated)) return NOTHING_TOLD;
    const live = claims.filter((claim) => this.under.live(claim.index));
    return toldBy(live.length ? live : claims);
  }

  /** The most that any link has. */
  most() {
    let most = 0;
    for (let link = 0; link < this.claims.length; link += 1) most = Math.max(most, this.asserters(link));
    return most;
  }

  *[Symbol.iterator]() {
    for (let link = 0; link < this.claims.length; link += 1) if (this.has(link)) yield [link, this.get(link)];
  }
}

/** Those with whose voice some asserters speak, as far as they are known. */
const voicesAmong = (asserters) => new Set(asserters.filter((by) => by !== undefined).map((by) => model.voice.get(by) ?? by));

function countOf(claims, under) {
  const live = claims.filter((claim) => under.live(claim.index));
  const stances = stancesOf(claims, under);
  // In the order in which they spoke: the first is named wherever there is room for one only.
  const day = (claim) => claim.from ?? "9999";
  const roots = unique(live.flatMap((claim) => under.roots(claim)))
    .map((root) => model.claims[root])
    .sort((one, other) => day(one).localeCompare(day(other)));
  const who = [...new Set(roots.map((root) => root.asserter).filter((by) => by !== undefined))];
  const highest = (scale) => {
    const levels = stances.map((claim) => model.about.scales[scale].indexOf(claim[scale]));
    return Math.max(-1, ...levels);
  };
  const confidence = highest("confidence");
  const [, status] = ends(claims.map((claim) => under.standings.get(claim.index)));
  const [first, lastEarliest] = ends(live.map((claim) => claim.from));
  const [firstLatest, last] = ends(live.map((claim) => claim.to));
  return {
    asserters: voicesAmong(who).size,
    unknown: roots.filter((root) => root.asserter === undefined).length,
    who,
    support: new Set(live.map((claim) => claim.statement)).size,
    hedged: stances.some((claim) => claim.hedge !== undefined),
    collective: live.some((claim) => claim.collective),
    disputed: claims.some((claim) => under.disputes.has(claim.index)),
    status: live.length ? "asserted" : status,
    first,
    firstLatest,
    lastEarliest,
    last,
    confidence: confidence < 0 ? null : confidence,
    likelihood: model.about.scales.likelihood[highest("likelihood")] ?? null,
    ...toldBy(live.length ? live : claims),
  };
}

/** The first and the last of some texts in their order; null where there are none. */
function ends(texts) {
  let [first, last] = [null, null];
  for (const text of texts) {
    if (!text) continue;
    if (first === null || text < first) first = text;
    if (last === null || text > last) last = text;
  }
  return [first, last];
}

const NOTHING_TOLD = Object.freeze({ validFrom: null, validTo: null, properties: Object.freeze({}) });

const isDated = (claim) => claim.valid !== undefined || claim.qualifiers;

/** When it was true, and with which qualifiers: the outermost days, unless one is open there, and
    the first word on each (claims come in the order in which they were made). */
function toldBy(claims) {
  if (!claims.some(isDated)) return NOTHING_TOLD;
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
