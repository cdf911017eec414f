// The first look at a large picture: its density, from columns that stand before everything else in the page,
// while the rows and claims are still read. It is moved and zoomed like the picture that takes its place.

import { unpack } from "../model/load.js";
import { model } from "../rules/rows.js";
import { camera, extent, factorOf, framing, measure, panBy, view, zoomAt } from "./camera.js";
import { readable } from "./colours.js";
import { density, drawImage } from "./density.js";
import { byId, el } from "./dom.js";

/** The image that was drawn first: of the whole picture, for whoever draws the same next. */
export const sketched = { image: null };

/** Draws it where there is one; gives what takes it away again and tells whether the reader moved it. */
export async function sketch() {
  const element = byId("sketch");
  if (!element) return () => ({ moved: false });
  const { bands, ...rows } = JSON.parse(await unpack(element.textContent));
  element.remove();
  model.bands = bands; // they decide how the plane falls on the sheet
  sketched.image = density({ ...rows, colours: rows.colours.map(readable) });
  const canvas = el("canvas", { id: "first" });
  byId("canvas").append(canvas);
  measure(canvas);
  Object.assign(camera, framing(cornersOf(rows), camera.width, camera.height));
  const told = movable(canvas);
  byId("notice").textContent = `Reading what is said of ${rows.x.length.toLocaleString("en")} nodes …`;
  byId("notice").hidden = false;
  await drawnFor(canvas);
  document.body.dataset.sketched = String(Math.round(performance.now()));
  return () => {
    canvas.remove();
    return told;
  };
}

/** Two places between which all of them lie. */
function cornersOf({ x, y }) {
  const [[left, right], [top, bottom]] = [extent(x), extent(y)];
  return [{ x: left, y: top }, { x: right, y: bottom }];
}

/** A drag and the wheel move it, as they will the picture; what is told changes with the first of them. */
function movable(canvas) {
  const told = { moved: false };
  const again = () => {
    told.moved = true;
    drawnFor(canvas);
  };
  canvas.addEventListener("pointermove", ({ buttons, movementX, movementY }) => {
    if (!buttons) return;
    panBy(movementX, movementY);
    again();
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomAt(factorOf(event), { x: event.offsetX, y: event.offsetY });
    again();
  });
  return told;
}

/** Drawn with the next frame, and seen. */
const drawnFor = (canvas) =>
  new Promise((done) => {
    requestAnimationFrame(() => {
      const ctx = canvas.getContext("2d");
      const ratio = canvas.width / camera.width;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, camera.width, camera.height);
      drawImage(ctx, view(), sketched.image);
      setTimeout(done);
    });
  });
