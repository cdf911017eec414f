// Thousands of nodes. From afar a density image and the nodes that matter; near by, what is in view, many
// lines and symbols to a stroke. What is not drawn one by one is counted.

import { density, drawImage } from "./density.js";
import { state } from "../model/state.js";
import { shown } from "../model/visible.js";
import { model, other } from "../rules/rows.js";
import { colours } from "./colours.js";
import { naming } from "./naming.js";
import { styleOf } from "./scene.js";
import { colourOf } from "./shapes.js";
import { sketched } from "./sketch.js";
import { drawRing, drawSymbol, radiusOn } from "./symbols.js";

const EACH = 4000; // so many nodes in view are drawn one by one
const MATTER = 250; // so many of the weightiest stand out of the density

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

/** Forgets all of it: what is shown, or how much it weighs, is another. */
export const scatter = () => {
  crowd.of = null;
};

/** One node was moved: the rest of thousands stays as it is. */
export function shift(index) {
  if (crowd.of !== shown) return;
  const at = crowd.numbers.indexOf(index);
  crowd.x[at] = model.nodes[index].x;
  crowd.y[at] = model.nodes[index].y;
  crowd.image = null;
}

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
    const px = x[i] * across + left;
    const py = y[i] * down + top;
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
  let best = null;
  let least = Infinity; // squared: a root for each of thousands takes longer than all else
  for (let i = 0; i < numbers.length; i += 1) {
    const dx = x[i] * across + left - place.x;
    const dy = y[i] * down + top - place.y;
    const far = dx * dx + dy * dy;
    if (far < least) {
      best = numbers[i];
      least = far;
    }
  }
  return best !== null && Math.sqrt(least) <= reach + radiusOn(model.nodes[best], at) ? best : null;
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
  if (!crowd.image || crowd.theme !== theme) Object.assign(crowd, { image: sketchedNow() ?? density(columns()), theme });
  drawImage(ctx, at, crowd.image);
}

/** The image that the page began with, for the first drawing, if it is of all that is shown. */
function sketchedNow() {
  const { image } = sketched;
  sketched.image = null;
  const whole = shown.nodes.size === model.nodes.length && shown.links.size === model.links.length;
  return whole && !state.pinned.length ? image : null;
}

/** What is shown in columns, as the density is made of. */
function columns() {
  const { numbers, x, y } = gathered();
  const colours_ = [...new Set(Object.keys(model.kinds).map(colourOf))];
  const kind = Uint8Array.from(numbers, (index) => colours_.indexOf(colourOf(model.nodes[index].kind)));
  const place = new Map(Array.from(numbers, (index, at) => [index, at]));
  const ends = [...shown.links].flatMap((index) => [place.get(model.links[index].from), place.get(model.links[index].to)]);
  return { x, y, kind, colours: colours_, ends };
}
