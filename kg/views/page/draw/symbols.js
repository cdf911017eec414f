// Symbols of nodes, and marks beside them.

import { shown } from "../model/visible.js";
import { colourOf, markOf, path2d, shapeOf } from "./shapes.js";
import { colours } from "./colours.js";
import { NARROW } from "./text.js";

const own = (node) => Math.min(24, 10 + 2.4 * Math.sqrt(node.weight));

/** Pixels that a symbol has at least: the fewer there are, the better each is seen. */
const least = (at) => {
  const count = shown.nodes.size;
  if (at.width < NARROW) return count <= 120 ? 5 : 3;
  return count <= 120 ? 7.5 : count <= 400 ? 5.5 : count <= 1500 ? 4 : 2.6;
};

/** Half the size of a node's symbol on the sheet, in pixels. */
export function radiusOn(node, at) {
  const size = own(node);
  return Math.min(26, Math.max(size * Math.min(at.scale, 1.3) * (at.width < NARROW ? 0.7 : 1), least(at) * (0.75 + size / 40)));
}

/** A symbol of a kind, on a canvas or into a file. */
export function drawSymbol(ctx, kind, x, y, radius) {
  drawShape(ctx, shapeOf(kind), x, y, radius, colourOf(kind), colours.outline);
  if (markOf(kind) && radius > 3.5) drawShape(ctx, markOf(kind), x, y, radius, colours.canvas, null);
}

function drawShape(ctx, path, x, y, radius, fill, outline) {
  if (ctx.shape) return ctx.shape(path, x, y, radius, fill, outline);
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(radius, radius);
  ctx.fillStyle = fill;
  ctx.fill(path2d(path));
  if (outline) {
    ctx.lineWidth = Math.min(1.4 / radius, 0.16);
    ctx.strokeStyle = outline;
    ctx.setLineDash([]);
    ctx.stroke(path2d(path));
  }
  return ctx.restore();
}

export function drawRing(ctx, { x, y }, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.lineWidth = 3;
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.accent;
  ctx.stroke();
}

export function drawDot(ctx, x, y, radius = 4, colour = colours.ink) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
}

/** On what is disputed: red alone would not reach everybody. */
export function drawCross(ctx, { x, y }, size = 5) {
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x + size, y - size);
  ctx.lineTo(x - size, y + size);
  ctx.lineWidth = 2.4;
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.disputed;
  ctx.stroke();
}
