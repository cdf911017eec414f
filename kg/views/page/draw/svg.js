// The sheet as an SVG.

import { factLine, provenance } from "../model/provenance.js";
import { model } from "../rules/rows.js";
import { element, SvgPen, textElement } from "./pen.js";
import { drawSheet, fineness } from "./sheet.js";
import { FONT } from "./text.js";

/** The text of the file. `measure`: how wide a text is in a font, as `CSS` has it. */
export function sheetAsSvg(width, height, measure, more = {}) {
  const pen = new SvgPen(measure);
  const finer = more.at ? 1 : fineness(() => new SvgPen(measure), width, height);
  const wide = Math.round(width * finer);
  const high = Math.ceil(drawSheet(pen, { width: wide, height: height * finer, ...more }));
  const viewBox = `0 0 ${wide} ${high}`;
  const root = { xmlns: "http://www.w3.org/2000/svg", width, height: Math.round(high / finer), viewBox, "font-family": FONT };
  const parts = [
    textElement("title", {}, model.about.title),
    textElement("desc", {}, factLine()),
    textElement("metadata", {}, JSON.stringify(provenance())),
    ...pen.parts,
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("svg", root, parts.join("\n"))}\n`;
}
