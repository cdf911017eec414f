// The visible relations as rows of a table.

import { liveClaims, standingText, whenSaid } from "../model/told.js";
import { counted, shown } from "../model/visible.js";
import { model, nameOf } from "../rules/rows.js";
import { once, words } from "../rules/words.js";

const COLUMNS = [
  ["From", (link) => nameOf(link.from)],
  ["Relation", (link) => words(link.kind)],
  ["To", (link) => nameOf(link.to)],
  ["When", whenSaid],
  ["Asserters", (link) => counted.counts.get(link.index)?.asserters ?? ""],
  ["Statements", (link) => counted.counts.get(link.index)?.support ?? ""],
  ["Who says so", (link) => (counted.counts.get(link.index)?.who ?? []).map(nameOf).join("; ")],
  ["Standing", (link) => standingText(link)],
  [
    "Documents",
    (link) =>
      [
        ...new Set(
          liveClaims(link)
            .map((claim) => claim.document)
            .filter((one) => one !== undefined),
        ),
      ]
        .map(nameOf)
        .join("; "),
  ],
];

export const MOST_ROWS = 1000;

/** All of them: who says so is followed by what columns of claims are declared to stand in a table, where
    some claim has them. */
export function columnsHere() {
  const told = model.about.columns.filter(
    ({ name, table }) => table && model.claims.some((claim) => claim[name] !== undefined),
  );
  const of = ({ name, label }) => [
    label[0].toUpperCase() + label.slice(1),
    (link) => once(liveClaims(link).map((claim) => (claim[name] === true ? "yes" : claim[name]))),
  ];
  const at = 1 + COLUMNS.findIndex(([name]) => name === "Who says so");
  return [...COLUMNS.slice(0, at), ...told.map(of), ...COLUMNS.slice(at)];
}

/** Visible relations as rows of cells, each with its link. */
export const tableRows = (columns) =>
  [...shown.links].map((index) => ({
    link: model.links[index],
    cells: columns.map(([, cell]) => cell(model.links[index])),
  }));

export const compare = (one, another) =>
  typeof one === "number" && typeof another === "number"
    ? one - another
    : String(one).localeCompare(String(another));
