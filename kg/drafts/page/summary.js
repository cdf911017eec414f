/** The summary that is proposed for a statement, made from its claims' parts alone (`kg.drafts.summary`). */
import { data } from "./text.js";

const NOBODY = "Somebody not named";
export const BOUNDS = { lower: "over ", upper: "up to " };

const kindAt = (id) => String(id).split(":", 1)[0];

export function phraseBetween(predicate, subject) {
  const phrase = data.vocabulary.edges[predicate]?.phrase || {};
  return phrase[kindAt(subject)] || phrase.else || predicate.toLowerCase().replaceAll("_", " ");
}

/** A value as one says it: `over 2000000 USD`. */
export function valueSaid([, , target], { bound, unit }) {
  return `${BOUNDS[bound] || ""}${target}${unit ? ` ${unit}` : ""}`;
}

function valued(row, nameOf) {
  const [subject, predicate] = row.triple;
  const spec = (data.vocabulary.kinds[kindAt(subject)]?.values || []).find((one) => one.name === predicate);
  const name = predicate.replaceAll("_", " "), said = valueSaid(row.triple, row.fields);
  return spec?.type === "edtf" ? `${said} as when ${nameOf(subject)} ${name}` : `${said} as the ${name} of ${nameOf(subject)}`;
}

/** The parts of a sentence for what a statement says, or for what it denies. */
function told(rows, verb, nameOf) {
  const hedged = ({ fields }) => (fields.hedge ? ` (“${fields.hedge}”)` : "");
  const mine = rows.filter((row) => row.verb === verb);
  const edges = mine.filter((row) => row.triple[1] in data.vocabulary.edges);
  const related = edges.map((row, i) => `${i ? "" : `${verb} `}that ${nameOf(row.triple[0])} ${phraseBetween(row.triple[1], row.triple[0])} ${nameOf(row.triple[2])}${hedged(row)}`);
  return [...related, ...mine.filter((row) => !edges.includes(row)).map((row) => `${verb === "says" ? "gives" : "denies"} ${valued(row, nameOf)}${hedged(row)}`)];
}

export function summaryOf(rows, nameOf) {
  const who = rows[0].fields.asserter ? nameOf(rows[0].fields.asserter) : NOBODY;
  const parts = [...told(rows, "says", nameOf), ...told(rows, "denies", nameOf)];
  return `${who} ${parts.slice(0, -1).join(", ")}${parts.length > 1 ? " and " : ""}${parts.at(-1)}.`;
}
