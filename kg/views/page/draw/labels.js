// Names of nodes: in pixels of the sheet, so that they can be read at any zoom, the weightier first, none
// over another or over a symbol. What finds no room beside its node stands a little off, tied to it by a
// thin line; where there are too many for that, it appears as one zooms in.

import { accusedColours, axisOf, FEW, isCrowd, isDenialNamed, scene } from "./scene.js";
import { denialOf, drawCaptions, voicesOf } from "./captions.js";
import { mattering, remarkBox } from "./crowd.js";
import { counted, shown } from "../model/visible.js";
import { model, nameOf } from "../rules/rows.js";
import { colours, readable } from "./colours.js";
import { distanceTo } from "./curves.js";
import { columnRoom, headingBoxes } from "./headings.js";
import { keyHeight } from "./key.js";
import { naming } from "./naming.js";
import { Room } from "./room.js";
import { radiusOn } from "./symbols.js";
import { breakLines, cut, FONT, halo, NARROW } from "./text.js";

const FAR = 0.4; // at this zoom symbols are dots: names may cover some of them
const HUBS = 60; // so many of the weightiest nodes are named beside the communities, from afar
const SPIRAL_STEP = 9;
const SPIRAL = 5; // so far off a name may stand, in pixels, and how often this is tried
const LONG = 96; // a word may be so much wider than its column
const TELLING = 0.6; // along time less of a name than this tells nothing
const LEAN = 40; // so far beyond its lane, in units of the layout, the middle of a name may stand
const WIDE = 216; // along time a name with who blames, or denies, may be so wide
const LEADING = 1.5;
const NOTE_STEP = 12;
const NOTE_FONT = `400 10px ${FONT}`;

export function drawLabels(ctx, at, chosen, paper) {
  const room = new Room();
  const strip = paper ? 0 : keyHeight(at.width);
  if (strip) room.take([0, at.height - strip, at.width, strip]);
  if (axisOf() === "y") room.take(remarkBox(at, strip));
  for (const box of headingBoxes(ctx, at)) room.take(box);
  const nodes = [];
  for (const index of isCrowd() ? (chosen?.nodes ?? mattering(at)) : shown.nodes) {
    const node = model.nodes[index];
    const place = at.place(node);
    if (place.x > -90 && place.y > -40 && place.x < at.width + 90 && place.y < at.height + 40)
      nodes.push({ node, place, radius: radiusOn(node, at) });
  }
  drawCommunities(ctx, at, room, chosen);
  drawCaptions(ctx, at, room, chosen ? [...chosen.lines] : [...scene.lines]);
  const solid = chosen ? nodes.filter(({ node }) => chosen.nodes.has(node.index)) : nodes;
  if (chosen || at.scale > FAR || nodes.length < 400)
    for (const { place, radius } of solid) takeSymbol(room, place, radius);
  const told = new Set(solid.filter(({ node }) => notesOf(node).some(([, ink]) => ink !== "muted")));
  const rank = (one) => (one.node.index === chosen?.centre ? 1e9 : 0) + (told.has(one) ? 1e6 : 0) + one.node.weight;
  solid.sort((one, another) => rank(another) - rank(one));
  const most = model.communities.length && at.scale < FAR && !chosen ? HUBS : solid.length;
  const size = letterSize(at, solid.length);
  for (const one of solid.slice(0, most)) drawName(ctx, at, room, one, { chosen, size, all: solid.length <= FEW });
  naming.drawn.unnamed = solid.length - naming.drawn.nodes.length;
}

function takeSymbol(room, place, radius) {
  const box = [place.x - radius, place.y - radius, 2 * radius, 2 * radius];
  room.take(box);
  naming.drawn.symbols.push(box);
}

const letterSize = (at, count) => (at.width < NARROW ? 9 : axisOf() === "y" && at.width < 900 ? 10.5 : count > FEW ? 11 : Math.min(13, Math.max(11.5, 12 * Math.sqrt(at.across))));

