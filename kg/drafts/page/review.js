/** Review of a claim file beside its document: accept, edit, reject; save as a claim file. */
const data = JSON.parse(document.getElementById("data").textContent);
const points = Array.from(data.text); // spans count code points
const top_ = data.top;
const rows = [];

/** Each triple of the file is one row, whatever statement it stands in. */
(top_.claims || []).forEach((claim, statement) => {
  for (const verb of ["says", "denies"]) {
    let triples = claim[verb] || [];
    if (triples.length && !Array.isArray(triples[0])) triples = [triples];
    triples.forEach((triple) => rows.push({
      statement, verb, triple: triple.slice(0, 3), fields: { ...(triple[3] || {}) },
      state: data.reviewed ? "accepted" : "open", about: found(triple),
    }));
  }
});

function found(triple) {
  const key = triple.slice(0, 3).join("\n");
  return ((top_.draft || {}).claims || []).find((one) => one.triple.join("\n") === key) || {};
}

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function nameOf(id) {
  const entity = (top_.entities || {})[id];
  return entity === undefined ? id : typeof entity === "string" ? entity : entity.name;
}

function setName(id, name) {
  const entity = top_.entities[id];
  if (typeof entity === "string") top_.entities[id] = name; else entity.name = name;
}

function spanOf(row) {
  const own = row.fields.span || top_.claims[row.statement].span;
  return own ? own.map(Number) : null;
}

/** Words that a row rests on: [start, end] pairs, chains and all. */
function wordsOf(row) {
  const all = [];
  const collect = (value) => {
    if (!Array.isArray(value)) return;
    if (value.length === 2 && value.every((one) => !Array.isArray(one))) all.push(value.map(Number));
    else value.forEach(collect);
  };
  Object.values(row.about.words || {}).forEach(collect);
  return all;
}

// The document

let current = 0;

function drawText() {
  const home = document.getElementById("text");
  const row = rows[current];
  const here = row ? spanOf(row) : null;
  const words = row ? wordsOf(row) : [];
  const told = rows.map(spanOf).filter(Boolean);
  const marks = new Set([0, points.length]);
  for (const [start, end] of [...told, ...words, ...(here ? [here] : [])]) { marks.add(start); marks.add(end); }
  const cuts = [...marks].sort((a, b) => a - b);
  home.replaceChildren();
  let start = 0, number = 0;
  for (const line of data.text.split("\n")) {
    const end = start + Array.from(line).length;
    if (line.trim()) {
      const paragraph = make("p");
      paragraph.dir = "auto";
      paragraph.append(make("span", String(++number), "number"));
      const inside = [start, ...cuts.filter((cut) => cut > start && cut < end), end];
      for (let i = 0; i + 1 < inside.length; i++) {
        paragraph.append(piece(inside[i], inside[i + 1], here, words, told));
      }
      home.append(paragraph);
    }
    start = end + 1;
  }
  const shown = home.querySelector(".here");
  if (shown) shown.scrollIntoView({ block: "center" });
}

function piece(start, end, here, words, told) {
  const within = ([from, to]) => from <= start && end <= to;
  const element = make("span", points.slice(start, end).join(""));
  if (told.some(within)) {
    element.classList.add("told");
    element.addEventListener("click", () => go(rows.findIndex((row) => spanOf(row) && within(spanOf(row)))));
  }
  if (here && within(here)) element.classList.add("here");
  if (words.some(within)) element.classList.add("word");
  return element;
}

// The proposals

let editing = -1;

function drawClaims() {
  const home = document.getElementById("claims");
  home.replaceChildren(...rows.map(card));
  const chosen = home.children[current];
  if (chosen) chosen.scrollIntoView({ block: "nearest" });
  const count = (state) => rows.filter((row) => row.state === state).length;
  document.getElementById("progress").textContent =
    `${rows.length} proposed: ${count("accepted")} accepted, ${count("rejected")} rejected, ${count("open")} open`
    + (data.refused ? ` · ${data.refused} refused by the proof` : "");
}

