/** The three parts of the page: the document, the claims, the names. */
import { data, paragraphs, points, sentenceAt, sentences, words } from "./text.js";
import { become, change, count, decide, declare, go, isEdge, isLost, isSure, kindOf, matesOf, nameOf, proposedFor, silent, state, ui, undoable, unwritten, vocabulary, wordsBehind } from "./state.js";
import { phraseBetween, valueSaid } from "./summary.js";
import { things } from "./choices.js";
import { dated, formElement, openRefused, openRow } from "./form.js";
import { arrange, button, byId, combobox, field, make, select, shelf } from "./parts.js";


// The document

export function drawText() {
  const home = byId("text");
  const row = ui.form || ui.cursor ? null : state.rows[ui.chosen];
  const here = ui.form?.span || ui.cursor || row?.fields.span || null;
  const rests = row ? wordsBehind(row) : [];
  const told = state.rows.filter((one) => one.state !== "rejected").map((one) => one.fields.span).filter(Boolean);
  const quiet = new Set(silent(paragraphs, words));
  const marks = new Set();
  for (const [start, end] of [...told, ...rests, ...(here ? [here] : [])]) { marks.add(start); marks.add(end); }
  const cuts = [...marks].sort((a, b) => a - b);
  arrange(home, paragraphs.map(([start, end], i) => {
    const touches = (spans) => spans.filter(([from, to]) => from < end && start < to);
    const inside = [start, ...cuts.filter((cut) => cut > start && cut < end), end];
    const spans = [touches(here ? [here] : []), touches(rests), touches(told)];
    return paragraphShelf(i, JSON.stringify([inside, spans, quiet.has(i + 1)]), () => {
      const paragraph = make("p", undefined, quiet.has(i + 1) ? "quiet" : "", { dir: "auto" });
      paragraph.append(make("span", String(i + 1), "number"));
      for (let n = 0; n + 1 < inside.length; n++) paragraph.append(piece(inside[n], inside[n + 1], ...spans));
      return paragraph;
    });
  }));
  const shown = home.querySelector(".here");
  if (shown && !ui.selecting) shown.scrollIntoView({ block: "nearest" });
}

const paragraphShelf = shelf();

function piece(start, end, here, rests, told) {
  const within = ([from, to]) => from <= start && end <= to;
  const element = make("span", points.slice(start, end).join(""));
  element.dataset.start = start;
  if (told.some(within)) element.classList.add("told");
  if (here.some(within)) element.classList.add("here");
  if (rests.some(within)) element.classList.add("word");
  return element;
}

/** The code point at which a place of a selection stands. */
export function pointAt(node, offset) {
  const span = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-start]");
  if (!span) {
    const line = node.nodeType === Node.TEXT_NODE ? node.parentElement.closest("p") : node.childNodes[offset] || node;
    const first = line?.querySelector?.("[data-start]") || line?.closest?.("[data-start]");
    return first ? Number(first.dataset.start) : null;
  }
  return Number(span.dataset.start) + Array.from((span.firstChild?.data || "").slice(0, node.nodeType === Node.TEXT_NODE ? offset : 0)).length;
}

export function moveCursor(step) {
  const at = ui.cursor ? sentenceAt(ui.cursor[0]) + step : state.rows[ui.chosen]?.fields.span ? sentenceAt(state.rows[ui.chosen].fields.span[0]) : 0;
  ui.cursor = sentences[Math.max(0, Math.min(sentences.length - 1, at))] || null;
}

// The claims

export function drawClaims() {
  const home = byId("claims");
  const forms = ui.form ? [ui.form] : [];
  const cards = [];
  state.rows.forEach((row, index) => { cards.push(ui.form && ui.form.key === row.key && ui.form.key !== null ? formElement() : card(row, index)); });
  const added = forms.length && ui.form.key === null ? [formElement()] : [];
  arrange(home, [claimsHead, ...added, ...cards, ...refusedList(), ...silentList()]);
  const chosen = home.querySelector("#form") || home.querySelector(".current");
  if (chosen) chosen.scrollIntoView({ block: "nearest" });
}

