// What is visible, as a file. Each carries its heading, corpus date, version, sources and marking.

import { drawSymbol } from "../draw/canvas.js";
import { colours } from "../draw/colours.js";
import { el } from "../draw/dom.js";
import { drawNothing, drawSheet, factLines, sectionLine, sheetOf } from "../draw/sheet.js";
import { atZoomOne, drawnAsSvg } from "../draw/svg.js";
import { provenance } from "../model/provenance.js";
import { claimsSeen, inert } from "../model/told.js";
import { counted, ownTime, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { oneLine } from "../rules/words.js";
import { columnsHere, tableRows } from "./rows.js";

function download(name, type, content) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const fileName = (ending) =>
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

export function exportPng() {
  const from = /** @type {HTMLCanvasElement} */ (document.querySelector("#canvas canvas"));
  const ratio = from.width / from.clientWidth;
  const sheet = sheetOf(from.clientWidth, [...factLines(), ...sectionLine()]);
  const height = sheet.head + from.clientHeight + sheet.foot;
  const canvas = el("canvas", { width: from.width, height: Math.ceil(height * ratio) });
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(from, 0, Math.round(sheet.head * ratio));
  ctx.scale(ratio, ratio);
  drawSheet(ctx, sheet, sheet.head + from.clientHeight);
  for (const { kind, x, y } of sheet.legend)
    if (kind) drawSymbol(ctx, { kind }, x + 8, sheet.head + from.clientHeight + y - 4, 6);
  if (!shown.nodes.size) drawNothing(ctx, sheet.head + from.clientHeight / 2, from.clientWidth);
  canvas.toBlob((blob) => download(fileName("png"), "image/png", blob), "image/png");
}

export function exportSvg() {
  const image = atZoomOne(drawnAsSvg);
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(image)}`;
  download(fileName("svg"), "image/svg+xml", text);
}