/** How wide a name may be, and in how many lines: in columns and lanes no wider than there is room. */
function shapeOfNames(at, node) {
  const [band] = model.bands;
  const lines = at.width < NARROW ? 4 : 3;
  if (!band) return { widest: 132, lines: 2 };
  if (band[3] === "y") return { widest: Math.max(84, Math.min(140, 165 * at.across)), lines };
  const own = model.bands.find(([, start, end]) => start <= node.x && node.x < end) ?? band;
  return { widest: Math.max(46, Math.min(170, columnRoom(at, own))), lines };
}

function drawName(ctx, at, room, { node, place, radius }, { chosen, size, all }) {
  const names = shapeOfNames(at, node);
  const strong = node.index === chosen?.centre;
  const font = `${strong ? 650 : 450} ${strong ? size + 1.5 : size}px ${FONT}`;
  const shape = { size, widest: names.widest, font, gap: radius + 2, sheet: at.width, steps: chosen ? 3 * SPIRAL : axisOf() === "y" ? 3 : SPIRAL + (at.width < NARROW ? 2 : 0) };
  const tells = axisOf() === "y" && all ? (box) => liesInLane(box, at, node) && (touches(box, place, shape.gap) ? isNearest(box, place) : isTiedFreely(box, place)) : () => true;
  const fits = (box) => liesOn(box, at) && room.free(box) && tells(box);
  const found = placeOfName(ctx, node, place, { at, shape, fits, most: names.lines, tied: all || chosen, strong });
  if (!found) return;
  const { box, lines, notes } = found;
  room.take(box);
  naming.drawn.nodes.push(node.id);
  naming.drawn.boxes.push(box);
  if (!touches(box, place, shape.gap)) drawTie(ctx, box, place, radius);
  ctx.font = font;
  const [x, y, width, height] = box;
  const strand = accusedColours().get(node.index);
  const ink = strand ? readable(strand) : colours.ink;
  lines.forEach((text, index) => halo(ctx, text, x + width / 2, y + size * 0.92 + index * (size + LEADING), ink));
  ctx.font = NOTE_FONT;
  const first = y + height - 3 - (notes.length - 1) * NOTE_STEP;
  notes.forEach(([text, ink], index) => halo(ctx, text, x + width / 2, first + index * NOTE_STEP, colours[ink]));
}

/** Beside its symbol in as many lines as there may be, or in fewer; else a little off, tied to it. A name is
    cut only where there is room for no more of it. */
function placeOfName(ctx, node, place, { at, shape, fits, most, tied, strong }) {
  const notes = notesOf(node);
  const telling = notes.filter(([, ink]) => ink !== "muted");
  const shapes = telling.length && axisOf() === "y" ? [{ ...shape, widest: Math.min(WIDE, at.width / 3) }, shape] : [shape];
  const briefly = notes.filter(([, ink]) => ink === "disputed").map(([text, ink]) => [text.split(" by ", 1)[0], ink]);
  const fewer = [notes, telling, briefly].filter((some, at, all) => !at || some.join() !== all[at - 1].join());
  const written = fewer.flatMap((some) =>
    shapes.flatMap((one) => Array.from({ length: most }, (_, less) => writtenIn(ctx, node, some, one, most - less))),
  );
  const whole = written.filter((one) => one.whole);
  const first = (some) => {
    for (const one of some) {
      const box = beside(place, one).find(fits);
      if (box) return { box, ...one };
    }
    return null;
  };
  const near = first(whole);
  if (near) return near;
  const two = whole.at(-1) ?? written[0];
  if (tied)
    for (const one of telling.length ? whole : [two]) {
      const box = off(place, one).find(fits);
      if (box) return { box, ...one };
    }
  return first(axisOf() === "y" ? written.filter((one) => one.share > TELLING) : written) ?? (strong ? { box: beside(place, two)[0], ...two } : null);
}