function card(row, index) {
  const element = make("article", undefined, `card ${row.state}${index === current ? " current" : ""}`);
  element.dataset.index = index;
  element.addEventListener("click", () => { if (index !== current) go(index); });
  const claim = top_.claims[row.statement];
  if (row.about.score !== undefined) element.append(make("span", Number(row.about.score).toFixed(2), "score"));
  element.append(sentence(row));
  const who = row.fields.asserter || claim.asserter;
  const hedge = "hedge" in row.fields ? row.fields.hedge : claim.hedge;
  const collective = "collective" in row.fields ? row.fields.collective : claim.collective;
  const notes = [`${who ? nameOf(who) : "nobody named"} says so`, hedge && `hedged: ${hedge}`,
    String(collective) === "true" && "together", claim.paragraph && `paragraph ${claim.paragraph}`,
    ...Object.entries(row.fields).filter(([key]) => !["hedge", "collective", "asserter"].includes(key))
      .map(([key, value]) => `${key}: ${value}`)];
  element.append(make("p", notes.filter(Boolean).join(" · "), "note"));
  if (index === current) {
    for (const reason of row.about.because || []) element.append(make("p", `– ${reason}`, "note"));
    element.append(editing === index ? editor(row) : buttons(index));
  }
  return element;
}

function sentence(row) {
  const [subject, predicate, target] = row.triple;
  const line = make("div", undefined, "triple");
  if (row.verb === "denies") line.append(make("span", "denies: ", "not"));
  line.append(make("b", nameOf(subject)), make("span", predicate, "edge"), make("b", nameOf(target)));
  return line;
}

function buttons(index) {
  const line = make("div", undefined, "actions");
  for (const [word, run] of [["Accept", () => decide(index, "accepted")], ["Reject", () => decide(index, "rejected")],
    ["Edit", () => edit(index)]]) {
    const button = make("button", word);
    button.addEventListener("click", (event) => { event.stopPropagation(); run(); });
    line.append(button);
  }
  return line;
}

function editor(row) {
  const claim = top_.claims[row.statement];
  const form = make("div", undefined, "fields");
  const field = (label, value, set) => {
    const input = make("input");
    input.value = value === undefined || value === null ? "" : String(value);
    input.setAttribute("aria-label", label);
    input.addEventListener("input", () => set(input.value));
    form.append(make("label", label), input);
  };
  const unwritten = "(to be written)";
  field("summary", claim.summary === unwritten ? "" : claim.summary, (value) => { claim.summary = value || unwritten; });
  ["subject", "predicate", "object or value"].forEach((label, i) => field(label, row.triple[i], (value) => { row.triple[i] = value; }));
  field("asserter", claim.asserter, (value) => { if (value) claim.asserter = value; else delete claim.asserter; });
  field("hedge", "hedge" in row.fields ? row.fields.hedge : claim.hedge, (value) => { row.fields.hedge = value || null; });
  return form;
}

// Who and what is named

function drawThings() {
  const home = document.getElementById("things");
  const used = new Set(rows.filter((row) => row.state !== "rejected").flatMap((row) => [row.triple[0], row.triple[2], top_.claims[row.statement].asserter]));
  home.replaceChildren(make("h2", "Who and what is named"));
  for (const id of Object.keys(top_.entities || {}).filter((one) => used.has(one))) {
    const known = data.known[id];
    const line = make("div", undefined, "thing");
    const input = make("input");
    input.value = nameOf(id);
    input.setAttribute("aria-label", `name of ${id}`);
    input.addEventListener("change", () => { setName(id, input.value); drawClaims(); });
    line.append(input, make("code", id), make("span", known ? "known" : "new", known ? "tag" : "tag new"));
    if (known) line.append(make("p", known, "note"));
    for (const other of data.suggested[id] || []) {
      const button = make("button", `is ${other.name}`);
      button.title = `${other.id}: ${other.because}`;
      button.addEventListener("click", () => become(id, other));
      line.append(button);
    }
    home.append(line);
  }
}

/** What was taken for new is a known one: its id goes everywhere. */
function become(id, other) {
  for (const row of rows) row.triple = row.triple.map((end) => (end === id ? other.id : end));
  for (const claim of top_.claims) if (claim.asserter === id) claim.asserter = other.id;
  delete top_.entities[id];
  top_.entities[other.id] = other.name;
  data.known[other.id] = other.because;
  draw();
}

