// The data of this page, indexed. Rows keep the shape in which Python wrote them (`payload.py`),
// with their number beside them: `node.index`, `link.index`, `claim.index`.

import { day } from "./days.js";
import { isolated, push } from "./words.js";

export const model = {};

/** The rows that Python wrote, indexed in `model`. */
export function index(data) {
  Object.assign(model, data);
  model.claims = claimsUnderHeads(data.claims);
  for (const rows of [model.nodes, model.links])
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

/** What several claims share stands once, at their head; each gets it, and its days. */
function claimsUnderHeads(heads) {
  const made = [];
  for (const { claims, ...head } of heads)
    for (const own of claims) {
      const claim = { index: made.length, statement: own.id, ...head, ...own, from: null, to: null, gone: null, validFrom: null, validTo: null };
      claim.from = day(claim.asserted_from ?? claim.asserted);
      claim.to = day(claim.asserted_to ?? claim.asserted);
      claim.gone = day(claim.withdrawn_from ?? claim.withdrawn);
      claim.validFrom = day(claim.valid_from ?? claim.valid);
      claim.validTo = day(claim.valid_to ?? claim.valid);
      made.push(claim);
    }
  return made;
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
    const [places, key] = standsWith(claim);
    push(places, key, claim);
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

/** `model.became`: what each id stood for that stood for several things, as [since, number] in order; where
    it was recorded later, one such path after the other, with the days of recording within which it was known. */
function indexChanges() {
  const was = new Set(model.became.flat().map(([, number]) => number));
  model.changing = model.claims.filter((claim) => claim.subject_as !== undefined || claim.object_as !== undefined);
  for (const claim of model.changing) claim.today = { subject: claim.subject, object: claim.object };
  model.changed = model.links.filter((link) => was.has(link.from) || was.has(link.to));
  const days = (place) => [...new Set(model.became.flat().map((step) => step[place]))].filter(Boolean).sort();
  model.changes = { said: days(0), recorded: days(2) };
  model.settled = epochOf({});
}

/** What tells the days of a lens on which ids stood for one thing from those on which they stood for another. */
function epochOf({ asOf = null, knownOn = null }) {
  const { said, recorded } = model.changes;
  const by = (days, on) => (on === null ? days.length : days.filter((day) => day <= on).length);
  return by(said, asOf) * (recorded.length + 1) + by(recorded, knownOn);
}

/** Claims are about what their subject and object were on the days of a lens (null: are today). */
export function settle(lens) {
  const epoch = epochOf(lens);
  if (epoch === model.settled) return;
  model.settled = epoch;
  const moved = model.changing.filter((claim) => {
    const { subject, object } = endsOn(claim, lens);
    return subject !== claim.subject || object !== claim.object;
  });
  const gone = new Set(moved);
  for (const [places, key] of moved.map(standsWith)) places.set(key, (places.get(key) ?? []).filter((one) => !gone.has(one)));
  asOn(moved, lens);
  for (const claim of moved) push(...standsWith(claim), claim);
  for (const claims of new Set(moved.map(standsWith).map(([places, key]) => places.get(key)))) inOrder(claims);
  for (const link of model.changed) link.claims = claimsOfLink(link);
}

/** These claims alone, for whoever asks of a day on the way: whoever does settles them again. */
export function asOn(claims, lens) {
  for (const claim of claims) if (claim.today) Object.assign(claim, endsOn(claim, lens));
}

/** What holds both ways round is said one way round, whatever its ends are called. */
function endsOn({ today, subject_as, object_as, predicate }, lens) {
  const subject = onDay(subject_as, today.subject, lens);
  const object = onDay(object_as, today.object, lens);
  const turned = model.relations[predicate]?.symmetric && model.entities[subject].id > model.entities[object].id;
  return turned ? { subject: object, object: subject } : { subject, object };
}

const onDay = (id, today, { asOf = null, knownOn = null }) =>
  id === undefined ? today : lastBy(knownBy(model.became[id], knownOn), asOf)[1];

/** Of what an id stood for, as far as it was known on a day of recording (null: is today). */
const knownBy = (steps, knownOn) =>
  steps.filter(([, , learnt = null, outdated = null]) => isIn(learnt, outdated, knownOn));

/** What a node became part of, by a word of which day, or by one that was recorded on which, after the days
    of a lens on which it stood apart; else null. */
export function becameOf({ index }, { asOf, knownOn }) {
  for (const steps of model.became) {
    const path = knownBy(steps, knownOn);
    const now = lastBy(path, asOf);
    if (now[1] !== index || now === steps.at(-1)) continue;
    const next = path[path.indexOf(now) + 1];
    const learnt = steps.find((step) => step[2] > knownOn && step[1] !== index && lastBy([step], asOf));
    const why = next || !learnt ? { day: (next ?? steps.at(-1))[0] } : { recorded: learnt[2] };
    return { ...why, whole: steps.at(-1)[1] };
  }
  return null;
}

/** The last of some rows, which begin with their days, that begins by a day (null: of all). */
export const lastBy = (rows, asOf) => (asOf === null ? rows : rows.filter(([since]) => since <= asOf)).at(-1);

/** Whether the days of a lens are in one of some times: those of what was said, then those of recording. */
export const within = (spans, { asOf = null, knownOn = null }) =>
  spans.some(
    ([since, until, learnt = null, outdated = null]) => isIn(since, until, asOf) && isIn(learnt, outdated, knownOn),
  );

/** Whether a day (null: today) is in a time, open where it has no end. */
export const isIn = (begin, end, day) =>
  day === null ? end === null : (begin === null || begin <= day) && (end === null || day < end);

const saidAt = (claim) => `${claim.from ?? "9999"} ${claim.id}`;

export const nameOf = (number) => model.entities[number].name;

export const other = (link, index) => (link.from === index ? link.to : link.from);

export const named = (number) => isolated(nameOf(number));
