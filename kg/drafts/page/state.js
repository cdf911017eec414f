/** What is reviewed: rows (one a triple), entities, what was refused; each change can be undone. */
import { summaryOf } from "./summary.js";
import { data, find, paragraphAt, short, slug } from "./text.js";

const top_ = data.top;
/** Whether kg drafted the file: each claim of it stands on words, and says whether somebody decided it. */
export const drafted = !!top_.draft;
const was = drafted ? top_.draft.reviewed : "true";
export const vocabulary = data.vocabulary;

/** `chosen`: the row that is looked at; `cursor`: the sentence or selection in the text; `form`: what is written; `saves`: how often. */
export const ui = { chosen: 0, cursor: null, form: null, pane: "claims", saved: "", saves: 0, notice: null };

export let state = begun();

function begun() {
  const made = { rows: [], document: structuredClone(top_.document || {}), entities: structuredClone(top_.entities || {}), refused: [], next: 0 };
  let at = 0;
  (top_.claims || []).forEach((claim, home) => {
    const { says, denies, ...shared } = claim;
    for (const [verb, given] of [["says", says], ["denies", denies]]) {
      let triples = given || [];
      if (triples.length && !Array.isArray(triples[0])) triples = [triples];
      for (const triple of triples) {
        const fields = Object.fromEntries(Object.entries({ ...shared, ...(triple[3] || {}) }).filter(([, one]) => one !== null));
        if (fields.span) fields.span = fields.span.map(Number);
        const about = data.about[at++] || {};
        const open = was === "false" || String(about.open) === "true" || data.lost.gone.includes(home);
        made.rows.push({ key: made.next++, home, verb, triple: triple.slice(0, 3), fields, about, state: open ? "open" : "accepted" });
      }
    }
  });
  made.refused = ((top_.draft || {}).refused || []).map((one) => ({ ...one, span: one.span ? one.span.map(Number) : null }));
  for (const rows of drafted ? statements(made.rows).values() : []) { // what was only proposed is made anew from what stays
    if (rows.every((row) => row.state === "accepted") && rows[0].fields.summary === summaryOf(rows, (id) => namedIn(made, id))) rows.forEach((row) => { row.fields.summary = data.to_write; });
  }
  return made;
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

export const nameOf = (id) => namedIn(state, id);

function namedIn(now, id) {
  const entity = now.entities[id];
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

export const isSure = (row) => row.state === "open" && Number(row.about.score) >= data.sure && !isLost(row);

/** Whether no words of the document are left on which a claim stands. */
export const isLost = (row) => drafted && !row.fields.span;

/** How far somebody has read the file: one rule with the terminal's (`kg.drafts.desk.decide`). */
export function reviewed() {
  const open = count("open");
  if (!open) return "true";
  return was === "false" && open === state.rows.length ? "false" : "partly";
}

export function go(index) {
  if (index < 0 || index >= state.rows.length) return;
  ui.chosen = index;
  ui.cursor = null;
  ui.form = null;
  refresh();
}

export function decide(index, which) { decideAll([index], which); }

/** The same of several at once, and on to what is open behind them. */
export function decideAll(indices, which) {
  if (which === "accepted" && indices.some((at) => isLost(state.rows[at]))) {
    ui.notice = { text: "No words of the document stand behind this claim. Edit it (e), and select the words that say so." };
    refresh();
    return;
  }
  const index = indices.at(-1);
  change((now) => {
    for (const at of indices) now.rows[at].state = which;
    const next = now.rows.findIndex((row, i) => i > index && row.state === "open");
    ui.chosen = next >= 0 ? next : Math.min(index + 1, now.rows.length - 1);
    ui.cursor = null;
  });
}

// Statements: what one voice says in one place

export function statementOf({ home, fields }) {
  const { asserter, span, paragraph, summary, document, statement } = fields;
  return JSON.stringify(drafted && span ? [asserter, span, document, statement] : [home ?? "new", asserter, span, paragraph, summary, document]);
}

export function statements(rows) {
  const found = new Map();
  for (const row of rows) found.set(statementOf(row), [...(found.get(statementOf(row)) || []), row]);
  return found;
}

/** Rows of one statement that are not rejected. */
export const matesOf = (row) => state.rows.filter((one) => one.state !== "rejected" && statementOf(one) === statementOf(row));

export const unwritten = (row) => row.fields.summary === data.to_write;

export const proposedFor = (rows) => summaryOf(rows, nameOf);
