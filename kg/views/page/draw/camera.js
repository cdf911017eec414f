// Where the reader looks from. Across and down may be scaled apart where only the order of things means
// something: a picture in columns or lanes fills the window.

import { model } from "../rules/rows.js";
import { byId } from "./dom.js";
import { NARROW } from "./text.js";

/** The middle of what is seen, in the units of the layout; pixels to a unit; how much more of them down. */
export const camera = { x: 0, y: 0, scale: 1, stretch: 1, width: 1, height: 1 };

const ROOMY = 1.32; // on a phone: so much wider the column of captions is, at the cost of the others

/** How far across something stands on a sheet of this width, in the units of the layout, and back. */
function bending(width) {
  const [start, end] = width < NARROW ? captionColumn() : [];
  if (start === undefined) return { bend: (x) => x, unbend: (x) => x };
  const [left, right] = [model.bands[0][1], model.bands.at(-1)[2]];
  const others = (right - left - ROOMY * (end - start)) / (right - left - (end - start));
  const marks = [left, start, end, right];
  const bent = [left, left + others * (start - left), right - others * (right - end), right];
  return { bend: between(marks, bent), unbend: between(bent, marks) };
}

/** A way to go from some places to others, straight between them. */
const between = (from, to) => (x) => {
  const at = x < from[1] ? 0 : x < from[2] ? 1 : 2;
  return to[at] + ((x - from[at]) * (to[at + 1] - to[at])) / (from[at + 1] - from[at]);
};

const captions = { of: undefined, column: [] };

/** From where to where the column goes in which lines say who says so; empty where there is none, and
    before the rows are read. Looked for once for the rows. */
function captionColumn() {
  if (captions.of === model.links) return captions.column;
  const caption = model.links.find((link) => link.caption)?.caption;
  const band = caption && model.bands.find(([, start, end]) => start < caption[0] && caption[0] < end);
  return Object.assign(captions, { of: model.links, column: band ? [band[1], band[2]] : [] }).column;
}

/** How a part of the plane falls on a sheet of pixels. */
export function onto({ x, y, scale, stretch, width, height }) {
  const down = scale * stretch;
  const { bend, unbend } = bending(width);
  return {
    across: scale,
    down,
    scale: Math.sqrt(scale * down),
    width,
    height,
    place: (point) => ({ x: (bend(point.x) - x) * scale + width / 2, y: (point.y - y) * down + height / 2 }),
    plane: (point) => ({ x: unbend((point.x - width / 2) / scale + x), y: (point.y - height / 2) / down + y }),
  };
}

/** The canvas has the pixels of its place on the screen. */
export function measure(canvas) {
  const { width, height } = byId("canvas").getBoundingClientRect();
  const ratio = devicePixelRatio || 1;
  Object.assign(camera, { width: Math.max(1, width), height: Math.max(1, height) });
  Object.assign(canvas, { width: Math.round(camera.width * ratio), height: Math.round(camera.height * ratio) });
}

export const view = () => onto(camera);

export const extent = (values) => {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
};

const NEAREST = 1.35;
const NAME = 246; // what the names of the first and the last column take beside them
const FLAT = [0.3, 3.4]; // how far down may differ from across

/** The camera that shows these nodes on a sheet of this size, or null. `drags`: whether what is taller than the
    sheet can be dragged into view. */
export function framing(nodes, width, height, { margins = marginsOf(width), drags = false } = {}) {
  if (!nodes.length) return null;
  const [west, north, east, south] = margins;
  const [left, right] = extent(nodes.flatMap((node) => [node.x, ...(node.span ?? [])]));
  const [top, bottom] = extent([...nodes.map((node) => node.y), ...waysAmong(nodes)]);
  const beside = model.bands[0]?.[3] === "x" ? NAME : 30;
  const across = Math.min(NEAREST, (width - west - east) / (right - left + beside));
  const tall = drags && nodes.length <= EACH_NAMED && model.bands.length ? tallFor(width, [right - left, bottom - top]) : 0;
  const room = Math.max(height, tall + north + south);
  const down = Math.min(NEAREST, (room - north - south) / (bottom - top + 30));
  const free = model.bands.length > 0;
  const scale = Math.max(0.002, free ? across : Math.min(across, down));
  const stretch = free ? Math.min(FLAT[1], Math.max(FLAT[0], down / scale)) : 1;
  const x = (left + right) / 2 + (east - west) / 2 / scale;
  const middle = (top + bottom) / 2 + (south - north) / 2 / (scale * stretch);
  // of what is taller than the sheet its beginning is seen
  const y = middle - Math.max(0, (bottom - top) * scale * stretch - (height - north - south)) / 2 / (scale * stretch);
  return { x, y, scale, stretch, width, height };
}

const EACH_NAMED = 150; // of so few each has its name
const DOWN = [1.5, 1.75]; // so much taller a phone's columns, or lanes, are than a window's
const LAID_OUT = 586; // pixels across for which lanes are laid out (`SHEET` in lettered.py)
const ROWS = 0.38; // pixels down that a unit of columns takes at least: a caption and who denies it can be read

/** How high a picture must be for its names and captions: higher than its sheet, it is seen in parts. */
function tallFor(width, [across, down]) {
  const columns = model.bands[0][3] === "x";
  if (width < NARROW) return (down * DOWN[columns ? 0 : 1] * LAID_OUT) / across;
  return columns ? down * ROWS : 0;
}

/** How far down the ways of lines between some nodes go, where they go round others. */
function waysAmong(nodes) {
  if (model.bands[0]?.[3] !== "x") return [];
  const here = new Set(nodes.map((node) => node.index));
  return (model.links ?? []).flatMap(({ from, to, via = [] }) => (here.has(from) && here.has(to) ? via.map(([, y]) => y) : []));
}

/** Names keep their size on screen whatever the zoom, and so does their room. */
export function marginsOf(width) {
  const side = width < NARROW ? 34 : 78;
  if (!model.bands.length) return [side, 34, side, 52];
  if (model.bands[0][3] === "x") return width < NARROW ? [4, 56, 4, 34] : [4, 44, 4, 46];
  return width < NARROW ? [94, 44, 20, 62] : [130, 38, 40, 52]; // what is said at the bottom covers no lane
}

export function panBy(dx, dy) {
  camera.x -= dx / camera.scale;
  camera.y -= dy / (camera.scale * camera.stretch);
}

/** Nearer or farther for a turn of the wheel. */
export const factorOf = ({ deltaY, deltaMode }) => Math.exp(-deltaY * (deltaMode === 1 ? 16 : 1) * 0.0016);

/** Nearer or farther, keeping what lies at a place of the sheet. */
export function zoomAt(factor, { x, y }) {
  const before = view().plane({ x, y });
  camera.scale = Math.min(8, Math.max(0.002, camera.scale * factor));
  const after = view().plane({ x, y });
  camera.x += before.x - after.x;
  camera.y += before.y - after.y;
}
