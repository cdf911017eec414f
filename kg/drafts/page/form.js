/** One claim, field by field: a new one from words of the document, one that stands, or one that was refused. */
import { data, find, paragraphAt, tells, trimmed, words } from "./text.js";
import { change, declare, drafted, isEdge, kindOf, nameOf, refresh, state, statementOf, ui, vocabulary } from "./state.js";
import { hedgesIn, likelySubject, relations, speakers, stand_ins, things, voiceAt } from "./choices.js";
import { button, combobox, field, make, select } from "./parts.js";

/** What the form does not ask for apart. */
const ASKED = ["asserter", "span", "paragraph", "summary", "hedge", "valid", "unit", "bound", "meant"];

export function openNew(span) {
  const before = ui.last && state.rows.some((row) => row.triple.includes(ui.last.subject)) ? ui.last : {};
  const again = before.span && before.span[0] === span[0] && before.span[1] === span[1];
  const hedge = again ? before.hedge : hedgesIn(span)[0];
  open({ key: null, span, verb: "says", subject: again ? before.subject : "", predicate: "", target: "", fresh: {}, fields: { asserter: again ? before.asserter : voiceAt(span), ...(hedge ? { hedge } : {}) } });
}

export function openRow(index) {
  const row = state.rows[index];
  const [subject, predicate, target] = row.triple;
  ui.chosen = index;
  open({ key: row.key, span: row.fields.span, verb: row.verb, subject, predicate, target, fresh: {}, fields: structuredClone(row.fields) });
}

/** What the proof refused can be mended, and is a claim then. */
export function openRefused(index) {
  const one = state.refused[index];
  const [subject, predicate, target] = one.triple;
  const there = (id) => (id in state.entities || data.names.some((name) => name[0] === id) || (predicate && !isEdge(predicate) && id === target) ? id : "");
  const span = one.span || ui.cursor || null;
  open({ key: null, refused: index, span, verb: "says", subject: there(subject), predicate, target: there(target), fresh: {}, why: one.why, fields: { asserter: span ? voiceAt(span) : (data.top.document || {}).published_by } });
}

function open(form) {
  ui.form = form;
  ui.cursor = form.span;
  ui.pane = "claims";
  refresh();
  const first = [...document.querySelectorAll("#form input")].find((one) => !one.value && one.getAttribute("role") === "combobox") || document.querySelector("#form .summary input");
  first?.focus();
}

export function closeForm() {
  ui.form = null;
  refresh();
  document.querySelector(".card.current .edit")?.focus();
}

const called = (form, id) => form.fresh[id] || nameOf(id);
const spec = (form) => (vocabulary.kinds[kindOf(form.subject)]?.values || []).find((one) => one.name === form.predicate);
const everyKind = Object.keys(vocabulary.kinds);

