// The data of this page, indexed. Rows keep the shape in which Python wrote them (`payload.py`),
// with their number beside them: `node.index`, `link.index`, `claim.index`.

import { day } from "./days.js";
import { isolated, push } from "./words.js";

export const model = {};

/** The rows that Python wrote, indexed in `model`. */
export function index(data) {
  Object.assign(model, data);
  // what several claims share stands once, at their head
  model.claims = model.claims.flatMap(({ claims, ...head }) => claims.map((own) => Object.assign(own, head)));
  for (const rows of [model.nodes, model.links, model.claims])
    rows.forEach((row, index) => {
      row.index = index;
    });
  model.entities = [...model.nodes, ...model.others];
  model.number = new Map(model.entities.map((entity, index) => [entity.id, index]));
  // which bodies speak with one voice, and in whose words a body is heard
  model.voice = new Map(model.voices);
  model.heard = new Map(model.heard.map(([body, parts]) => [body, new Set(parts)]));
  model.linkNumber = numbersOfLinks(model.links);
  indexLinks();
  indexClaims();
}

/** Triple → number of its link: made when the first is asked for, since there may be very many. */
function numbersOfLinks(links) {
  let numbers = null;
  const all = () => new Map(links.map((link) => [tripleOf(link.from, link.kind, link.to), link.index]));
  return { get: (triple) => (numbers ??= all()).get(triple) };
}

/** A number for each triple: hundreds of thousands of texts would take seconds. */
function numbering() {
  const kinds = new Map();
  const size = model.entities.length + model.claims.length;
  return (subject, kind, object) => {
    if (!kinds.has(kind)) kinds.set(kind, kinds.size);
    return (kinds.get(kind) * size + subject) * size + object;
  };
}

export const tripleOf = (subject, predicate, object) => `${subject} ${predicate} ${object}`;

function indexLinks() {
  model.linksAt = model.nodes.map(() => []);
  for (const link of model.links) {
    model.linksAt[link.from].push(link);
    if (link.to !== link.from) model.linksAt[link.to].push(link);
  }
}

function indexClaims() {
  const claimsOf = new Map(); // triple → claims of a relation, in the order in which they were made
  const keyOf = numbering();
  model.valuesOf = new Map(); // entity → claims of a value of its
  model.asserters = new Map(); // entity → how many claims it makes
  for (const claim of model.claims) {
    claim.from = day(claim.asserted_from ?? claim.asserted);
    claim.to = day(claim.asserted_to ?? claim.asserted);
    claim.gone = day(claim.withdrawn_from ?? claim.withdrawn);
    claim.validFrom = day(claim.valid_from ?? claim.valid);
    claim.validTo = day(claim.valid_to ?? claim.valid);
    claim.statement ??= claim.id;
    if (claim.object === undefined) push(model.valuesOf, claim.subject, claim);
    else push(claimsOf, keyOf(claim.subject, claim.predicate, claim.object), claim);
    if (claim.asserter !== undefined)
      model.asserters.set(claim.asserter, (model.asserters.get(claim.asserter) ?? 0) + 1);
  }
  const own = new Map(model.asserters);
  for (const [body, parts] of model.heard)
    model.asserters.set(
      body,
      [...parts].reduce((sum, part) => sum + (own.get(part) ?? 0), 0),
    );
  for (const claims of claimsOf.values())
    if (claims.length > 1) claims.sort((one, another) => (saidAt(one) < saidAt(another) ? -1 : 1));
  for (const link of model.links)
    link.claims = claimsOf.get(keyOf(link.from, link.kind, link.to)) ?? [];
}

const saidAt = (claim) => `${claim.from ?? "9999"} ${claim.id}`;

export const nameOf = (number) => model.entities[number].name;

export const other = (link, index) => (link.from === index ? link.to : link.from);

export const named = (number) => isolated(nameOf(number));
