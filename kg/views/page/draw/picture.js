// The whole picture on a sheet of any size: a canvas, or a file.

import { state } from "../model/state.js";
import { shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { kindWords } from "../rules/words.js";
import { colours } from "./colours.js";
import { drawCrowd } from "./crowd.js";
import { drawBands, drawHeadings } from "./headings.js";
import { drawKey, keyHeight } from "./key.js";
import { drawLabels } from "./labels.js";
import { beforeEnd, drawLine } from "./lines.js";
import { naming, noNames } from "./naming.js";
import { drawRemark } from "./remark.js";
import { isAside, isCrowd, isQuiet, scene } from "./scene.js";
import { colourOf } from "./shapes.js";
import { drawCross, drawDot, drawRing, drawSymbol, radiusOn } from "./symbols.js";

const FAINT = 0.14; // what is not chosen, while something is
const UNDER = 0.3; // lines along time that would only be drawn for what is pointed at

/** `chosen`: what stands out against the rest; `pointed`: whose lines are drawn over all others. */
export function drawPicture(ctx, at, { chosen = null, pointed = null, paper = false } = {}) {
  naming.drawn = noNames();
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, 0, at.width, at.height);
  drawBands(ctx, at);
  if (isCrowd()) drawCrowd(ctx, at, chosen);
  else drawScene(ctx, at, { chosen, pointed, paper });
  drawHeadings(ctx, at);
  drawLabels(ctx, at, chosen, paper);
  drawRemark(ctx, at, paper ? 0 : keyHeight(at.width));
  if (!paper) drawKey(ctx, at);
}

function drawScene(ctx, at, { chosen, pointed, paper }) {
  for (const index of shown.nodes) drawSpan(ctx, at, model.nodes[index]);
  const out = new Set([...(chosen?.lines ?? []), ...(pointed?.lines ?? [])]);
  const quiet = isQuiet();
  const most = chosen ? FAINT : quiet ? UNDER : 1; // nobody can point at paper: there they are faint
  if (!quiet || paper)
    for (const line of scene.lines) if (!out.has(line) && !isAside(line)) drawLine(ctx, line, at, Math.min(most, line.opacity));
  const faint = (index) => chosen && !chosen.nodes.has(index);
  const nodes = [...shown.nodes].map((index) => model.nodes[index]);
  for (const node of nodes) if (faint(node.index)) drawNode(ctx, node, at, FAINT);
  for (const line of out) drawLine(ctx, line, at, 1);
  if (!chosen && (!quiet || paper)) for (const junction of scene.junctions) drawJunction(ctx, at, junction);
  for (const line of out) if (line.stem) drawJunction(ctx, at, line.to);
  for (const node of nodes) if (!faint(node.index)) drawNode(ctx, node, at);
  drawMarks(ctx, at, chosen);
  for (const line of scene.lines)
    if (line.disputed && !line.caption && (out.has(line) || (!chosen && !isAside(line) && (!quiet || paper)))) drawCross(ctx, beforeEnd(line, at));
}

function drawNode(ctx, node, at, opacity = 1) {
  const { x, y } = at.place(node);
  const radius = radiusOn(node, at);
  if (x < -radius || y < -radius || x > at.width + radius || y > at.height + radius) return;
  ctx.globalAlpha = opacity;
  ctx.begin?.("node", `${node.name} (${kindWords(node.kind)})`);
  drawSymbol(ctx, node.kind, x, y, radius);
  ctx.end?.();
  ctx.globalAlpha = 1;
}

function drawJunction(ctx, at, junction) {
  const { x, y } = at.place(junction);
  drawDot(ctx, x, y);
}

/** A bar behind a symbol: the time in which it may have happened. */
function drawSpan(ctx, at, node) {
  if (!node.span) return;
  const [left, right] = node.span.map((x) => at.place({ x, y: node.y }).x);
  if (right - left < 2) return;
  ctx.globalAlpha = 0.28;
  ctx.fillStyle = colourOf(node.kind);
  ctx.beginPath();
  ctx.roundRect(left, at.place(node).y - 4, right - left, 8, 4);
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** The ring of what is chosen, and pins. */
function drawMarks(ctx, at, chosen) {
  const centre = model.nodes[chosen?.centre];
  if (centre) drawRing(ctx, at.place(centre), radiusOn(centre, at) * 1.4);
  for (const index of state.pinned) {
    if (!shown.nodes.has(index)) continue;
    const [{ x, y }, radius] = [at.place(model.nodes[index]), radiusOn(model.nodes[index], at)];
    drawDot(ctx, x + radius, y - radius, 4, colours.accent);
  }
}
