// The first look at a large picture: its density, from columns that are read at once, while the rows and
// claims are still packed.

import { unpack } from "../model/load.js";
import { onto } from "./camera.js";
import { readable } from "./colours.js";
import { density, drawImage } from "./density.js";
import { byId, el } from "./dom.js";

/** The image that was drawn first: of the whole picture, for whoever draws the same next. */
export const sketched = { image: null };

/** Draws it where there is one; gives what takes it away again. */
export async function sketch() {
  const element = byId("sketch");
  if (!element) return () => {};
  const rows = JSON.parse(await unpack(element.textContent));
  element.remove();
  const box = byId("canvas").getBoundingClientRect();
  const ratio = devicePixelRatio || 1;
  const canvas = el("canvas", { width: Math.round(box.width * ratio), height: Math.round(box.height * ratio), id: "first" });
  byId("canvas").append(canvas);
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  const image = density({ ...rows, colours: rows.colours.map(readable) });
  sketched.image = image;
  const [wide, high] = [image.width * image.size, image.height * image.size];
  const scale = 0.9 * Math.min(box.width / wide, box.height / high);
  const centre = { x: image.left + wide / 2, y: image.top + high / 2 };
  drawImage(ctx, onto({ ...centre, scale, stretch: 1, width: box.width, height: box.height }), image);
  byId("notice").textContent = `Reading what is said of ${rows.x.length.toLocaleString("en")} nodes …`;
  byId("notice").hidden = false;
  document.body.dataset.sketched = String(Math.round(performance.now()));
  await new Promise((done) => setTimeout(done, 40)); // it is seen before the rest is read
  return () => canvas.remove();
}
