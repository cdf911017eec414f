// Thousands of nodes: drawn many at once.

import { shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { colourOf } from "./shapes.js";
import { styleOf } from "./scene.js";
import { drawSymbol, radiusOn } from "./symbols.js";

export function drawCrowd(ctx, at, chosen) {
  const seen = ({ x, y }) => x > -20 && y > -20 && x < at.width + 20 && y < at.height + 20;
  const byColour = new Map();
  for (const index of shown.links) {
    const link = model.links[index];
    const [a, b] = [at.place(model.nodes[link.from]), at.place(model.nodes[link.to])];
    if (!seen(a) && !seen(b)) continue;
    const { color } = styleOf(link);
    if (!byColour.has(color)) byColour.set(color, []);
    byColour.get(color).push(a, b);
  }
  ctx.lineWidth = 0.7;
  ctx.globalAlpha = chosen ? 0.05 : 0.25;
  for (const [color, points] of byColour) {
    ctx.strokeStyle = color;
    ctx.beginPath();
    for (let at = 0; at < points.length; at += 2) {
      ctx.moveTo(points[at].x, points[at].y);
      ctx.lineTo(points[at + 1].x, points[at + 1].y);
    }
    ctx.stroke();
  }
  ctx.globalAlpha = chosen ? 0.2 : 1;
  for (const index of shown.nodes) {
    const node = model.nodes[index];
    const place = at.place(node);
    if (!seen(place)) continue;
    const radius = radiusOn(node, at);
    if (radius > 4) drawSymbol(ctx, node.kind, place.x, place.y, radius);
    else {
      ctx.fillStyle = colourOf(node.kind);
      ctx.fillRect(place.x - radius, place.y - radius, 2 * radius, 2 * radius);
    }
  }
  ctx.globalAlpha = 1;
}
