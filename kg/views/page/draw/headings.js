// Headings of columns and lanes, and days.

import { model } from "../rules/rows.js";
import { colours } from "./colours.js";
import { naming } from "./naming.js";
import { breakLines, FONT, fitted, halo, NARROW } from "./text.js";

const HEADING = 26; // height of the strip on top
const RULES_APART = 24; // nearer to each other they would be a texture

const headingFont = (at) => `650 ${at.width < NARROW ? 10.5 : 12}px ${FONT}`;

/** Columns are shaded in turn, lanes too. */
export function drawBands(ctx, at) {
  model.bands.forEach(([, start, end, axis], index) => {
    const [a, b] = [at.place({ x: start, y: start }), at.place({ x: end, y: end })];
    ctx.fillStyle = colours.band;
    if (index % 2) return;
    if (axis === "x") fill(ctx, Math.max(0, a.x), 0, Math.min(at.width, b.x), at.height);
    else fill(ctx, 0, Math.max(0, a.y), at.width, Math.min(at.height, b.y));
  });
  let last = -Infinity;
  for (const [x] of model.ticks) {
    const { x: place } = at.place({ x, y: 0 });
    if (place < 0 || place > at.width || place - last < RULES_APART) continue;
    drawRule(ctx, place, at.height);
    last = place;
  }
}

const fill = (ctx, left, top, right, bottom) => {
  if (right > left && bottom > top) ctx.fillRect(left, top, right - left, bottom - top);
};

function drawRule(ctx, x, height) {
  ctx.beginPath();
  ctx.moveTo(x, HEADING);
  ctx.lineTo(x, height);
  ctx.lineWidth = 1;
  ctx.strokeStyle = colours.rule;
  ctx.setLineDash([1, 5]);
  ctx.stroke();
  ctx.setLineDash([]);
}

export function drawHeadings(ctx, at) {
  if (!model.bands.length) return;
  ctx.fillStyle = colours.canvas;
  ctx.globalAlpha = 0.86;
  ctx.fillRect(0, 0, at.width, stripHeight(ctx, at));
  ctx.globalAlpha = 1;
  if (model.bands[0][3] === "x") drawColumnHeadings(ctx, at);
  else
    for (const { lines, x, y } of laneHeadings(ctx, at)) {
      lines.forEach((text, index) =>
        halo(ctx, text, x + ctx.measureText(text).width / 2, y + index * 13, colours.muted),
      );
      naming.drawn.headings.push(lines.join(" "));
    }
  drawTicks(ctx, at);
}

/** How wide a column is on a sheet, without its rims. */
export const columnRoom = (at, [, start, end]) => at.place({ x: end, y: 0 }).x - at.place({ x: start, y: 0 }).x - 6;

/** Headings that do not fit side by side stand in two rows, in turn. */
function inTwoRows(ctx, at) {
  ctx.font = headingFont(at);
  return (
    model.bands[0][3] === "x" &&
    model.bands.some((band) => ctx.measureText(band[0]).width > columnRoom(at, band))
  );
}

const stripHeight = (ctx, at) => HEADING + (inTwoRows(ctx, at) ? 14 : 0);

function drawColumnHeadings(ctx, at) {
  const twice = inTwoRows(ctx, at);
  model.bands.forEach((band, index) => {
    const middle = at.place({ x: (band[1] + band[2]) / 2, y: 0 }).x;
    const text = fitted(ctx, band[0], columnRoom(at, band) * (twice ? 2 : 1));
    const half = ctx.measureText(text).width / 2;
    const x = Math.min(Math.max(middle, half + 3), Math.max(half + 3, at.width - half - 3));
    halo(ctx, text, x, 17 + (twice && index % 2 ? 14 : 0), colours.muted);
    naming.drawn.headings.push(text);
  });
}

/** Lanes are named at their top left, one below the other however flat they are. */
function laneHeadings(ctx, at) {
  ctx.font = headingFont(at);
  let free = HEADING + 13;
  const found = [];
  for (const [name, start, end] of model.bands) {
    if (at.place({ x: 0, y: end }).y < 40) continue;
    const lines = breakLines(ctx, name, at.width < NARROW ? 88 : 112);
    const y = Math.max(at.place({ x: 0, y: start }).y + 15, free);
    free = y + lines.length * 13;
    found.push({ lines, x: 8, y });
  }
  return found;
}

/** Where names of nodes may not stand. */
export function headingBoxes(ctx, at) {
  if (!model.bands.length) return [];
  const strip = [0, 0, at.width, stripHeight(ctx, at)];
  if (model.bands[0][3] === "x") return [strip];
  const boxes = laneHeadings(ctx, at).map(({ lines, x, y }) => [
    x,
    y - 11,
    Math.max(...lines.map((text) => ctx.measureText(text).width)),
    lines.length * 13,
  ]);
  return [strip, ...boxes];
}

function drawTicks(ctx, at) {
  ctx.font = `500 11px ${FONT}`;
  let free = 0;
  for (const [x, text] of model.ticks) {
    const place = at.place({ x, y: 0 }).x;
    const width = ctx.measureText(text).width;
    if (place - width / 2 < free || place + width / 2 > at.width) continue;
    halo(ctx, text, place, 17, colours.muted);
    free = place + width / 2 + 10;
  }
}
