// The picture on the page's canvas, brought up to date with the next frame.

import { nearestTo, scatter, shift } from "./crowd.js";
import { shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { camera, framing, marginsOf, measure, panBy, view, zoomAt } from "./camera.js";
import { readColours } from "./colours.js";
import { distanceTo, handleOf } from "./curves.js";
import { byId, el } from "./dom.js";
import { keyHeight } from "./key.js";
import { drawPicture } from "./picture.js";
import { around, chosenNow, compose, isAside, isCrowd, isQuiet, scene } from "./scene.js";
import { radiusOn } from "./symbols.js";

let sheet = null;
let waiting = 0;
/** What the pointer is on: { node } or { link }, or null. */
export let pointed = null;

export function startDrawing() {
  readColours();
  sheet = el("canvas");
  byId("canvas").append(sheet);
  new ResizeObserver(() => {
    measure(sheet);
    redraw();
  }).observe(byId("canvas"));
  measure(sheet);
}

/** What is shown has changed: made and drawn anew with the next frame. */
export function renew() {
  scatter();
  compose();
  redraw();
}

/** A node was moved. */
export function carry(index) {
  shift(index);
  compose();
  redraw();
}

/** The rows are others: nothing of the canvas is of them. */
export function forgetDrawn() {
  pointed = null;
}

export function redraw() {
  waiting ||= requestAnimationFrame(drawNow);
}

export function drawNow() {
  cancelAnimationFrame(waiting);
  waiting = 0;
  const ctx = sheet.getContext("2d");
  const ratio = sheet.width / camera.width;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const chosen = chosenNow();
  drawPicture(ctx, view(), { chosen, pointed: pointed && around(pointed) });
  document.body.dataset.drawn ??= String(Math.round(performance.now()));
}

/** The pointer is on something else; whether that is so. */
export function point(at) {
  if (JSON.stringify(at) === JSON.stringify(pointed)) return false;
  pointed = at;
  redraw();
  return true;
}

// --- moving the view -------------------------------------------------------------------------------

export function fit(numbers = shown.nodes) {
  measure(sheet); // the panel may just have grown
  const nodes = [...numbers].map((index) => model.nodes[index]);
  Object.assign(camera, framing(nodes, camera.width, camera.height, { margins: aboveKey(camera.width), drags: true }));
  redraw();
}

/** Margins that leave the key its room. */
function aboveKey(width) {
  const [west, north, east, south] = marginsOf(width);
  const high = keyHeight(width);
  byId("main").style.setProperty("--key", `${high}px`);
  return [west, north, east, south + high];
}

export function zoom(factor, place = { x: camera.width / 2, y: camera.height / 2 }) {
  zoomAt(factor, place);
  redraw();
}

export function pan(dx, dy) {
  panBy(dx, dy);
  redraw();
}

/** A node comes into view, if it is not there. */
export function reveal(index) {
  const { x, y } = model.nodes[index];
  const at = view();
  const place = at.place({ x, y });
  const inside = place.x > 40 && place.y > 40 && place.x < at.width - 40 && place.y < at.height - 40;
  if (!inside) Object.assign(camera, { x, y });
  redraw();
}

// --- what is where ---------------------------------------------------------------------------------

const REACH = 6; // pixels beside a line or a symbol that still count

/** What lies at a place of the canvas: { node } or { link }, or null.
 * @returns {any} */
export function hit(place) {
  const node = nodeAt(place);
  return node === null ? lineAt(place) : { node };
}

function nodeAt(place) {
  const at = view();
  if (isCrowd()) return nearestTo(at, place, REACH);
  let [best, least] = [null, Infinity];
  for (const index of shown.nodes) {
    const node = model.nodes[index];
    const { x, y } = at.place(node);
    const far = Math.hypot(x - place.x, y - place.y) - radiusOn(node, at);
    if (far < least) [best, least] = [index, far];
  }
  return least <= REACH ? best : null;
}

function lineAt(place) {
  const at = view();
  const out = [chosenNow(), pointed && around(pointed)].flatMap((some) => [...(some?.lines ?? [])]);
  const drawn = isQuiet() ? out : [...scene.lines.filter((line) => !isAside(line)), ...out];
  let [best, least] = [null, REACH];
  for (const line of drawn) {
    const far = distanceTo(line.way.map(at.place), place);
    if (far < least) [best, least] = [line, far];
  }
  return best && { link: best.links[0].index, ...(best.stem ? { stem: true } : {}) };
}

/** Where a node or a line is on the page, for scripts and tests: `placeOf({ node })`, `placeOf({ link })`. */
export function placeOf({ node, link }) {
  const box = byId("canvas").getBoundingClientRect();
  const at = view().place(node === undefined ? handleOf(scene.lineOf.get(link).way) : model.nodes[node]);
  return { x: at.x + box.left, y: at.y + box.top };
}
