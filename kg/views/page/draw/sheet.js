// What is visible as a picture file: heading and caption above, the legend and the facts below, the picture
// in between, on a sheet of any size. The page's canvas, its files, and `kg render` draw it with this.

import { factLine } from "../model/provenance.js";
import { rowsOf, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { kindWords, words } from "../rules/words.js";
import { framing, onto } from "./camera.js";
import { colours } from "./colours.js";
import { drawEntry, indentOf, lineEntries } from "./key.js";
import { naming } from "./naming.js";
import { clean } from "./pen.js";
import { drawPicture } from "./picture.js";
import { reporterNames } from "./reporters.js";
import { sampleOf } from "./scene.js";
import { FONT, halo } from "./text.js";

/** Sizes that are asked for by name, in CSS pixels (96 to an inch). */
export const SIZES = {
  "16:9": [1600, 900],
  "A4 landscape": [1123, 794],
  "A4 portrait": [794, 1123],
  figure: [680, 510],
};

const PAD = 16;
const SAMPLE = 34; // how long a line of the legend is
const TITLE_FONT = `650 20px ${FONT}`;
const CAPTION_FONT = `400 12px ${FONT}`;
const FACT_FONT = `400 11px ${FONT}`;
const NOTHING = "Nothing is shown: nothing passes the lens and the filters.";

const FINER = [1, 1.2, 1.4]; // letters of some six points

/** How much smaller all of a sheet is to be drawn: nobody can zoom into paper, so as much as names and captions
    need to find room. `pen` makes something to draw on. */
export function fineness(pen, width, height) {
  let best = 1;
  let least = Infinity;
  for (const finer of FINER) {
    drawSheet(pen(), { width: width * finer, height: height * finer });
    const { unnamed, uncaptioned, untold, density } = naming.drawn;
    const lost = unnamed + uncaptioned + untold;
    if (lost < least) [best, least] = [finer, lost];
    if (!least || density) break;
  }
  return best;
}

/** A sheet of this size on a canvas that has `scale` pixels to each of its own, as fine as it has to be. */
export function drawPaper(ctx, pen, { width, height }, scale) {
  const finer = fineness(pen, width, height);
  ctx.scale(scale / finer, scale / finer);
  return drawSheet(ctx, { width: width * finer, height: height * finer });
}

/** The whole sheet. `at`: the view that is drawn on it; without one, all that is shown. `remarks`: what the
    reader is told beside the facts. Returns how high the sheet is. */
export function drawSheet(ctx, { width, height, at = null, remarks = [], chosen = null }) {
  const sheet = sheetOf(ctx, width, remarks);
  const high = at?.height ?? Math.max(120, height - sheet.head - sheet.foot);
  const whole = sheet.head + high + sheet.foot;
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, 0, width, whole);
  inside(ctx, sheet.head, width, high, () => {
    if (!shown.nodes.size) return drawNothing(ctx, high / 2, width);
    const nodes = rowsOf(model.nodes, shown.nodes);
    return drawPicture(ctx, at ?? onto(framing(nodes, width, high)), { chosen, paper: true });
  });
  drawAround(ctx, sheet, sheet.head + high);
  return whole;
}

/** How high a sheet is whose picture is so high. */
export function heightOf(ctx, width, high, remarks = []) {
  const { head, foot } = sheetOf(ctx, width, remarks);
  return head + high + foot;
}

function inside(ctx, top, width, height, draw) {
  if (ctx.within) return ctx.within(0, top, width, height, draw);
  ctx.save();
  ctx.translate(0, top);
  ctx.beginPath();
  ctx.rect(0, 0, width, height);
  ctx.clip();
  draw();
  return ctx.restore();
}

function drawNothing(ctx, y, width) {
  const lines = wrapText(ctx, NOTHING, width - 2 * PAD, FACT_FONT);
  ctx.font = FACT_FONT;
  lines.forEach((text, index) => halo(ctx, text, width / 2, y + index * 15, colours.ink));
}

/** A text in lines of at most this width; a word that is wider is broken. */
function wrapText(ctx, text, width, font) {
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

/** What a picture says of itself, without what only a screen can do. */
const onPaper = (text) => text.replace(/\s*Click [^.]*\./g, "");

/** What stands above and below a picture of this width, and how much room it takes. */
function sheetOf(ctx, width, remarks) {
  const room = width - 2 * PAD;
  const title = wrapText(ctx, model.about.title, room, TITLE_FONT);
  const caption = wrapText(ctx, onPaper(model.about.about), Math.min(room, 1100), CAPTION_FONT);
  const lines = [factLine(), ...remarks].flatMap((text) => wrapText(ctx, text, room, FACT_FONT));
  const legend = laidOut(ctx, legendEntries(), width);
  const facts = (legend.at(-1)?.y ?? 0) + 22;
  const head = title.length * 25 + caption.length * 16 + 22;
  return { width, title, caption, lines, legend, facts, head, foot: facts + lines.length * 15 + 6 };
}

/** Kinds, relations and line styles, as the legend of the page has them. */
function legendEntries() {
  const of = (names, rows) => {
    const here = new Set(rows.map(({ kind }) => kind));
    return Object.keys(names).filter((name) => here.has(name));
  };
  const kinds = of(model.kinds, rowsOf(model.nodes, shown.nodes));
  const relations = of(model.relations, rowsOf(model.links, shown.links));
  return [
    ...kinds.map((kind) => ({ kind, text: kindWords(kind) })),
    ...relations.map((kind) => ({ style: sampleOf(kind), text: words(kind) })),
    ...lineEntries(true),
    ...reporterNames().map((text) => ({ text })),
  ];
}

function laidOut(ctx, entries, width) {
  ctx.font = FACT_FONT;
  let [x, y] = [PAD, 20];
  return entries.map((entry) => {
    const indent = indentOf(entry, SAMPLE);
    const wide = indent + ctx.measureText(entry.text).width + 16;
    if (x > PAD && x + wide > width) [x, y] = [PAD, y + 18];
    const made = { ...entry, x, y, indent };
    x += wide;
    return made;
  });
}

function drawAround(ctx, sheet, bottom) {
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  write(ctx, sheet.title, TITLE_FONT, colours.ink, 31, 25);
  write(ctx, sheet.caption, CAPTION_FONT, colours.muted, 26 + sheet.title.length * 25, 16);
  for (const entry of sheet.legend) drawEntry(ctx, { ...entry, font: FACT_FONT, sample: SAMPLE }, bottom + entry.y);
  write(ctx, sheet.lines, FACT_FONT, colours.muted, bottom + sheet.facts, 15);
}

function write(ctx, lines, font, colour, top, step) {
  ctx.font = font;
  ctx.fillStyle = colour;
  lines.forEach((text, index) => ctx.fillText(text, PAD, top + index * step));
}
