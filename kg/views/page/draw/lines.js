// Lines on a sheet: from rim to rim, with their head.

import { nameOf } from "../rules/rows.js";
import { words } from "../rules/words.js";
import { trimmed } from "./curves.js";
import { radiusOn } from "./symbols.js";

/** A line of the scene as it falls on a sheet: { way, tip, tail, head } in pixels, or null. */
export function placed(line, at) {
  const rim = (end) => (end.id === undefined ? 0 : radiusOn(end, at) * 1.08);
  const way = trimmed(line.way.map(at.place), rim(line.from), rim(line.to));
  if (!way) return null;
  const head = line.arrow ? 5.5 + 1.1 * line.width : 0;
  const tip = way.at(-1);
  const shaft = head ? (trimmed(way, 0, head * 0.8) ?? way) : way;
  return { way: shaft, tip, tail: head ? shaft.at(-1) : tip, head };
}

const BEFORE = 13; // pixels between a head and the cross on its line

/** Where a line is crossed out: before whom it leads to, who is said to be wrongly named. */
export function beforeEnd(line, at) {
  const found = placed(line, at);
  const shaft = found && trimmed(found.way, 0, BEFORE);
  return shaft ? shaft.at(-1) : at.place(line.way.at(-1));
}

const sentence = (link) => `${nameOf(link.from)} ${words(link.kind)} ${nameOf(link.to)}`;

export function drawLine(ctx, line, at, opacity = line.opacity) {
  const found = placed(line, at);
  if (!found) return;
  ctx.begin?.("line", line.links.map(sentence).join("; "));
  ctx.globalAlpha = opacity;
  ctx.strokeStyle = line.color;
  ctx.lineWidth = line.width;
  ctx.setLineDash(line.dashes || []);
  ctx.beginPath();
  found.way.forEach(({ x, y }, index) => (index ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.stroke();
  ctx.setLineDash([]);
  if (found.head) drawHead(ctx, found, line.color);
  ctx.end?.();
  ctx.globalAlpha = 1;
}

function drawHead(ctx, { tip, tail, head }, color) {
  const turn = Math.atan2(tip.y - tail.y, tip.x - tail.x);
  ctx.beginPath();
  ctx.moveTo(tip.x, tip.y);
  for (const angle of [0.4, -0.4])
    ctx.lineTo(tip.x - head * Math.cos(turn + angle), tip.y - head * Math.sin(turn + angle));
  ctx.lineTo(tip.x, tip.y);
  ctx.fillStyle = color;
  ctx.fill();
}
