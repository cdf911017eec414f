// Names of nodes: in pixels of the sheet, so that they can be read at any zoom, the weightier first, none
// over another or over a symbol. What finds no room beside its node stands a little off, tied to it by a
// thin line; where there are too many for that, it appears as one zooms in.

import { isCrowd } from "./scene.js";
import { mattering } from "./crowd.js";
import { shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { colours } from "./colours.js";
import { headingBoxes } from "./headings.js";
import { naming } from "./naming.js";
import { Room } from "./room.js";
import { radiusOn } from "./symbols.js";
import { breakLines, cut, FONT, halo, NARROW } from "./text.js";

const FAR = 0.4; // at this zoom symbols are dots: names may cover some of them
const HUBS = 60; // so many of the weightiest nodes are named beside the communities, from afar
const ALL = 150; // up to so many nodes each has its name
const SPIRAL_STEP = 9;
const SPIRAL = 5; // so far off a name may stand, in pixels, and how often this is tried
const NOTE_FONT = `400 10.5px ${FONT}`;

export function drawLabels(ctx, at, chosen) {
  const room = new Room();
  for (const box of headingBoxes(ctx, at)) room.take(box);
  const nodes = [];
  for (const index of isCrowd() ? (chosen?.nodes ?? mattering(at)) : shown.nodes) {
    const node = model.nodes[index];
    const place = at.place(node);
    if (place.x > -90 && place.y > -40 && place.x < at.width + 90 && place.y < at.height + 40)
      nodes.push({ node, place, radius: radiusOn(node, at) });
  }
  drawCommunities(ctx, at, room, chosen);
  const solid = chosen ? nodes.filter(({ node }) => chosen.nodes.has(node.index)) : nodes;
  if (chosen || at.scale > FAR || nodes.length < 400)
    for (const { place, radius } of solid) takeSymbol(room, place, radius);
  const rank = ({ node }) => (node.index === chosen?.centre ? 1e9 : 0) + node.weight;
  solid.sort((one, another) => rank(another) - rank(one));
  const most = model.communities.length && at.scale < FAR && !chosen ? HUBS : solid.length;
  const size = letterSize(at, solid.length);
  const names = shapeOfNames(at);
  for (const one of solid.slice(0, most)) drawName(ctx, at, room, one, { chosen, size, all: solid.length <= ALL, names });
}

function takeSymbol(room, place, radius) {
  const box = [place.x - radius, place.y - radius, 2 * radius, 2 * radius];
  room.take(box);
  naming.drawn.symbols.push(box);
}

const letterSize = (at, count) => (at.width < NARROW ? 10 : count > ALL ? 11 : Math.min(13, Math.max(11.5, 12 * Math.sqrt(at.across))));

/** How wide a name may be, and in how many lines: in columns and lanes no wider than there is room. */
function shapeOfNames(at) {
  const [band] = model.bands;
  const lines = at.width < NARROW ? 2 : 3;
  if (!band) return { widest: 132, lines: 2 };
  if (band[3] === "y") return { widest: Math.max(84, Math.min(140, 165 * at.across)), lines };
  const narrowest = Math.min(...model.bands.map(([, start, end]) => (end - start) * at.across));
  return { widest: Math.max(46, Math.min(170, narrowest - 6)), lines };
}

function drawName(ctx, at, room, { node, place, radius }, { chosen, size, all, names }) {
  const strong = node.index === chosen?.centre;
  const font = `${strong ? 650 : 450} ${strong ? size + 1.5 : size}px ${FONT}`;
  const shape = { size, widest: names.widest, font, gap: radius * 1.1 + 2, sheet: at.width, steps: chosen ? 3 * SPIRAL : SPIRAL };
  const fits = (box) => liesOn(box, at) && room.free(box);
  const found = placeOfName(ctx, node, place, { shape, fits, most: names.lines, tied: all || chosen, strong });
  if (!found) return;
  const { box, lines, note } = found;
  room.take(box);
  naming.drawn.nodes.push(node.id);
  naming.drawn.boxes.push(box);
  if (!touches(box, place, shape.gap)) drawTie(ctx, box, place, radius);
  ctx.font = font;
  const [x, y, width, height] = box;
  lines.forEach((text, index) =>
    halo(ctx, text, x + width / 2, y + size * 0.92 + index * (size + 2), colours.ink),
  );
  if (!note) return;
  ctx.font = NOTE_FONT;
  halo(ctx, note, x + width / 2, y + height - 3, colours.muted);
}

/** Beside its symbol in as many lines as there may be, or in fewer; else a little off, tied to it. */
function placeOfName(ctx, node, place, { shape, fits, most, tied, strong }) {
  const written = Array.from({ length: most }, (_, less) => writtenIn(ctx, node, shape, most - less));
  for (const one of written) {
    const box = beside(place, one).find(fits);
    if (box) return { box, ...one };
  }
  const two = written.at(-2) ?? written[0];
  const box = (tied ? off(place, two).find(fits) : null) ?? (strong ? beside(place, two)[0] : null);
  return box && { box, ...two };
}

/** A node's name in at most so many lines, with its note, and how much room that takes. */
function writtenIn(ctx, node, shape, most) {
  ctx.font = shape.font;
  const lines = breakLines(ctx, node.name, shape.widest, most);
  const note = node.note && cut(node.note, 34);
  const width = Math.max(noteWidth(ctx, note), ...lines.map((text) => ctx.measureText(text).width)) + 4;
  const height = lines.length * (shape.size + 2) + (note ? 12 : 0) + 1;
  return { ...shape, lines, note, width, height };
}

/** Whether a box lies on the sheet.
 * @param {any} box */
const liesOn = ([x, y, width, height], at) => x >= 0 && y >= 0 && x + width <= at.width && y + height <= at.height;

/** Boxes that touch the symbol: below, above, right, left, at the corners.
 * @returns {any[]} */
function beside({ x, y }, { width, height, gap, sheet }) {
  const middle = Math.max(0, Math.min(x - width / 2, sheet - width));
  return [
    [middle, y + gap],
    [middle, y - gap - height],
    [x + gap, y - height / 2],
    [x - gap - width, y - height / 2],
    [x + gap * 0.6, y + gap * 0.6],
    [x - gap * 0.6 - width, y + gap * 0.6],
    [x + gap * 0.6, y - gap * 0.6 - height],
    [x - gap * 0.6 - width, y - gap * 0.6 - height],
  ].map((corner) => [...corner, width, height]);
}

/** Boxes farther and farther off. */
function* offset({ x, y }, { width, height, gap, steps }) {
  for (let step = 1; step <= steps; step += 1) {
    const far = gap + step * SPIRAL_STEP;
    for (const [dx, dy] of [[0, 1], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1], [1, 0], [-1, 0]])
      yield [x + dx * (far + width / 2) - width / 2, y + dy * (far + height / 2) - height / 2, width, height];
  }
}

