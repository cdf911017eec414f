// Thousands of nodes. From afar a density image and the nodes that matter; near by, what is in view, many
// lines and symbols to a stroke. What is not drawn one by one is counted, and said.

import { FONT, halo } from "./text.js";
import { shown } from "../model/visible.js";
import { model, other } from "../rules/rows.js";
import { colours } from "./colours.js";
import { naming } from "./naming.js";
import { styleOf } from "./scene.js";
import { colourOf } from "./shapes.js";
import { drawRing, drawSymbol, radiusOn } from "./symbols.js";

const EACH = 4000; // so many nodes in view are drawn one by one
const MATTER = 250; // so many of the weightiest stand out of the density
const GRAIN = 1500; // pixels of the density image along its longer side

/** Of what is shown: numbers, places, the weightiest first; the image, once it is asked for. */
const crowd = { of: null, numbers: null, x: null, y: null, order: [], image: null, theme: "" };

/** Gets ready what a frame needs, once for what is shown. */
function gathered() {
  if (crowd.of === shown) return crowd;
  const numbers = Uint32Array.from(shown.nodes);
  const order = [...numbers].sort((one, another) => model.nodes[another].weight - model.nodes[one].weight);
  const x = Float32Array.from(numbers, (index) => model.nodes[index].x);
  const y = Float32Array.from(numbers, (index) => model.nodes[index].y);
  return Object.assign(crowd, { of: shown, numbers, order, x, y, image: null });
}

/** Forgets where nodes stood: one was moved. */
export const scatter = () => {
  crowd.of = null;
};

/** How a place of the layout falls on the sheet, without an object for each of thousands. */
function mapping(at) {
  const { x, y } = at.place({ x: 0, y: 0 });
  return [at.across, x, at.down, y];
}

/** Numbers of the nodes in view. */
function inView(at) {
  const { numbers, x, y } = gathered();
  const [across, left, down, top] = mapping(at);
  const found = [];
  for (let i = 0; i < numbers.length; i += 1) {
    const [px, py] = [x[i] * across + left, y[i] * down + top];
    if (px > -15 && py > -15 && px < at.width + 15 && py < at.height + 15) found.push(numbers[i]);
  }
  return found;
}

/** The weightiest nodes in view, for their names. */
export function mattering(at, most = MATTER) {
  const found = [];
  for (const index of gathered().order) {
    const { x, y } = at.place(model.nodes[index]);
    if (x > 0 && y > 0 && x < at.width && y < at.height) found.push(index);
    if (found.length === most) break;
  }
  return found;
}

/** The node nearest to a place of the sheet, within `reach` pixels of its rim, or null. */
export function nearestTo(at, place, reach) {
  const { numbers, x, y } = gathered();
  const [across, left, down, top] = mapping(at);
  let [best, least] = [null, Infinity];
  for (let i = 0; i < numbers.length; i += 1) {
    const far = Math.hypot(x[i] * across + left - place.x, y[i] * down + top - place.y);
    if (far < least) [best, least] = [numbers[i], far];
  }
  return best !== null && least <= reach + radiusOn(model.nodes[best], at) ? best : null;
}

/** What a reader must know of a picture from afar: what of it is not drawn one by one. */
export function drawRemark(ctx, at) {
  const { density, single } = naming.drawn;
  if (!density) return;
  const count = (number) => number.toLocaleString("en");
  const text = `${count(single)} of ${count(shown.nodes.size)} nodes drawn one by one, the others and all lines as density: zoom in`;
  ctx.font = `500 11px ${FONT}`;
  halo(ctx, text, at.width - ctx.measureText(text).width / 2 - 12, at.height - 10, colours.muted);
}

export function drawCrowd(ctx, at, chosen) {
  const view = inView(at);
  const far = view.length > EACH;
  const single = far ? mattering(at) : view;
  if (far) drawDensity(ctx, at);
  else drawLinesOf(ctx, at, view);
  naming.drawn.density = far;
  naming.drawn.single = single.length;
  if (chosen) return drawChosen(ctx, at, chosen);
  return drawNodes(ctx, at, far ? single.reverse() : single);
}

