// The pointer on the picture: mouse, finger, pen.

import { carry, hit, pan, point, redraw, zoom } from "../draw/canvas.js";
import { factorOf, view } from "../draw/camera.js";
import { byId } from "../draw/dom.js";
import { naming } from "../draw/naming.js";
import { select, state, writeAddress } from "../model/state.js";
import { model } from "../rules/rows.js";
import { neighbourhood, showPath, walking } from "../tools/walk.js";
import { linkTip, nodeTip, showTip } from "./tip.js";

const STILL = 4; // pixels that a click may move

const down = new Map(); // pointer → where it is
let grip = null; // what it took hold of: { start, last, node, moved, spread }

export function startPointer() {
  const canvas = byId("canvas");
  canvas.addEventListener("pointerdown", press);
  canvas.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, release);
  canvas.addEventListener("pointerleave", () => leave());
  canvas.addEventListener("dblclick", (event) => hit(placeIn(event))?.node !== undefined && neighbourhood());
  canvas.addEventListener("wheel", turn, { passive: false });
}

function placeIn(event) {
  const box = byId("canvas").getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function press(event) {
  if (event.button) return;
  const place = placeIn(event);
  down.set(event.pointerId, place);
  byId("canvas").setPointerCapture(event.pointerId);
  // from afar there is a node under every place, and whoever drags means the picture
  const node = down.size === 1 && !naming.drawn.density ? hit(place)?.node : undefined;
  grip = { start: place, last: place, node, moved: down.size > 1, spread: spread() };
}

function move(event) {
  const place = placeIn(event);
  if (!grip || !down.has(event.pointerId)) return hover(event, place);
  down.set(event.pointerId, place);
  if (down.size > 1) return pinch();
  grip.moved ||= Math.hypot(place.x - grip.start.x, place.y - grip.start.y) > STILL;
  if (!grip.moved) return undefined;
  leave();
  if (grip.node === undefined) pan(place.x - grip.last.x, place.y - grip.last.y);
  else if (!state.pinned.includes(grip.node)) drag(model.nodes[grip.node], place);
  grip.last = place;
  return undefined;
}

function drag(node, place) {
  Object.assign(node, view().plane(place));
  carry(node.index);
}

const middle = () => {
  const [a, b] = [...down.values()];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
};

function spread() {
  const [a, b] = [...down.values()];
  return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}

function pinch() {
  const now = spread();
  if (grip.spread) zoom(now / grip.spread, middle());
  grip.spread = now;
}

function release(event) {
  down.delete(event.pointerId);
  if (!grip || down.size) return;
  const { moved, start, node } = grip;
  grip = null;
  if (!moved && event.type === "pointerup") return click(hit(start));
  if (node !== undefined) writeAddress();
  redraw();
}

function click(found) {
  byId("canvas").focus();
  if (!found) return select(null);
  const { node, link } = found;
  if (node === undefined) return select({ link });
  return walking !== null && walking !== node ? showPath(walking, node) : select({ node });
}

function hover(event, place) {
  const found = hit(place);
  byId("canvas").style.cursor = found ? "pointer" : "";
  if (!point(found)) return;
  if (!found) byId("tip").hidden = true;
  else showTip(found.node === undefined ? linkTip(found) : nodeTip(found.node), event);
}

function leave() {
  point(null);
  byId("tip").hidden = true;
}

function turn(event) {
  event.preventDefault();
  leave();
  zoom(factorOf(event), placeIn(event));
}