const off = (place, sizes) => [...offset(place, sizes)];

/** Whether a box is next to the symbol.
 * @param {any} box */
const touches = ([x, y, width, height], place, gap) => {
  const dx = Math.max(x - place.x, place.x - x - width, 0);
  const dy = Math.max(y - place.y, place.y - y - height, 0);
  return Math.hypot(dx, dy) <= gap + 4;
};

function drawTie(ctx, [x, y, width, height], place, radius) {
  const to = { x: Math.min(Math.max(place.x, x), x + width), y: Math.min(Math.max(place.y, y), y + height) };
  const far = Math.hypot(to.x - place.x, to.y - place.y) || 1;
  ctx.beginPath();
  ctx.moveTo(place.x + ((to.x - place.x) * radius) / far, place.y + ((to.y - place.y) * radius) / far);
  ctx.lineTo(to.x, to.y);
  ctx.lineWidth = 0.8;
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.muted;
  ctx.stroke();
}

function noteWidth(ctx, note) {
  if (!note) return 0;
  const { font } = ctx;
  ctx.font = NOTE_FONT;
  const { width } = ctx.measureText(note);
  ctx.font = font;
  return width;
}

/** How many of a community are shown: counted once for what is shown. */
function countHere(community) {
  if (community.of !== shown) {
    community.of = shown;
    community.count = community.nodes.reduce((sum, index) => sum + (shown.nodes.has(index) ? 1 : 0), 0);
  }
  return community.count;
}

/** Each community by its weightiest members, once nodes are too small to carry names. */
function drawCommunities(ctx, at, room, chosen) {
  if (chosen || at.scale > FAR || !model.communities.length) return;
  const dense = shown.nodes.size > 1500; // then the next one begins where this one ends
  for (const community of model.communities) {
    const count = countHere(community);
    if (count < 3) continue;
    const size = Math.min(14.5, 10.5 + Math.log2(count) / 2);
    ctx.font = `650 ${size}px ${FONT}`;
    const text = cut(community.name, 34);
    const place = at.place({ x: community.x, y: dense ? community.inside : community.top });
    if (!dense) place.y -= 10;
    const width = ctx.measureText(text).width + 8;
    const box = [place.x - width / 2, place.y - size, width, size + 6];
    if (!room.free(box)) continue;
    room.take(box);
    naming.drawn.communities.push(text);
    naming.drawn.boxes.push(box);
    halo(ctx, text, place.x, place.y, colours.ink);
  }
}