// Deciding

function go(index) {
  if (index < 0 || index >= rows.length) return;
  current = index; editing = -1; draw();
}

function decide(index, state) {
  rows[index].state = state;
  const next = rows.findIndex((row, i) => i > index && row.state === "open");
  go(next >= 0 ? next : Math.min(index + 1, rows.length - 1));
}

function edit(index) {
  editing = index; drawClaims();
  const input = document.querySelector(".card.current input");
  if (input) input.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof HTMLInputElement) {
    if (event.key === "Escape") { editing = -1; draw(); }
    return;
  }
  const keys = {
    j: () => go(current + 1), k: () => go(current - 1), ArrowDown: () => go(current + 1), ArrowUp: () => go(current - 1),
    a: () => decide(current, "accepted"), r: () => decide(current, "rejected"), u: () => { rows[current].state = "open"; draw(); },
    e: () => edit(current), s: save,
  };
  if (rows.length && keys[event.key]) { event.preventDefault(); keys[event.key](); }
});

// Saving

function scalar(value) {
  const text = String(value);
  const plain = /^[A-Za-z0-9][\w :.()&+–—’-]*$/u.test(text) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(text) && !/: |:$| $/.test(text);
  return plain || /^\.\.\/[\d-]+$|^[\d.-]+\/(?:[\d.-]*)$/.test(text) ? text : JSON.stringify(text);
}

function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (value === null || value === undefined) return "null";
  if (typeof value === "object") return `{${Object.entries(value).map(([key, one]) => `${key}: ${flow(one)}`).join(", ")}}`;
  return scalar(value);
}

function written() {
  const kept = rows.filter((row) => row.state !== "rejected");
  const used = new Set();
  const note = (value) => {
    if (Array.isArray(value)) value.forEach(note);
    else if (value && typeof value === "object") Object.values(value).forEach(note);
    else if (value) used.add(String(value));
  };
  kept.forEach((row) => { note(row.triple); note(row.fields); note(top_.claims[row.statement].asserter); });
  note(top_.document);
  for (let size = -1; size !== used.size;) { // what is named may belong to what else is
    size = used.size;
    Object.entries(top_.entities || {}).forEach(([id, one]) => { if (used.has(id)) note(one); });
  }
  const lines = ["document:", ...Object.entries(top_.document || {}).map(([key, value]) => `  ${key}: ${flow(value)}`), "", "entities:"];
  for (const [id, one] of Object.entries(top_.entities || {})) if (used.has(id)) lines.push(`  ${id}: ${flow(one)}`);
  lines.push("", kept.length ? "claims:" : "claims: []");
  top_.claims.forEach((claim, statement) => {
    const mine = kept.filter((row) => row.statement === statement);
    if (!mine.length) return;
    const rest = Object.entries(claim).filter(([key]) => key !== "says" && key !== "denies");
    lines.push("", ...rest.map(([key, value], i) => `${i ? "  " : "- "}${key}: ${flow(value)}`));
    for (const verb of ["says", "denies"]) {
      const triples = mine.filter((row) => row.verb === verb);
      if (!triples.length) continue;
      lines.push(`${rest.length || verb === "denies" ? "  " : "- "}${verb}:`);
      for (const row of triples) {
        lines.push(`  - ${flow(Object.keys(row.fields).length ? [...row.triple, row.fields] : row.triple)}`);
      }
    }
  });
  const open = rows.some((row) => row.state === "open");
  if (top_.draft) lines.push("", "draft:", `  drafter: ${flow(top_.draft.drafter)}`, `  reviewed: ${!open}`, `  text_sha256: ${flow(top_.draft.text_sha256)}`);
  return lines.join("\n") + "\n";
}

function save() {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([written()], { type: "application/yaml" }));
  link.download = data.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function draw() { drawText(); drawClaims(); drawThings(); }

document.getElementById("save").addEventListener("click", save);
document.getElementById("accept-sure").addEventListener("click", () => {
  rows.forEach((row) => { if (row.state === "open" && Number(row.about.score) >= 0.85) row.state = "accepted"; });
  draw();
});
draw();
document.body.dataset.drawn = "true";