const claimsHead = make("h2", "Claims");
const cardShelf = shelf();

/** The card of a claim; one that is not looked at is made anew only when something of it changed. */
function card(row, index) {
  if (index === ui.chosen && !ui.form) return cardShelf(row.key, Symbol("anew"), () => freshCard(row, index));
  const { asserter, meant } = row.fields;
  const named = [...row.triple, asserter, ...Object.keys(meant || {})].map((id) => id && nameOf(id));
  return cardShelf(row.key, JSON.stringify([index, row.state, row.verb, row.triple, row.fields, named]), () => freshCard(row, index));
}

function freshCard(row, index) {
  const chosen = index === ui.chosen && !ui.form; // while a form is open, that is what is looked at
  const element = make("article", undefined, `card ${row.state}${chosen ? " current" : ""}`);
  element.dataset.index = index;
  element.addEventListener("click", () => {
    if (ui.form) { ui.notice = { text: "Add the claim that you are writing, or cancel it, first." }; drawHead(); }
    else if (index !== ui.chosen || ui.cursor) go(index);
  });
  if (row.about.score !== undefined) element.append(make("span", scoreOf(row), "score"));
  element.append(sentence(row), make("p", notesOf(row).filter(Boolean).join(" · "), "note"));
  if (isLost(row)) element.append(make("p", "Its words no longer stand in the document: edit it and select them, or reject it.", "alarm"));
  if (unwritten(row) && row.state !== "rejected") { if (chosen) element.append(make("p", `${row.state === "accepted" ? "Summary" : "Proposed summary"}: ${proposedFor(matesOf(row))}`, "note proposed")); }
  else if (row.fields.summary && !unwritten(row)) element.append(make("p", row.fields.summary, "note own"));
  if (chosen) element.append(...chosenParts(row, index));
  return element;
}

/** What a claim says, as a sentence; the predicate's own name stands behind it. */
function sentence({ verb, triple: [subject, predicate, target], fields }) {
  const line = make("div", undefined, "triple");
  if (verb === "denies") line.append(make("span", "denied: ", "not"));
  const between = isEdge(predicate) ? phraseBetween(predicate, subject) : predicate.replaceAll("_", " ");
  const end = isEdge(predicate) ? nameOf(target) : valueSaid([subject, predicate, target], fields);
  line.append(make("b", nameOf(subject)), make("span", between, "edge"), make("b", end));
  if (isEdge(predicate)) line.append(make("code", predicate, "predicate"));
  return line;
}