/** A node's name in at most so many lines, with some notes, and how much room that takes. */
function writtenIn(ctx, node, some, shape, most) {
  ctx.font = shape.font;
  const longest = Math.max(...node.name.split(/\s+/).map((word) => ctx.measureText(word).width));
  const lines = breakLines(ctx, node.name, Math.max(shape.widest, Math.min(LONG, longest + 1)), most);
  ctx.font = NOTE_FONT;
  const notes = some.flatMap(([text, ink]) =>
    breakLines(ctx, text, Math.max(90, shape.widest), 5).map((line) => [line, ink]),
  );
  const wide = notes.map(([text]) => ctx.measureText(text).width);
  ctx.font = shape.font;
  const width = Math.max(...wide, ...lines.map((text) => ctx.measureText(text).width)) + 4;
  const height = lines.length * (shape.size + LEADING) + notes.length * NOTE_STEP + 1;
  const share = lines.join(" ").length / node.name.length;
  const whole = lines.every((text) => !text.endsWith("…")) || node.name.endsWith("…");
  return { ...shape, lines, whole, share, notes, width, height };
}

const voicesNamed = (link) => voicesOf(link).map(({ name }) => name).join(", ");

/** What stands under a name, as [text, colour]: whom an event is blamed on where no line says so, who denies
    it, and what the picture says of the node. */
function notesOf(node) {
  const own = node.note ? [[node.note, "muted"]] : [];
  if (!isDenialNamed()) return own;
  const at = model.linksAt[node.index].filter((link) => shown.links.has(link.index) && counted.counts.has(link.index));
  const blamed = axisOf() === "y" ? at.filter((link) => link.kind === "ATTRIBUTED_TO" && link.from === node.index) : [];
  const denied = at.filter((link) => link.to === node.index && counted.counts.get(link.index).disputed);
  const denial = denialOf(denied);
  return [
    ...blamed.map((link) => [`${voicesNamed(link)} blames ${nameOf(link.to)}`, "ink"]),
    ...(axisOf() === "y" ? denied.map((link) => [`according to ${voicesNamed(link)}`, "ink"]) : []),
    ...(denied.length ? [[`✕ ${denial.verb} ${denial.who}`, "disputed"]] : []),
    ...own,
  ];
}

/** Whether a box lies on the sheet.
 * @param {any} box */
const liesOn = ([x, y, width, height], at) => x >= 0 && y >= 0 && x + width <= at.width && y + height <= at.height;

/** Whether the middle of a box is in the lane of its node.
 * @param {any} box */
function liesInLane([, y, , height], at, node) {
  const lane = model.bands.find(([, start, end]) => start <= node.y && node.y < end);
  if (!lane) return true;
  const middle = at.plane({ x: 0, y: y + height / 2 }).y;
  return lane[1] - LEAN <= middle && middle <= lane[2] + LEAN;
}

/** Whether no other symbol is as near to a box as its own; beside a symbol only its own row counts.
 * @param {any} box */
function isNearest(box, place) {
  const own = farFrom(box, place);
  const level = Math.abs(box[1] + box[3] / 2 - place.y) < 3;
  return naming.drawn.symbols.every(([x, y, width, height]) => {
    const other = { x: x + width / 2, y: y + height / 2 };
    const away = Math.hypot(other.x - place.x, other.y - place.y) < 1 || (level && Math.abs(other.y - place.y) > height / 2);
    return away || farFrom(box, other) > own;
  });
}

/** Whether the line that ties a name to its symbol runs through no other.
 * @param {any} box */
function isTiedFreely([x, y, width, height], place) {
  const to = { x: Math.min(Math.max(place.x, x), x + width), y: Math.min(Math.max(place.y, y), y + height) };
  const line = [place, to];
  return naming.drawn.symbols.every(([left, top, wide, high]) => {
    const other = { x: left + wide / 2, y: top + high / 2 };
    return Math.hypot(other.x - place.x, other.y - place.y) < 1 || distanceTo(line, other) > wide / 2 + 1;
  });
}

const farFrom = ([x, y, width, height], place) => {
  const dx = Math.max(x - place.x, place.x - x - width, 0);
  const dy = Math.max(y - place.y, place.y - y - height, 0);
  return Math.hypot(dx, dy);
};

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
const touches = (box, place, gap) => farFrom(box, place) <= gap + 4;

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
