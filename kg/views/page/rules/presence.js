// What a lens leaves in the graph, by the rule of kg.graph.corpus.seen_through, and what the view
// draws of that. A test compares both with what Python draws through the same lens.

import { isIn, model, other, within } from "./rows.js";
import { isThere } from "./facts.js";
import { heardAs, holds, recordedBy } from "./standing.js";

/** Numbers of the entities in the graph of a lens, which leaves these claims. */
function mentioned(claims, { asOf, by, validOn = null, knownOn = null }) {
  const found = new Set();
  for (const claim of claims) {
    found.add(claim.subject).add(claim.object).add(claim.asserter).add(claim.document);
    found.add(model.number.get(claim.id)); // where claims themselves are drawn
  }
  // `seen`: since when (and until when, where it is something else today), in force when and recorded when,
  // claims that are not in this page name it, or what belongs to it, by asserter
  const counts = ([who, day, begin = null, end = null, known = null, until = null, outdated = null]) =>
    (who === by || heardAs(by, who)) &&
    isIn(known, outdated, knownOn) &&
    (asOf === null || day !== null) &&
    isIn(day, until, asOf) &&
    (validOn === null || holds([begin, end], validOn));
  for (const node of model.nodes) if (node.seen?.some(counts)) found.add(node.index);
  return found;
}

/** The nodes that the view reaches from its starting points (see `reach.py`), over these links. */
function reached({ starts, having, unless, steps, closed }, { inGraph, exists, facts }) {
  const leaves = (link, index) => link.from === index && link.kind === having && exists(link);
  const [kind, property, value] = unless ?? [];
  const counts = (index) => model.nodes[index].kind !== kind || facts[index].properties[property] !== value;
  const found = new Set(
    starts.filter(
      (index) =>
        inGraph.has(index) && counts(index) && (!having || model.linksAt[index].some((link) => leaves(link, index))),
    ),
  );
  const shut = new Set(closed);
  for (const [ways, rounds] of steps) {
    let border = [...found];
    const open = (link, index) =>
      exists(link) && ["either", link.from === index ? "along" : "against"].includes(ways[link.kind]);
    for (let round = 0; border.length && round !== rounds; round += 1) {
      border = border
        .filter((index) => !shut.has(index))
        .flatMap((index) =>
          model.linksAt[index].filter((link) => open(link, index)).map((link) => other(link, index)),
        )
        .filter((index) => !found.has(index) && found.add(index));
    }
  }
  return found;
}

/** Nodes and links of the picture under a lens that leaves these claims, counts and facts: { here, exists }. */
export function presence(claims, { counts, facts }, lens) {
  const { asOf, by, validOn = null, knownOn = null } = lens;
  const whole = [asOf, by, validOn, knownOn].every((side) => side === null);
  const all = model.nodes.filter((node) => isThere(node, lens)).map((node) => node.index);
  const joins = (link) => inGraph.has(link.from) && inGraph.has(link.to);
  const stood = (link) =>
    (asOf === null || !link.since || link.since <= asOf) &&
    recordedBy(link.known, knownOn) &&
    (validOn === null || !link.holds || holds(link.holds, validOn));
  const named = whole ? null : mentioned(claims, lens);
  const inGraph = new Set(whole ? all : all.filter((index) => named.has(index)));
  const declared = (link) => (link.stood ? within(link.stood, lens) : link.declared || !link.claims.length);
  const plain = (link) => declared(link) && stood(link); // nobody's claim
  const exists = (link) => counts.has(link.index) || (plain(link) && joins(link));
  const asDrawn = !model.reach || (whole && !model.reach.unless);
  return { here: asDrawn ? inGraph : reached(model.reach, { inGraph, exists, facts }), exists };
}