function notesOf({ triple: [, predicate], fields }) {
  const { asserter, hedge, collective, paragraph, summary: _summary, span: _span, meant, unit: _unit, bound, valid_basis: basis, ...rest } = fields;
  const exactly = bound === "point" || (isEdge(predicate) && bound);
  return [asserter ? `${nameOf(asserter)} says so` : "who says so is not named", hedge && `hedged: ${hedge}`, String(collective) === "true" && "together",
    ...Object.entries(meant || {}).map(([id, said]) => `“${said}” is ${nameOf(id)}`), exactly && `bound: ${bound}`, basis && basis !== "stated" && `date ${basis}`,
    ...Object.entries(rest).map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(", ") : value}`), paragraph && `paragraph ${paragraph}`];
}

/** What is shown of the claim that is looked at: its words, why it was proposed, what to do with it. */
function chosenParts(row, index) {
  const parts = row.fields.span ? [make("blockquote", words(row.fields.span), "said", { dir: "auto" })] : [];
  const actions = make("div", undefined, "actions");
  actions.append(button("Accept (a)", () => decide(index, "accepted"), "a"), button("Reject (r)", () => decide(index, "rejected"), "r"), button("Edit (e)", () => openRow(index), "e", "edit"));
  parts.push(actions);
  if (row.about.because?.length) {
    const why = make("details");
    why.append(make("summary", "why it was proposed"), ...row.about.because.map((reason) => make("p", `– ${reason}`, "note")));
    parts.push(why);
  }
  return parts;
}

function scoreOf(row) {
  const of = row.about.of;
  return of ? `${of[0]} of ${of[1]} like it were right` : Number(row.about.score).toFixed(2);
}

function refusedList() {
  if (!state.refused.length) return [];
  const rows = state.refused.map((one, index) => {
    const element = make("article", undefined, "card gone");
    const [subject, predicate, target] = one.triple;
    const line = make("div", undefined, "triple");
    line.append(make("b", nameOf(subject)), make("span", predicate, "edge"), make("b", nameOf(target)));
    const actions = make("div", undefined, "actions");
    actions.append(button("Mend and take", () => openRefused(index)), button("Drop", () => change((now) => { now.refused.splice(index, 1); })));
    element.append(line, make("p", one.why, "note"), actions);
    return element;
  });
  return [make("h2", `Refused by the proof (${rows.length})`), ...rows];
}

function silentList() {
  const quiet = silent(paragraphs, words);
  if (!quiet.length) return [];
  const box = make("div", undefined, "card gone");
  box.append(make("p", "Nothing is claimed of these paragraphs. Read there yourself:"));
  const chips = make("div", undefined, "chips");
  for (const number of quiet) chips.append(button(`paragraph ${number}`, () => { const [start] = paragraphs[number - 1]; ui.cursor = sentences[sentenceAt(start)]; ui.pane = "text"; draw(); byId("text").focus(); }));
  box.append(chips);
  return [make("h2", "Paragraphs without a claim"), box];
}

// Who and what is named

export function drawThings() {
  const home = byId("things");
  const used = new Set(state.rows.filter((row) => row.state !== "rejected").flatMap((row) => [row.triple[0], row.triple[2], row.fields.asserter]));
  const scrolled = home.scrollTop;
  const left = data.names_left_out ? [make("p", `${data.names_left_out} further known names have no room in this page.`, "note")] : [];
  arrange(home, [...aboutDocument(), make("h2", "Who and what is named"), ...Object.keys(state.entities).filter((id) => used.has(id)).map(keptThing), ...left]);
  home.scrollTop = scrolled;
}

const thingShelf = shelf();
const keptThing = (id) => thingShelf(id, JSON.stringify(state.entities[id]), () => thing(id));

/** What is known of the document: without a day its claims are undated. */
function aboutDocument() {
  const given = state.document;
  if (!data.top.document) return [];
  const box = make("details", undefined, "thing");
  box.open = ui.aboutDocument ?? false;
  box.addEventListener("toggle", () => { ui.aboutDocument = box.open; });
  const by = given.published_by ? nameOf(given.published_by) : "no publisher";
  box.append(make("summary", `${by}, ${given.date || "no date: its claims are undated"}`));
  const put = (name, value) => change((now) => {
    if (value) now.document[name] = value; else delete now.document[name];
    if (name === "date") { if (value) now.document.date_basis = "metadata"; else delete now.document.date_basis; }
  });
  for (const [name, label] of [["name", "title"], ["date", "date (2022-09-08)"], ["url", "address"]]) {
    const input = make("input");
    input.value = given[name] ?? "";
    input.addEventListener("change", () => put(name, name === "date" ? dated(input.value) : input.value.trim()));
    box.append(field(label, input));
  }
  const shell = make("form");
  shell.addEventListener("submit", (event) => event.preventDefault());
  shell.append(combobox("published by", given.published_by ? by : "", (typed) => things(typed, vocabulary.speaks, [0, 0]), (option) => {
    if (option) declare(option.value, option.name);
    put("published_by", option?.value);
  }).box);
  box.append(shell);
  return [make("h2", "The document"), box];
}

function thing(id) {
  const known = data.known[id] || (data.names.some((one) => one[0] === id) ? "known" : "");
  const line = make("div", undefined, "thing");
  const input = make("input");
  input.value = nameOf(id);
  input.setAttribute("aria-label", `name of ${id}`);
  input.addEventListener("change", () => change((now) => {
    const entity = now.entities[id];
    if (typeof entity === "string") now.entities[id] = input.value; else entity.name = input.value;
  }));
  line.append(input, make("code", id), make("span", known ? "known" : "new", known ? "tag" : "tag new"));
  if (known) { line.append(make("p", known, "note")); return line; }
  for (const other of data.suggested[id] || []) line.append(button(`is ${other.name}`, () => become(id, other), `${other.id}: ${other.because}`));
  line.append(declared(id));
  return line;
}

/** What is declared of a new thing, and whether it is another. */
function declared(id) {
  const box = make("details");
  box.append(make("summary", `more of ${nameOf(id)}`));
  box.addEventListener("toggle", () => { if (box.childElementCount < 2) fillDeclared(box, id); });
  return box;
}

function fillDeclared(box, id) {
  const kind = vocabulary.kinds[kindOf(id)];
  const entity = state.entities[id];
  for (const one of kind?.declared || []) {
    const choice = select([["", ""], ...one.values.map((term) => [term, term])], (typeof entity === "object" && entity[one.name]) || "");
    choice.addEventListener("change", () => declareOf(id, one.name, choice.value));
    box.append(field(one.name, choice));
  }
  const unnamed = make("input", undefined, "", { type: "checkbox" });
  unnamed.checked = typeof entity === "object" && String(entity.unnamed) === "true";
  unnamed.addEventListener("change", () => declareOf(id, "unnamed", unnamed.checked ? "true" : ""));
  const check = field("without a name of its own", unnamed);
  check.classList.add("check");
  const same = combobox("is the same as", "", (typed) => things(typed, [kindOf(id)], ui.cursor || [0, 0]).filter((one) => one.value !== id && !one.fresh), (option) => { if (option) become(id, { id: option.value, name: option.name, because: "you say so" }); });
  const shell = make("form");
  shell.addEventListener("submit", (event) => event.preventDefault());
  shell.append(check, same.box);
  box.append(shell);
}

function declareOf(id, name, value) {
  change((now) => {
    const entity = typeof now.entities[id] === "string" ? { name: now.entities[id] } : now.entities[id];
    if (value) entity[name] = value; else delete entity[name];
    now.entities[id] = Object.keys(entity).length > 1 ? entity : entity.name;
  });
}

// All

export function drawHead() {
  const open = count("open"), sure = state.rows.filter(isSure).length;
  byId("progress").textContent = `${state.rows.length} claims: ${count("accepted")} accepted, ${count("rejected")} rejected, ${open} open`
    + (state.refused.length ? ` · ${state.refused.length} refused by the proof` : "");
  const accept = byId("accept-sure");
  accept.textContent = `Accept the sure (${sure})`;
  accept.disabled = !sure;
  accept.title = sure ? `Accept the ${sure} open ones of a sort of which at least ${Math.round(data.sure * 100)} of 100 were right in our texts`
    : `No open proposal is of a sort of which at least ${Math.round(data.sure * 100)} of 100 were right in our texts`;
  byId("undo").disabled = !undoable();
  for (const tab of document.querySelectorAll("[data-pane]")) tab.setAttribute("aria-pressed", String(tab.dataset.pane === ui.pane));
  document.querySelector("main").dataset.shows = ui.pane;
  const notice = byId("notice");
  notice.hidden = !ui.notice;
  if (ui.notice) {
    notice.replaceChildren(make("p", ui.notice.text), ...(ui.notice.lines || []).map((line) => make("pre", line)));
    for (const [text, run] of [...(ui.notice.actions || []), ["Close", () => {}]]) notice.append(button(text, () => { ui.notice = null; run(); draw(); }));
  }
  const add = byId("add");
  add.textContent = ui.cursor ? "New claim from these words (n)" : "New claim (n)";
}

export function draw(what = "all") {
  if (what !== "text") { drawClaims(); drawThings(); }
  drawText();
  drawHead();
}

