/** The three parts of the page: the document, the claims, the names. */
import { data, paragraphs, points, sentenceAt, sentences, words } from "./text.js";
import { become, change, count, decide, go, isSure, kindOf, nameOf, silent, state, ui, undoable, vocabulary, wordsBehind } from "./state.js";
import { things } from "./choices.js";
import { formElement, openRefused, openRow } from "./form.js";
import { button, byId, combobox, field, make, select } from "./parts.js";


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
  home.replaceChildren(...paragraphs.map(([start, end], i) => {
    const paragraph = make("p", undefined, quiet.has(i + 1) ? "quiet" : "");
    paragraph.dir = "auto";
    paragraph.append(make("span", String(i + 1), "number"));
    const inside = [start, ...cuts.filter((cut) => cut > start && cut < end), end];
    for (let n = 0; n + 1 < inside.length; n++) paragraph.append(piece(inside[n], inside[n + 1], here, rests, told));
    return paragraph;
  }));
  const shown = home.querySelector(".here");
  if (shown && !ui.selecting) shown.scrollIntoView({ block: "nearest" });
}

function piece(start, end, here, rests, told) {
  const within = ([from, to]) => from <= start && end <= to;
  const element = make("span", points.slice(start, end).join(""));
  element.dataset.start = start;
  if (told.some(within)) element.classList.add("told");
  if (here && within(here)) element.classList.add("here");
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
  home.replaceChildren(make("h2", "Claims"), ...added, ...cards, ...refusedList(), ...silentList());
  const chosen = home.querySelector("#form") || home.querySelector(".current");
  if (chosen) chosen.scrollIntoView({ block: "nearest" });
}

function card(row, index) {
  const element = make("article", undefined, `card ${row.state}${index === ui.chosen ? " current" : ""}`);
  element.dataset.index = index;
  element.addEventListener("click", () => { if (index !== ui.chosen || ui.cursor) go(index); });
  if (row.about.score !== undefined) element.append(make("span", scoreOf(row), "score"));
  const [subject, predicate, target] = row.triple;
  const line = make("div", undefined, "triple");
  if (row.verb === "denies") line.append(make("span", "denies: ", "not"));
  line.append(make("b", nameOf(subject)), make("span", predicate, "edge"), make("b", nameOf(target)));
  const { asserter, hedge, collective, paragraph, summary, span: _span, meant, ...rest } = row.fields;
  const notes = [`${asserter ? nameOf(asserter) : "nobody named"} says so`, hedge && `hedged: ${hedge}`, String(collective) === "true" && "together",
    ...Object.entries(meant || {}).map(([id, said]) => `“${said}” is ${nameOf(id)}`), paragraph && `paragraph ${paragraph}`,
    ...Object.entries(rest).map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(", ") : value}`)];
  element.append(line, make("p", notes.filter(Boolean).join(" · "), "note"));
  if (summary && summary !== data.to_write) element.append(make("p", summary, "note own"));
  if (index === ui.chosen) {
    for (const reason of row.about.because || []) element.append(make("p", `– ${reason}`, "note"));
    const actions = make("div", undefined, "actions");
    actions.append(button("Accept", () => decide(index, "accepted"), "a"), button("Reject", () => decide(index, "rejected"), "r"), button("Edit", () => openRow(index), "e", "edit"));
    element.append(actions);
  }
  return element;
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
  home.replaceChildren(make("h2", "Who and what is named"), ...Object.keys(state.entities).filter((id) => used.has(id)).map(thing));
  home.scrollTop = scrolled;
  if (data.names_left_out) home.append(make("p", `${data.names_left_out} further known names have no room in this page.`, "note"));
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
  const kind = vocabulary.kinds[kindOf(id)];
  const entity = state.entities[id];
  box.append(make("summary", `more of ${nameOf(id)}`));
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
  return box;
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
  const open = count("open"), sure = state.rows.filter(isSure).length, unwritten = state.rows.filter((row) => row.state !== "rejected" && (!row.fields.summary || row.fields.summary === data.to_write)).length;
  byId("progress").textContent = `${state.rows.length} claims: ${count("accepted")} accepted, ${count("rejected")} rejected, ${open} open`
    + (state.refused.length ? ` · ${state.refused.length} refused by the proof` : "");
  const accept = byId("accept-sure");
  accept.textContent = `Accept the sure (${sure})`;
  accept.disabled = !sure;
  accept.title = sure ? `Accept the ${sure} open ones of a sort of which at least ${Math.round(data.sure * 100)} of 100 were right in our texts`
    : `No open proposal is of a sort of which at least ${Math.round(data.sure * 100)} of 100 were right in our texts`;
  byId("summaries").textContent = `Write summaries (${unwritten})`;
  byId("summaries").disabled = !unwritten;
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

