// Symbols, each once: as a path around (0, 0) with radius 1. The canvas, the legend and the SVG
// export draw the same ones. Kinds that share a shape differ by a mark, so colour is never alone.

import { model } from "../rules/rows.js";
import { BEHIND, paint } from "./colours.js";

const SHAPES = {
  dot: "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z",
  square: "M-.86 -.86H.86V.86H-.86Z",
  diamond: "M0 -1.12L1.12 0L0 1.12L-1.12 0Z",
  hexagon: "M1.05 0L.52 .92L-.52 .92L-1.05 0L-.52 -.92L.52 -.92Z",
  triangle: "M0 -1.1L1.08 .82H-1.08Z",
  triangleDown: "M0 1.1L-1.08 -.82H1.08Z",
  star: "M0 -1.2L.35 -.45L1.15 -.37L.55 .18L.72 .98L0 .57L-.72 .98L-.55 .18L-1.15 -.37L-.35 -.45Z",
};

const MARKS = {
  0: "",
  1: "M.4 0A.4 .4 0 1 1 -.4 0A.4 .4 0 1 1 .4 0Z",
  2: "M-.5 -.14H.5V.14H-.5Z",
  3: "M-.14 -.45H.14V.45H-.14Z",
  4: "M-.48 -.13H-.13V-.48H.13V-.13H.48V.13H.13V.48H-.13V.13H-.48Z",
};

const paths = new Map();

export const path2d = (text) => {
  if (!paths.has(text)) paths.set(text, new Path2D(text));
  return paths.get(text);
};

export const shapeOf = (kind) => SHAPES[model.kinds[kind]?.shape] ?? SHAPES.dot;

export const markOf = (kind) => MARKS[model.kinds[kind]?.mark] ?? "";

export const colourOf = (kind) => model.kinds[kind]?.colour ?? "#888888";

export function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function symbol(kind, size = 16) {
  const mark = markOf(kind);
  return svg(
    "svg",
    { viewBox: "-1.3 -1.3 2.6 2.6", width: size, height: size, class: "symbol", "aria-hidden": "true" },
    svg("path", { d: shapeOf(kind), fill: colourOf(kind), stroke: paint("outline"), "stroke-width": 0.14 }),
    ...(mark ? [svg("path", { d: mark, fill: paint("canvas") })] : []),
  );
}

/** A line of the legend, drawn as the picture draws it. */
export function lineSample({ color, width, dashes = [], faint = false, colours: several = [color] }) {
  const long = 32 / several.length;
  return svg(
    "svg",
    { viewBox: "0 0 34 12", width: 34, height: 12, class: "symbol", "aria-hidden": "true" },
    ...several.map((one, index) =>
      svg("line", {
        x1: 1 + long * index,
        x2: 1 + long * (index + 1),
        y1: 6,
        y2: 6,
        stroke: one,
        "stroke-width": width,
        "stroke-dasharray": dashes.join(" ") || "none",
        "stroke-opacity": faint ? BEHIND : 1,
      }),
    ),
  );
}
