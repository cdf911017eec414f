/** The claim file, as YAML. */
import { data, mark, words } from "./text.js";
import { drafted, proposedFor, reviewed, state, statements, unwritten } from "./state.js";

function scalar(value) {
  const given = String(value);
  const plain = /^[A-Za-z0-9(][\w :.()&+–—’-]*$/u.test(given) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(given) && !/: |:$| $|^\S+: *$/.test(given);
  return plain || given === "true" || given === "false" || /^\.\.\/[\d-]+$|^[\d.-]+\/(?:[\d.-]*)$/.test(given) ? given : JSON.stringify(given);
}

function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (value === null || value === undefined) return "null";
  if (typeof value === "object") return `{${Object.entries(value).map(([key, one]) => `${key}: ${flow(one)}`).join(", ")}}`;
  return scalar(value);
}

const ORDER = ["asserter", "document", "paragraph", "span", "summary"];

/** What all rows of a statement have in common stands once. */
function shared(rows) {
  const names = [...ORDER, ...Object.keys(rows[0].fields).filter((name) => !ORDER.includes(name))];
  const same = (name) => rows.every((row) => JSON.stringify(row.fields[name]) === JSON.stringify(rows[0].fields[name]));
  return names.filter((name) => rows[0].fields[name] !== undefined && same(name));
}

/** The summary that was proposed is the statement's once all of it is accepted. */
function settled(rows) {
  if (!rows.every((row) => unwritten(row) && row.state === "accepted")) return rows;
  const summary = proposedFor(rows);
  return rows.map((row) => ({ ...row, fields: { ...row.fields, summary } }));
}

function statement(given) {
  const rows = settled(given);
  const common = shared(rows);
  const lines = common.map((name) => `${name}: ${flow(rows[0].fields[name])}`);
  for (const verb of ["says", "denies"]) {
    const mine = rows.filter((row) => row.verb === verb);
    if (!mine.length) continue;
    lines.push(`${verb}:`);
    for (const row of mine) {
      const own = Object.entries(row.fields).filter(([name, one]) => !common.includes(name) && one !== undefined);
      lines.push(`- ${flow(own.length ? [...row.triple, Object.fromEntries(own)] : row.triple)}`);
    }
  }
  return lines.map((line, i) => `${i ? "  " : "- "}${line}`);
}

/** Ids that what is kept speaks of, and what these belong to. */
function used(kept) {
  const found = new Set();
  const note = (value) => {
    if (Array.isArray(value)) value.forEach(note);
    else if (value && typeof value === "object") Object.values(value).forEach(note);
    else if (value) found.add(String(value));
  };
  kept.forEach((row) => { note(row.triple); note(row.fields); });
  note(state.document);
  note(data.top.documents);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    Object.entries(state.entities).forEach(([id, one]) => { if (found.has(id)) note(one); });
  }
  return found;
}

/** What a draft notes of a claim; of one that was changed since, no more than that it is open. */
function aboutOf(row) {
  const { open: _open, ...noted } = row.about;
  const stands = noted.triple && noted.triple.join("\n") === row.triple.join("\n");
  if (row.state !== "open" && !stands) return null;
  const about = stands ? noted : { triple: row.triple };
  if (row.fields.span) about.span = row.fields.span;
  if (row.verb === "denies") about.denies = true; else delete about.denies;
  return row.state === "open" && reviewed() === "partly" ? { ...about, open: true } : about;
}

/** What a draft notes of itself: how far it is reviewed, by which words each claim is told, what is still refused. */
function draft(kept) {
  const given = data.top.draft || {};
  if (!drafted && reviewed() === "true") return [];
  const list = (name, rows) => [rows.length ? `  ${name}:` : `  ${name}: []`, ...rows.map((row) => `  - ${JSON.stringify(row)}`)];
  const spans = [...new Set(kept.filter((row) => row.fields.span).map((row) => JSON.stringify(row.fields.span)))].map((one) => JSON.parse(one));
  return ["", "draft:", ...(given.drafter ? [`  drafter: ${flow(given.drafter)}`] : []), `  reviewed: ${reviewed()}`, `  text_sha256: ${data.text_sha256}`,
    `  spans: ${JSON.stringify(spans.map((span) => [...span, mark(words(span))]))}`,
    ...list("claims", kept.map(aboutOf).filter(Boolean)), ...list("refused", state.refused)];
}

/** What stands above all else: how far a draft is reviewed, or what somebody wrote there. */
function head() {
  const lines = data.heads ? data.heads[reviewed()] : (data.comment || "").split("\n").filter(Boolean);
  return lines.length ? [...lines, ""] : [];
}

/** All of the file; what was rejected is left out, and with it what only that spoke of. */
export function written() {
  const kept = state.rows.filter((row) => row.state !== "rejected");
  const named = used(kept), gone = used(state.rows.filter((row) => row.state === "rejected"));
  const lines = head();
  for (const [name, given] of [["document", data.top.document && state.document], ["documents", data.top.documents]]) {
    if (Array.isArray(given)) lines.push(`${name}:`, ...given.map((one) => `- ${flow(one)}`), "");
    else if (given) lines.push(`${name}:`, ...Object.entries(given).map(([key, value]) => `  ${key}: ${flow(value)}`), "");
  }
  const things = Object.entries(state.entities).filter(([id]) => named.has(id) || !gone.has(id));
  lines.push(things.length ? "entities:" : "entities: {}", ...things.map(([id, one]) => `  ${id}: ${flow(one)}`));
  lines.push("", kept.length ? "claims:" : "claims: []");
  for (const rows of statements(kept).values()) lines.push("", ...statement(rows));
  return [...lines, ...draft(kept)].join("\n") + "\n";
}