function drawNodes(ctx, at, numbers) {
  for (const index of numbers) {
    const node = model.nodes[index];
    const { x, y } = at.place(node);
    const radius = radiusOn(node, at);
    if (radius > 3.4) drawSymbol(ctx, node.kind, x, y, radius);
    else {
      ctx.fillStyle = colourOf(node.kind);
      ctx.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
  }
}

/** Lines at the nodes in view, one stroke a colour. */
function drawLinesOf(ctx, at, view) {
  const strokes = new Map();
  const seen = new Set(view);
  for (const index of view)
    for (const link of model.linksAt[index]) {
      if (!shown.links.has(link.index)) continue;
      if (seen.has(other(link, index)) && link.from !== index) continue; // drawn from its other end
      const { color } = styleOf(link);
      if (!strokes.has(color)) strokes.set(color, []);
      strokes.get(color).push(at.place(model.nodes[link.from]), at.place(model.nodes[link.to]));
    }
  ctx.lineWidth = 0.8;
  ctx.globalAlpha = Math.min(0.6, Math.max(0.15, 30 / Math.sqrt(view.length + 1)));
  for (const [color, ends] of strokes) stroke(ctx, color, ends);
  ctx.globalAlpha = 1;
}

function stroke(ctx, color, ends) {
  ctx.strokeStyle = color;
  ctx.setLineDash([]);
  ctx.beginPath();
  for (let i = 0; i < ends.length; i += 2) {
    ctx.moveTo(ends[i].x, ends[i].y);
    ctx.lineTo(ends[i + 1].x, ends[i + 1].y);
  }
  ctx.stroke();
}

/** What is chosen over a veil: its lines and their ends. */
function drawChosen(ctx, at, chosen) {
  ctx.globalAlpha = 0.8;
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, 0, at.width, at.height);
  ctx.globalAlpha = 1;
  for (const link of chosen.links) {
    const { color, width } = styleOf(link);
    ctx.lineWidth = width;
    stroke(ctx, color, [at.place(model.nodes[link.from]), at.place(model.nodes[link.to])]);
  }
  drawNodes(ctx, at, chosen.nodes);
  const centre = model.nodes[chosen.centre];
  if (centre) drawRing(ctx, at.place(centre), Math.max(9, radiusOn(centre, at) * 1.4));
}

// --- the density image -------------------------------------------------------------------------------

function drawDensity(ctx, at) {
  const theme = colours.canvas;
  if (!crowd.image || crowd.theme !== theme) Object.assign(crowd, { image: density(), theme });
  const { image, left, top, size } = crowd.image;
  const corner = at.place({ x: left, y: top });
  ctx.imageSmoothingEnabled = true;
  ctx.drawImage(image, corner.x, corner.y, image.width * size * at.across, image.height * size * at.down);
}

/** Lines as ink and nodes as their colours, summed by grain; seen through a logarithm. */
function density() {
  const { numbers, x, y } = gathered();
  const bounds = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let i = 0; i < numbers.length; i += 1) {
    bounds.left = Math.min(bounds.left, x[i]);
    bounds.right = Math.max(bounds.right, x[i]);
    bounds.top = Math.min(bounds.top, y[i]);
    bounds.bottom = Math.max(bounds.bottom, y[i]);
  }
  const size = Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top, 1) / (GRAIN - 4);
  const [left, top] = [bounds.left - 2 * size, bounds.top - 2 * size];
  const width = Math.ceil((bounds.right - left) / size) + 3;
  const height = Math.ceil((bounds.bottom - top) / size) + 3;
  const grain = { size, left, top, width, height };
  const image = document.createElement("canvas");
  Object.assign(image, { width, height });
  const ctx = image.getContext("2d");
  const pixels = ctx.createImageData(width, height);
  paintPixels(pixels.data, inked(grain), dotted(grain, numbers, x, y));
  ctx.putImageData(pixels, 0, 0);
  return { image, left, top, size };
}

/** How much ink of lines lies on each grain. */
function inked({ size, left, top, width, height }) {
  const ink = new Float32Array(width * height);
  for (const index of shown.links) {
    const link = model.links[index];
    const [from, to] = [model.nodes[link.from], model.nodes[link.to]];
    let [px, py] = [(from.x - left) / size, (from.y - top) / size];
    const [dx, dy] = [(to.x - left) / size - px, (to.y - top) / size - py];
    const steps = Math.ceil(Math.max(Math.abs(dx), Math.abs(dy), 1));
    const share = Math.min(1, 40 / steps); // a long line says less of each place
    for (let step = 0; step <= steps; step += 1) {
      ink[(py | 0) * width + (px | 0)] += share;
      px += dx / steps;
      py += dy / steps;
    }
  }
  return ink;
}

/** Sums of the colours of nodes on each grain, and how many there are. */
function dotted({ size, left, top, width, height }, numbers, x, y) {
  const sums = new Float32Array(4 * width * height);
  const channels = new Map();
  for (let i = 0; i < numbers.length; i += 1) {
    const colour = colourOf(model.nodes[numbers[i]].kind);
    if (!channels.has(colour)) channels.set(colour, [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
    const [red, green, blue] = channels.get(colour);
    const place = 4 * (Math.floor((y[i] - top) / size) * width + Math.floor((x[i] - left) / size));
    sums[place] += red;
    sums[place + 1] += green;
    sums[place + 2] += blue;
    sums[place + 3] += 1;
  }
  return sums;
}

function paintPixels(pixels, ink, sums) {
  const most = ink.reduce((top, value) => (value > top ? value : top), 1);
  const ground = colours.ink === "#14181f" ? 110 : 170; // lines, on light and on dark
  for (let i = 0; i < ink.length; i += 1) {
    const [p, count] = [4 * i, sums[4 * i + 3]];
    if (count) {
      for (let channel = 0; channel < 3; channel += 1) pixels[p + channel] = sums[p + channel] / count;
      pixels[p + 3] = Math.min(255, 150 + 60 * Math.log2(1 + count));
    } else if (ink[i] > 0) {
      pixels[p] = pixels[p + 1] = pixels[p + 2] = ground;
      pixels[p + 3] = 20 + (180 * Math.log1p(ink[i])) / Math.log1p(most);
    }
  }
}