/** The element; it knows `ui.form` and changes it as one types. */
export function formElement() {
  const form = ui.form;
  const element = make("form", undefined, "", { id: "form", "aria-label": form.key === null ? "New claim" : "Edit a claim" });
  element.append(make("h3", form.refused !== undefined ? "Mend what was refused" : form.key === null ? "New claim" : "Edit"));
  if (form.why) element.append(make("p", `Refused: ${form.why}`, "note"));
  const place = make("p", undefined, "note");
  const said = make("textarea", undefined, "", { rows: "2" });
  const target = make("div"), meant = make("div"), more = make("div"), alarm = make("p", undefined, "alarm", { role: "alert" });
  const placed = () => { place.textContent = form.span ? `paragraph ${paragraphAt(form.span[0])}, characters ${form.span[0]}–${form.span[1]}` : "select words in the document, or write some of its words here"; };
  said.value = form.span ? words(form.span) : "";
  said.addEventListener("change", () => {
    const found = find(said.value);
    alarm.textContent = found.length === 1 ? "" : found.length ? `These words stand in the document ${found.length} times: write more of them.` : "These words do not stand in the document.";
    if (found.length === 1) { form.span = trimmed(found[0]); ui.cursor = form.span; refresh("text"); }
    placed(); drawMeant();
  });
  placed();
  element.append(field("Words", said), place);

  const thing = (label, key, allowed) => combobox(label, form[key] ? called(form, form[key]) : "", (typed) => things(typed, allowed(), form.span || [0, 0], key === "subject" ? likelySubject() : undefined), (option) => {
    form[key] = option ? option.value : "";
    if (option) form.fresh[option.value] = option.name;
    drawMeant(); drawTarget(key !== "target");
  }).box;
  element.append(thing("Subject", "subject", () => everyKind.filter((kind) => !form.predicate || !isEdge(form.predicate) || vocabulary.edges[form.predicate].from.includes(kind))));
  element.append(combobox("Says what of it", form.predicate, (typed) => relations(typed, form.subject, isEdge(form.predicate) || !form.predicate ? form.target : "", form.span || [0, 0]), (option) => {
    const value = option ? option.value : "";
    if (isEdge(value) !== isEdge(form.predicate)) form.target = "";
    form.predicate = value;
    drawTarget(true); drawMore();
  }).box, target);

  /** The other end: a thing of a kind that the relation allows, or a value of the property's type. */
  function drawTarget(whole) {
    if (!whole) return;
    if (isEdge(form.predicate)) {
      target.replaceChildren(thing("Object", "target", () => vocabulary.edges[form.predicate].to.filter((kind) => !vocabulary.edges[form.predicate].same || !form.subject || kind === kindOf(form.subject))));
      return;
    }
    const one = spec(form);
    if (!one) { target.replaceChildren(); return; }
    const input = valueInput(one, form.target, (value) => { form.target = value; });
    target.replaceChildren(field(`Value (${typeNamed(one)})`, input));
    if (one.type === "money" || one.type === "integer" || one.type === "number") {
      const bound = select([["", "exactly or about"], ["lower", "at least, over"], ["upper", "up to, under"], ["point", "exactly"]], form.fields.bound || "");
      bound.addEventListener("change", () => put("bound", bound.value));
      target.append(field("Bound", bound));
      if (one.type === "money") target.append(textField("Unit", "unit", one.unit || "USD"));
    }
  }

  function put(name, value) { if (value) form.fields[name] = value; else delete form.fields[name]; }
  function textField(label, name, placeholder, options) {
    const input = make("input", undefined, "", placeholder ? { placeholder } : {});
    input.value = form.fields[name] ?? "";
    input.addEventListener("input", () => put(name, input.value.trim()));
    const box = field(label, input);
    if (options?.length) {
      const list = make("datalist", undefined, "", { id: `${input.id}-options` });
      list.append(...options.map((one) => make("option", undefined, "", { value: one })));
      input.setAttribute("list", list.id);
      box.append(list);
    }
    return box;
  }

  /** Who is not named in the words: by which of them is it meant? */
  function drawMeant() {
    meant.replaceChildren();
    form.fields.meant = Object.fromEntries(Object.entries(form.fields.meant || {}).filter(([id]) => id === form.subject || id === form.target));
    if (!form.span) return;
    for (const id of [form.subject, isEdge(form.predicate) ? form.target : ""]) {
      const kind = vocabulary.kinds[kindOf(id || "")];
      if (!id || !kind || kind.event || kind.country || tells(words(form.span), called(form, id))) continue;
      const input = make("input", undefined, "", { placeholder: "words of the span that mean it" });
      input.value = form.fields.meant[id] || "";
      input.addEventListener("input", () => { if (input.value.trim()) form.fields.meant[id] = input.value.trim(); else delete form.fields.meant[id]; });
      const chips = make("div", undefined, "chips");
      for (const one of stand_ins(form.span)) chips.append(button(one, () => { input.value = one; form.fields.meant[id] = one; }, `“${one}” means ${called(form, id)}`));
      meant.append(field(`${called(form, id)} is not named in these words; meant by`, input), chips);
    }
  }

  const denied = make("input", undefined, "", { type: "checkbox" });
  denied.checked = form.verb === "denies";
  denied.addEventListener("change", () => { form.verb = denied.checked ? "denies" : "says"; });
  const asserter = combobox("Who says so", form.fields.asserter ? called(form, form.fields.asserter) : "", (typed) => speakers(typed, form.span || [0, 0]), (option) => {
    put("asserter", option ? option.value : "");
    if (option?.value) form.fresh[option.value] = option.name;
  }).box;
  const check = field("Denied there", denied);
  check.classList.add("check");
  const summary = textField("Summary, in your words", "summary", "left empty: what the claim says, in words made from its parts");
  summary.classList.add("summary");
  if (form.fields.summary === data.to_write) { summary.querySelector("input").value = ""; delete form.fields.summary; }
  element.append(meant, asserter, textField("Hedge", "hedge", "their qualifying word", form.span ? hedgesIn(form.span) : []), check, summary);

  /** What the relation qualifies, and what is rarely told. */
  function drawMore() {
    more.replaceChildren();
    const own = isEdge(form.predicate) ? vocabulary.edges[form.predicate].qualifiers : [];
    for (const one of own) more.append(field(one.name, valueInput(one, form.fields[one.name] ?? "", (value) => put(one.name, value))));
    more.append(textField("When true (2021-03, 2011/2018)", "valid"), textField("When said", "asserted"));
    for (const [name, terms] of Object.entries(vocabulary.terms)) {
      const choice = select([["", ""], ...terms.map((one) => [one, one])], form.fields[name] || "");
      choice.addEventListener("change", () => put(name, choice.value));
      more.append(field(name, choice));
    }
    const known = [...ASKED, ...own.map((one) => one.name), "asserted", "document", ...Object.keys(vocabulary.terms)];
    for (const name of Object.keys(form.fields).filter((one) => !known.includes(one) && typeof form.fields[one] !== "object")) more.append(textField(name, name));
  }
  const details = make("details");
  details.append(make("summary", "More: dates, qualifiers, confidence"), more);
  drawTarget(true); drawMeant(); drawMore();
  const actions = make("div", undefined, "actions");
  const done = make("button", form.key === null ? "Add" : "Done", "strong", { type: "submit", title: "Enter" });
  actions.append(done, button("Cancel", closeForm, "Esc"));
  if (form.key === null) actions.append(button("Add, and another from these words", () => settle(true), "Ctrl+Enter"));
  element.append(details, alarm, actions);

  function settle(another) {
    const wrong = problem(form);
    if (wrong) {
      alarm.textContent = wrong;
      [...element.querySelectorAll('[role="combobox"]')].find((one) => !one.value)?.focus();
      return;
    }
    keepClaim(form);
    if (another) openNew(form.span);
  }
  element.addEventListener("submit", (event) => { event.preventDefault(); document.activeElement?.blur?.(); settle(false); });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); closeForm(); }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); document.activeElement?.blur?.(); settle(true); }
    else if (event.key === "Enter" && event.target === said) { event.preventDefault(); said.blur(); }
  });
  return element;
}

