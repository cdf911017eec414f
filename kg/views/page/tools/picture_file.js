// What is visible as a picture file.

import { camera, view } from "../draw/camera.js";
import { el } from "../draw/dom.js";
import { chosenNow } from "../draw/scene.js";
import { drawPaper, drawSheet, heightOf, SIZES } from "../draw/sheet.js";
import { sheetAsSvg } from "../draw/svg.js";
import { shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { download, fileName } from "./export.js";

/** What the reader chose for picture files: a size by name ("" is what the window shows), pixels to each. */
export const wanted = { size: "", scale: 2 };

let scratchPad = null;
const scratch = () => (scratchPad ??= el("canvas").getContext("2d"));

function widthOf(text, font) {
  const ctx = scratch();
  ctx.font = font;
  return ctx.measureText(text).width;
}

/** The canvas shows a section: what lies outside it is not in the picture. */
function sectionLine() {
  const at = view();
  const inside = [...shown.nodes].filter((index) => {
    const { x, y } = at.place(model.nodes[index]);
    return x >= 0 && y >= 0 && x <= at.width && y <= at.height;
  });
  const [some, all] = [inside.length, shown.nodes.size].map((count) => count.toLocaleString("en"));
  return some === all ? [] : [`Section: ${some} of the ${all} nodes shown lie in it.`];
}

/** A sheet of the size that is wanted, or one around what the window shows. */
function asked() {
  const [width, height] = SIZES[wanted.size] ?? [];
  if (width) return { width, height };
  return { width: Math.round(camera.width), height: 0, at: view(), remarks: sectionLine(), chosen: chosenNow() };
}

export function exportPng() {
  const sheet = asked();
  const high = sheet.at ? heightOf(scratch(), sheet.width, sheet.at.height, sheet.remarks) : sheet.height;
  const canvas = el("canvas", { width: sheet.width * wanted.scale, height: Math.ceil(high * wanted.scale) });
  const ctx = canvas.getContext("2d");
  if (sheet.at) {
    ctx.scale(wanted.scale, wanted.scale);
    drawSheet(ctx, sheet);
  } else drawPaper(ctx, scratch, sheet, wanted.scale);
  canvas.toBlob((blob) => download(fileName("png"), "image/png", blob), "image/png");
}

export function exportSvg() {
  const [width, height] = SIZES[wanted.size] ?? SIZES["16:9"];
  download(fileName("svg"), "image/svg+xml", sheetAsSvg(width, height, widthOf));
}
