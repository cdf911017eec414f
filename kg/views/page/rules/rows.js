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
  for (const node of model.nodes) node.today = node.name;
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
  Object.assign(model, { claimsOf, keyOf });
  model.valuesOf = new Map(); // entity → claims of a value of its
  model.asserters = new Map(); // entity → how many claims it makes
  for (const claim of model.claims) {
    claim.from = day(claim.asserted_from ?? claim.asserted);
    claim.to = day(claim.asserted_to ?? claim.asserted);
    claim.gone = day(claim.withdrawn_from ?? claim.withdrawn);
    claim.validFrom = day(claim.valid_from ?? claim.valid);
    claim.validTo = day(claim.valid_to ?? claim.valid);
    claim.statement ??= claim.id;
    push(...standsWith(claim), claim);
    if (claim.asserter !== undefined)
      model.asserters.set(claim.asserter, (model.asserters.get(claim.asserter) ?? 0) + 1);
  }
  const own = new Map(model.asserters);
  for (const [body, parts] of model.heard)
    model.asserters.set(
      body,
      [...parts].reduce((sum, part) => sum + (own.get(part) ?? 0), 0),
    );
  for (const claims of claimsOf.values()) inOrder(claims);
  for (const link of model.links) link.claims = claimsOfLink(link);
  indexChanges();
}

/** Where a claim stands: with those of its triple, or with those of its subject's values. */
const standsWith = ({ subject, predicate, object }) =>
  object === undefined ? [model.valuesOf, subject] : [model.claimsOf, model.keyOf(subject, predicate, object)];

function inOrder(claims) {
  if (claims.length > 1) claims.sort((one, another) => (saidAt(one) < saidAt(another) ? -1 : 1));
}

const claimsOfLink = (link) => model.claimsOf.get(model.keyOf(link.from, link.kind, link.to)) ?? [];

// --- what was not yet one ----------------------------------------------------------------------------

/** `model.became`: what each id stood for that stood for several things, as [since, number] in order. */
function indexChanges() {
  const was = new Set(model.became.flat().map(([, number]) => number));
  model.changing = model.claims.filter((claim) => claim.subject_as !== undefined || claim.object_as !== undefined);
  for (const claim of model.changing) claim.today = { subject: claim.subject, object: claim.object };
  model.changed = model.links.filter((link) => was.has(link.from) || was.has(link.to));
  model.changes = [...new Set(model.became.flat().map(([since]) => since))].filter(Boolean).sort();
  model.settled = model.changes.length;
}

/** Claims are about what their subject and object were on a day (null: are today). */
export function settle(asOf) {
  const epoch = asOf === null ? model.changes.length : model.changes.filter((since) => since <= asOf).length;
  if (epoch === model.settled) return;
  model.settled = epoch;
  const moved = model.changing.filter((claim) => {
    const { subject, object } = endsOn(claim, asOf);
    return subject !== claim.subject || object !== claim.object;
  });
  const gone = new Set(moved);
  for (const [places, key] of moved.map(standsWith)) places.set(key, (places.get(key) ?? []).filter((one) => !gone.has(one)));
  asOn(moved, asOf);
  for (const claim of moved) push(...standsWith(claim), claim);
  for (const claims of new Set(moved.map(standsWith).map(([places, key]) => places.get(key)))) inOrder(claims);
  for (const link of model.changed) link.claims = claimsOfLink(link);
}

/** These claims alone, for whoever asks of a day on the way: whoever does settles them again. */
export function asOn(claims, asOf) {
  for (const claim of claims) if (claim.today) Object.assign(claim, endsOn(claim, asOf));
}

/** What holds both ways round is said one way round, whatever its ends are called. */
function endsOn({ today, subject_as, object_as, predicate }, asOf) {
  const subject = onDay(subject_as, today.subject, asOf);
  const object = onDay(object_as, today.object, asOf);
  const turned = model.relations[predicate]?.symmetric && model.entities[subject].id > model.entities[object].id;
  return turned ? { subject: object, object: subject } : { subject, object };
}

const onDay = (id, today, asOf) => (id === undefined ? today : lastBy(model.became[id], asOf)[1]);

/** What a node became part of, and on which day, after a day on which it stood apart; else null. */
export function becameOf({ index }, asOf) {
  for (const steps of asOf === null ? [] : model.became) {
    const at = steps.findLastIndex(([since]) => since <= asOf);
    if (steps[at][1] === index && at + 1 < steps.length) return { day: steps[at + 1][0], whole: steps.at(-1)[1] };
  }
  return null;
}

/** The last of some rows, which begin with their days, that begins by a day (null: of all). */
export const lastBy = (rows, asOf) => (asOf === null ? rows : rows.filter(([since]) => since <= asOf)).at(-1);

/** Whether a day (null: today) is in one of some times, open where they have no end. */
export const within = (spans, asOf) =>
  spans.some(([since, until]) =>
    asOf === null ? until === null : (since === null || since <= asOf) && (until === null || asOf < until),
  );

const saidAt = (claim) => `${claim.from ?? "9999"} ${claim.id}`;

export const nameOf = (number) => model.entities[number].name;

export const other = (link, index) => (link.from === index ? link.to : link.from);

export const named = (number) => isolated(nameOf(number));
