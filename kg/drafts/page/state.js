/** What is reviewed: rows (one a triple), entities, what was refused; each change can be undone. */
import { data, find, paragraphAt, short, slug } from "./text.js";

const top_ = data.top;
export const vocabulary = data.vocabulary;

/** `chosen`: the row that is looked at; `cursor`: the sentence or selection in the text; `form`: what is written. */
export const ui = { chosen: 0, cursor: null, form: null, pane: "claims", saved: "", notice: null };

export let state = begun();

function begun() {
  const made = { rows: [], entities: structuredClone(top_.entities || {}), refused: [], next: 0 };
  (top_.claims || []).forEach((claim, home) => {
    const { says, denies, ...shared } = claim;
    for (const [verb, given] of [["says", says], ["denies", denies]]) {
      let triples = given || [];
      if (triples.length && !Array.isArray(triples[0])) triples = [triples];
      for (const triple of triples) {
        const fields = Object.fromEntries(Object.entries({ ...shared, ...(triple[3] || {}) }).filter(([, one]) => one !== null));
        if (fields.span) fields.span = fields.span.map(Number);
        const about = aboutOf(triple);
        made.rows.push({ key: made.next++, home, verb, triple: triple.slice(0, 3), fields, about, state: data.reviewed ? "accepted" : "open" });
      }
    }
  });
  made.refused = ((top_.draft || {}).refused || []).map((one) => ({ ...one, span: one.span ? one.span.map(Number) : null }));
  return made;
}

function aboutOf(triple) {
  const key = triple.slice(0, 3).join("\n");
  return ((top_.draft || {}).claims || []).find((one) => one.triple.join("\n") === key) || {};
}

// Changing, and taking back

const past = [], future = [];
const DEEP = 200;
let redraw = () => {};
export function onChange(run) { redraw = run; }
export function refresh(what = "all") { redraw(what); }
export function text() { return JSON.stringify(state); }

/** Change the state by `run`; what was before can be had again. */
export function change(run) {
  past.push({ text: text(), chosen: ui.chosen });
  if (past.length > DEEP) past.shift();
  future.length = 0;
  run(state);
  refresh();
}

export function undo() { step(past, future); }
export function redo() { step(future, past); }
export function undoable() { return past.length > 0; }

function step(from, to) {
  const before = from.pop();
  if (!before) return;
  to.push({ text: text(), chosen: ui.chosen });
  state = JSON.parse(before.text);
  ui.chosen = Math.min(before.chosen, state.rows.length - 1);
  ui.form = null;
  refresh();
}

/** Take over work that was kept; it can be undone too. */
export function takeOver(kept) {
  past.push({ text: text(), chosen: ui.chosen });
  state = JSON.parse(kept);
  refresh();
}

/** As it was opened. */
export function startOver() {
  change(() => { state = begun(); });
}

// Names

export const kindOf = (id) => String(id).split(":", 1)[0];

export function nameOf(id) {
  const entity = state.entities[id];
  if (entity === undefined) return (data.names.find((one) => one[0] === id) || data.voices.map(([, who, name]) => [who, name]).find((one) => one[0] === id) || [id, id])[1];
  return typeof entity === "string" ? entity : entity.name;
}

export function isEdge(predicate) { return predicate in vocabulary.edges; }

/** An id for a new thing by the rule of `kg draft`: its kind and its name, and a number where that is taken. */
export function idFor(kind, name) {
  const exact = vocabulary.kinds[kind].country ? data.names.find((one) => kindOf(one[0]) === kind && [one[1], ...one[2]].includes(name)) : null;
  if (exact) return exact[0];
  const wanted = `${kind}:${vocabulary.kinds[kind].event || name.includes(" ") ? short(name) : slug(name)}`;
  const taken = (id) => id in state.entities || data.names.some((one) => one[0] === id);
  if (!taken(wanted)) return wanted;
  let number = 2;
  while (taken(`${wanted}-${number}`)) number++;
  return `${wanted}-${number}`;
}

/** Make sure that an entity stands in the file. */
export function declare(id, name) {
  if (id in state.entities) return;
  const bare = /^\p{Ll}|^\d/u.test(name) && ["organization", "group", "person", "agency"].includes(kindOf(id));
  state.entities[id] = bare ? { name, unnamed: "true" } : name;
}

