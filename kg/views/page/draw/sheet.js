// What is visible as a picture file: its heading above, the facts and the legend below, all of it wrapped
// to the width.

import { factLine } from "../model/provenance.js";
import { rowsOf, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { kindWords, words } from "../rules/words.js";
import { drawCross, view } from "./canvas.js";
import { colours } from "./colours.js";
import { el } from "./dom.js";
import { junctionRenderer, sampleOf, segmentsShown } from "./lines.js";
import { FONT, halo } from "./text.js";

const PAD = 16;

const TITLE_FONT = `650 20px ${FONT}`;

const FACT_FONT = `400 11px ${FONT}`;

/** The canvas shows a section: what lies outside it is not in the picture. */
export function sectionLine() {
  const at = view();
  const inside = [...shown.nodes].filter((index) => {
    const { x, y } = at.place(model.nodes[index]);
    return x >= 0 && y >= 0 && x <= at.width && y <= at.height;
  });
  const [some, all] = [inside.length, shown.nodes.size].map((count) => count.toLocaleString("en"));
  return some === all ? [] : [`Section: ${some} of the ${all} nodes shown lie in it.`];
}

const NOTHING = "Nothing is shown: nothing passes the lens and the filters.";

export function drawNothing(ctx, y, width) {
  const lines = wrapText(NOTHING, width - 2 * PAD, FACT_FONT);
  ctx.font = FACT_FONT;
  lines.forEach((text, index) => halo(ctx, text, width / 2, y + index * 15, colours.ink));
}

export const factLines = () => [factLine()];

let pad = null;
export const measuring = () => (pad ??= el("canvas").getContext("2d"));

/** XML 1.0 knows no control characters, whatever a name holds; nor may a name turn what follows it. */
export const clean = (text) =>
  text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");

/** A text in lines of at most this width; a word that is wider is broken. */
function wrapText(text, width, font) {
  const ctx = measuring();
  ctx.font = font;
  const fits = (some) => ctx.measureText(some).width <= width;
  const lines = [];
  let now = "";
  for (const word of clean(text).split(/\s+/)) {
    if (fits(now ? `${now} ${word}` : word)) {
      now = now ? `${now} ${word}` : word;
      continue;
    }
    if (now) lines.push(now);
    now = "";
    for (const letter of word) {
      if (now && !fits(now + letter)) {
        lines.push(now);
        now = "";
      }
      now += letter;
    }
  }
  return now ? [...lines, now] : lines;
}

/** What stands above and below a picture of this width, and how much room it takes. */
export function sheetOf(width, facts) {
  const title = wrapText(model.about.title, width - 2 * PAD, TITLE_FONT);
  const lines = facts.flatMap((text) => wrapText(text, width - 2 * PAD, FACT_FONT));
  const legend = placed(legendEntries(), width, lines.length * 15 + 24);
  const foot = (legend.at(-1)?.y ?? lines.length * 15) + 16;
  return { width, title, lines, legend, head: title.length * 25 + 20, foot };
}

/** Kinds, relations and line styles, as the legend of the page has them. */
function legendEntries() {
  const muted = colours.muted;
  const of = (names, rows) => Object.keys(names).filter((name) => rows.some(({ kind }) => kind === name));
  const kinds = of(model.kinds, rowsOf(model.nodes, shown.nodes));
  const relations = of(model.relations, rowsOf(model.links, shown.links));
  return [
    ...kinds.map((kind) => ({ kind, text: kindWords(kind) })),
    ...relations.map((kind) => ({ style: sampleOf(kind), text: words(kind) })),
    { style: { color: muted, width: 1 }, text: "declared, nobody's claim" },
    { style: { color: muted, width: 2 }, text: "one asserter" },
    { style: { color: muted, width: 5 }, text: "several independent asserters" },
    { style: { color: muted, width: 2, dashes: [8, 5] }, text: "hedged by the source" },
    { style: { color: colours.disputed, width: 2 }, cross: true, text: "disputed" },
    { style: { color: colours.gone, width: 1.4, dashes: [2, 5] }, text: "taken back" },
    ...(segmentsShown().junctions.length ? [{ junction: true, text: "blamed together" }] : []),
  ];
}

function placed(entries, width, top) {
  const ctx = measuring();
  ctx.font = FACT_FONT;
  let [x, y] = [PAD, top];
  return entries.map((entry) => {
    const indent = entry.style ? 40 : 21;
    const wide = indent + ctx.measureText(entry.text).width + 16;
    if (x > PAD && x + wide > width) [x, y] = [PAD, y + 18];
    const made = { ...entry, x, y, indent };
    x += wide;
    return made;
  });
}

/** Everything of a sheet but the symbols of kinds. */
export function drawSheet(ctx, sheet, bottom) {
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.font = TITLE_FONT;
  ctx.fillStyle = colours.ink;
  sheet.title.forEach((text, index) => ctx.fillText(text, PAD, 31 + index * 25));
  ctx.font = FACT_FONT;
  ctx.fillStyle = colours.muted;
  sheet.lines.forEach((text, index) => ctx.fillText(text, PAD, bottom + 18 + index * 15));
  for (const entry of sheet.legend) {
    const y = bottom + entry.y;
    if (entry.style) drawSample(ctx, entry.style, entry.x, y - 4);
    if (entry.cross) drawCross(ctx, { x: entry.x + 17, y: y - 4 });
    if (entry.junction) drawDot(ctx, entry.x + 8, y - 4);
    ctx.fillStyle = colours.muted;
    ctx.fillText(entry.text, entry.x + entry.indent, y);
  }
}

function drawSample(ctx, { color, width, dashes }, x, y) {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + 34, y);
  ctx.lineWidth = width;
  ctx.strokeStyle = color;
  ctx.setLineDash(dashes ?? []);
  ctx.stroke();
  ctx.setLineDash([]);
}

export const drawDot = (ctx, x, y) => junctionRenderer({ ctx, x, y }).drawNode();
