/** The claim file, as YAML. */
import { data } from "./text.js";
import { count, state, statementOf } from "./state.js";

function scalar(value) {
  const given = String(value);
  const plain = /^[A-Za-z0-9][\w :.()&+–—’-]*$/u.test(given) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(given) && !/: |:$| $|^\S+: *$/.test(given);
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

function statement(rows) {
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
  note(data.top.document);
  note(data.top.documents);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    Object.entries(state.entities).forEach(([id, one]) => { if (found.has(id)) note(one); });
  }
  return found;
}

/** What a draft notes of itself: by which words each of its claims is told, and what is still refused. */
function draft(kept) {
  const given = data.top.draft;
  if (!given) return [];
  const told = kept.filter((row) => row.about.triple && row.about.triple.join("\n") === row.triple.join("\n"));
  const list = (name, rows) => [rows.length ? `  ${name}:` : `  ${name}: []`, ...rows.map((row) => `  - ${JSON.stringify(row)}`)];
  return ["", "draft:", `  drafter: ${flow(given.drafter)}`, `  reviewed: ${count("open") === 0}`,
    `  text_sha256: ${flow(given.text_sha256)}`, ...list("claims", told.map((row) => row.about)), ...list("refused", state.refused)];
}

/** All of the file; what was rejected is left out. */
export function written() {
  const kept = state.rows.filter((row) => row.state !== "rejected");
  const named = used(kept);
  const lines = [];
  for (const name of ["document", "documents"]) {
    const given = data.top[name];
    if (Array.isArray(given)) lines.push(`${name}:`, ...given.map((one) => `- ${flow(one)}`), "");
    else if (given) lines.push(`${name}:`, ...Object.entries(given).map(([key, value]) => `  ${key}: ${flow(value)}`), "");
  }
  const things = Object.entries(state.entities).filter(([id]) => named.has(id));
  lines.push(things.length ? "entities:" : "entities: {}", ...things.map(([id, one]) => `  ${id}: ${flow(one)}`));
  lines.push("", kept.length ? "claims:" : "claims: []");
  const groups = new Map();
  for (const row of kept) groups.set(statementOf(row), [...(groups.get(statementOf(row)) || []), row]);
  for (const rows of groups.values()) lines.push("", ...statement(rows));
  return [...lines, ...draft(kept)].join("\n") + "\n";
}
