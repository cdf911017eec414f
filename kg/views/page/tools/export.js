// What is visible, as a file. Each carries its heading, corpus date, version, sources and marking.

import { el } from "../draw/dom.js";
import { provenance } from "../model/provenance.js";
import { claimsSeen, inert } from "../model/told.js";
import { counted, ownTime, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { oneLine } from "../rules/words.js";
import { columnsHere, tableRows } from "./rows.js";

export function download(name, type, content) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

export const fileName = (ending) =>
  `${
    model.about.title
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .toLowerCase() || "picture"
  }.${ending}`;

export function exportJson() {
  const nodes = [...shown.nodes].map((index) => {
    const { id, kind, name, ids, x, y } = model.nodes[index];
    const { names, time, properties } = counted.facts[index];
    return withOwn({ id, kind, name, names, ids, x, y, time }, properties);
  });
  const edges = [...shown.links].map((index) => edgeForFile(model.links[index]));
  download(
    fileName("json"),
    "application/json",
    JSON.stringify({ about: provenance(), nodes, edges }, null, 1),
  );
}

/** Properties beside a row's own keys. Those that are called like one stand under `properties`. */
function withOwn(own, properties) {
  const same = Object.entries(properties).filter(([name]) => name in own || name === "properties");
  return { ...properties, properties: same.length ? Object.fromEntries(same) : undefined, ...own };
}

function edgeForFile(link) {
  const { who, validFrom: _from, validTo: _to, properties, ...count } = counted.counts.get(link.index) ?? {};
  const claims = claimsSeen(link).map((claim) => ({
    ...claim,
    subject: model.entities[claim.subject].id,
    object: model.entities[claim.object].id,
    asserter: model.entities[claim.asserter]?.id ?? null,
    document: model.entities[claim.document]?.id ?? null,
    index: undefined,
    from: undefined,
    to: undefined,
    validFrom: undefined,
    validTo: undefined,
    ...Object.fromEntries(
      ["derived_from", "disputes", "retracts", "supersedes"].map((name) => [
        name,
        claim[name]?.map((one) => model.claims[one].id),
      ]),
    ),
  }));
  const own = {
    from: model.nodes[link.from].id,
    type: link.kind,
    to: model.nodes[link.to].id,
    declared: link.declared ?? false,
    ...count,
    who: who?.map((one) => model.entities[one].id),
    time: ownTime(link),
    claims,
  };
  return withOwn(own, { ...link.properties, ...properties });
}

/** A line above the rows: it may hold commas, but starts neither a quotation nor a formula after one. */
const note = (value) =>
  oneLine(value)
    .replaceAll('"', "'")
    .replace(/([,;]\s*)(?=[=+\-@＝＋－＠])/g, "$1'");

/** Rows of the table. */
export function exportCsv() {
  const cell = (value) => `"${inert(value).replaceAll('"', '""')}"`;
  const notes = Object.entries(provenance()).map(([name, value]) => `# ${name}: ${note(value)}`);
  const columns = columnsHere();
  const rows = [columns.map(([name]) => name), ...tableRows(columns).map((row) => row.cells)].map((cells) =>
    cells.map(cell).join(","),
  );
  download(fileName("csv"), "text/csv;charset=utf-8", [...notes, ...rows, ""].join("\r\n"));
}
