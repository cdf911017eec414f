// What a reader must know of a picture: what is not drawn one by one, not named, or lies below.

import { rowsOf, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { many } from "../rules/words.js";
import { colours } from "./colours.js";
import { naming } from "./naming.js";
import { isCrowd } from "./scene.js";
import { FONT, halo } from "./text.js";

const REMARK = [190, 33]; // how wide and high a remark at the bottom is
const LINE = 13;

/** Where it is said that names found no room: above the key, opposite the notice. */
export const remarkBox = (at, strip) => [at.width - REMARK[0], at.height - strip - REMARK[1], ...REMARK];

/** On top, below the headings, or at the bottom, on a ground of its own. */
export function drawRemark(ctx, at, strip) {
  const { density, single, unnamed, uncaptioned } = naming.drawn;
  const left = [unnamed && many(unnamed, "name"), uncaptioned && many(uncaptioned, "caption")].filter(Boolean);
  const below = strip && !isCrowd() ? countBelow(at, strip) : 0;
  naming.drawn.below = below;
  const told = [left.length && `no room for ${left.join(", ")}${strip ? ": zoom in" : ""}`, below && `${below} more below: drag`].filter(Boolean);
  const count = (number) => number.toLocaleString("en");
  ctx.font = `500 11px ${FONT}`;
  const write = (text, y) => halo(ctx, text, at.width - ctx.measureText(text).width / 2 - 12, y, colours.muted);
  if (density) write(`${count(single)} of ${count(shown.nodes.size)} nodes drawn one by one, the rest as density: zoom in`, 39);
  if (isCrowd() || !told.length) return;
  const wide = Math.max(...told.map((text) => ctx.measureText(text).width)) + 24;
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(at.width - wide, at.height - strip - 8 - LINE * told.length, wide, LINE * told.length + 8);
  told.forEach((text, index) => write(text, at.height - strip - 8 - LINE * (told.length - 1 - index)));
}

/** How many nodes lie below what is seen of a picture that is taller than its sheet. */
const countBelow = (at, strip) => rowsOf(model.nodes, shown.nodes).filter((node) => at.place(node).y > at.height - strip).length;