function typeNamed(one) {
  return { edtf: "2021, 2021-03, 3 May 2021", money: "80 million", integer: "a whole number", number: "a number", bool: "true or false" }[one.type] || one.type;
}

function valueInput(one, value, set) {
  if (one.values || one.type === "bool") {
    const choice = select([["", ""], ...(one.values || ["true", "false"]).map((term) => [term, term])], value);
    choice.addEventListener("change", () => set(choice.value));
    return choice;
  }
  const input = make("input");
  input.value = value;
  input.addEventListener("input", () => set(input.value.trim()));
  return input;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const two = (number) => String(number).padStart(2, "0");

/** A date as one writes it, in EDTF. */
export function dated(text) {
  const given = text.trim();
  const long = given.match(/^(?:(\d{1,2})\.? )?([A-Za-z]{3})[a-z]*\.? (?:(\d{1,2}),? )?(\d{4})$/);
  if (!long) return given;
  const month = MONTHS.indexOf(long[2].toLowerCase()) + 1;
  const day = long[1] || long[3];
  return month ? `${long[4]}-${two(month)}${day ? `-${two(day)}` : ""}` : given;
}

const EDTF = /^(?:(?:\d{4}(?:-\d\d(?:-\d\d(?:T[\d:]+Z?)?)?)?[~?%]?|\.\.|)\/?){1,2}$/;

/** Why a form is no claim yet. */
function problem(form) {
  if (!form.span && form.key === null) return "Which words of the document say so? Select them, or write them under Words.";
  if (!form.subject) return "Of what or whom is it said? Choose a subject.";
  if (!form.predicate) return "What is said of it? Choose a relation or a property.";
  if (!form.target) return isEdge(form.predicate) ? "Choose the object." : "Write the value.";
  const kind = kindOf(form.subject);
  if (isEdge(form.predicate)) {
    const edge = vocabulary.edges[form.predicate];
    if (!edge.from.includes(kind) || !edge.to.includes(kindOf(form.target))) return `${form.predicate} does not run from ${kind} to ${kindOf(form.target)}.`;
    for (const [id, said] of Object.entries(form.fields.meant || {})) if (!words(form.span).toLowerCase().includes(String(said).toLowerCase())) return `“${said}” does not stand in these words, and cannot mean ${nameOf(id)}.`;
    return "";
  }
  const one = spec(form);
  if (!one) return `${kind} has no property ${form.predicate}.`;
  if (one.type === "edtf" && !EDTF.test(dated(form.target))) return "Write the date as 2021, 2021-03, 2021-03-05, 2011/2018 or 3 May 2021.";
  if (["integer", "money", "number"].includes(one.type) && !/\d/.test(form.target)) return "Write the number in digits, as 2000000 or 2 million.";
  return "";
}

/** Keep what the form holds as a claim, and show it. */
function keepClaim(form) {
  change((now) => {
    for (const id of [form.subject, isEdge(form.predicate) ? form.target : "", form.fields.asserter]) if (id) declare(id, called(form, id));
    const fields = { ...form.fields };
    const one = spec(form);
    for (const name of ["valid", "asserted"]) if (fields[name]) fields[name] = dated(fields[name]);
    if (one?.type === "edtf") form.target = dated(form.target);
    if (one?.type === "money" && !fields.unit && !/[A-Z]{3}|[$€£]/.test(form.target)) fields.unit = one.unit || "USD";
    if (!Object.keys(fields.meant || {}).length) delete fields.meant;
    if (form.span) { fields.span = form.span; fields.paragraph = String(paragraphAt(form.span[0])); }
    const made = { home: null, verb: form.verb, triple: [form.subject, form.predicate, form.target], fields, state: "accepted" };
    const index = now.rows.findIndex((row) => row.key === form.key);
    const before = form.key !== null && index >= 0 ? now.rows[index] : null;
    if (before) made.home = before.home;
    summarise(now, made, before);
    if (before) {
      Object.assign(before, made);
      const next = now.rows.findIndex((row, i) => i > index && row.state === "open");
      if (next >= 0) ui.chosen = next;
    } else {
      ui.chosen = placeFor(now.rows, form.span);
      now.rows.splice(ui.chosen, 0, { key: now.next++, about: {}, ...made });
    }
    if (form.refused !== undefined) now.refused.splice(form.refused, 1);
    ui.last = { span: form.span, subject: form.subject, asserter: fields.asserter, hedge: fields.hedge };
    ui.form = null;
    ui.cursor = form.key === null ? form.span : null;
  });
}

/** A statement has one summary: what was written now is that of all its claims, else what was written of it before. */
function summarise(now, made, before) {
  const place = drafted || !before ? statementOf(made) : statementOf(before);
  const mates = now.rows.filter((row) => row !== before && row.state !== "rejected" && statementOf(row) === place);
  const written = made.fields.summary;
  if (written) for (const mate of mates) mate.fields.summary = written;
  else if (drafted || !before) made.fields.summary = mates[0]?.fields.summary || data.to_write;
}

/** Claims stand in the order of the text. */
function placeFor(rows, span) {
  const at = rows.findIndex((row) => row.fields.span && row.fields.span[0] > span[0]);
  return at < 0 ? rows.length : at;
}