/** What was taken for new is a known one: its id goes everywhere. */
export function become(id, other) {
  change((now) => {
    const put = (one) => (one === id ? other.id : one);
    for (const row of now.rows) {
      row.triple = row.triple.map(put);
      if (row.about.triple) row.about.triple = row.about.triple.map(put);
      if (row.fields.asserter === id) row.fields.asserter = other.id;
      if (row.fields.meant && id in row.fields.meant) { row.fields.meant[other.id] = row.fields.meant[id]; delete row.fields.meant[id]; }
    }
    for (const one of now.refused) one.triple = one.triple.map(put);
    delete now.entities[id];
    now.entities[other.id] ??= other.name;
  });
}

// Rows

/** Words that a row rests on: [start, end] pairs, chains and all. */
export function wordsBehind(row) {
  const all = [];
  const collect = (value) => {
    if (!Array.isArray(value)) return;
    if (value.length === 2 && value.every((one) => !Array.isArray(one))) all.push(value.map(Number));
    else value.forEach(collect);
  };
  Object.values(row.about.words || {}).forEach(collect);
  for (const said of Object.values(row.fields.meant || {})) {
    const span = row.fields.span;
    all.push(...(span ? find(String(said)).filter(([start, end]) => span[0] <= start && end <= span[1]) : []));
  }
  return all;
}

/** Numbers of the paragraphs that tell something, by their length, and of which nothing is claimed. */
export function silent(paragraphs, wordsIn) {
  const heard = new Set(state.rows.filter((row) => row.state !== "rejected" && row.fields.span).map((row) => paragraphAt(row.fields.span[0])));
  return paragraphs.map((_, i) => i + 1).filter((n) => !heard.has(n) && wordsIn(paragraphs[n - 1]).split(/\s+/).filter(Boolean).length >= data.telling);
}

export function count(which) { return state.rows.filter((row) => row.state === which).length; }

export const isSure = (row) => row.state === "open" && Number(row.about.score) >= data.sure;

export function go(index) {
  if (index < 0 || index >= state.rows.length) return;
  ui.chosen = index;
  ui.cursor = null;
  ui.form = null;
  refresh();
}

export function decide(index, which) {
  change((now) => {
    now.rows[index].state = which;
    const next = now.rows.findIndex((row, i) => i > index && row.state === "open");
    ui.chosen = next >= 0 ? next : Math.min(index + 1, now.rows.length - 1);
    ui.cursor = null;
  });
}

/** A summary in the words of the claim itself: somebody may take it, or write a better one. */
export function summaryOf({ verb, triple, fields }) {
  const [subject, predicate, target] = triple;
  const edge = vocabulary.edges[predicate];
  const between = edge ? edge.phrase[kindOf(subject)] || edge.phrase.else || predicate.toLowerCase().replaceAll("_", " ") : `${predicate.replaceAll("_", " ")}:`;
  const who = fields.asserter ? nameOf(fields.asserter) : "The document";
  const hedge = fields.hedge ? ` (“${fields.hedge}”)` : "";
  const unit = fields.unit ? ` ${fields.unit}` : "";
  const verbs = verb === "denies" ? "denies" : "says";
  return `${who} ${verbs} that ${nameOf(subject)} ${between} ${edge ? nameOf(target) : target}${unit}${hedge}.`;
}

/** Write the summaries that nobody has written, each from what its statement says. */
export function writeSummaries() {
  change((now) => {
    for (const row of now.rows) {
      if (row.state === "rejected" || (row.fields.summary && row.fields.summary !== data.to_write)) continue;
      const mates = now.rows.filter((one) => one !== row && one.state !== "rejected" && statementOf(one) === statementOf(row));
      const text = summaryOf(row);
      for (const one of [row, ...mates]) one.fields.summary = text;
    }
  });
}

/** What one voice says in one place is one statement. */
export function statementOf(row) {
  const { asserter, span, paragraph, summary, document } = row.fields;
  return JSON.stringify([row.home ?? "new", asserter, span, paragraph, summary, document]);
}
