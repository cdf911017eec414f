// The SVG is drawn by the functions that draw on the canvas, at zoom 1.

import { factLine, provenance } from "../model/provenance.js";
import { rowsOf, shown } from "../model/visible.js";
import { model, nameOf } from "../rules/rows.js";
import { kindWords, words } from "../rules/words.js";
import { HEADING, drawBand, drawHeadings, drawLabels, drawMarks, drawSpan, drawn, extent, line, middleOf, naming, network, radiusOf } from "./canvas.js";
import { colours } from "./colours.js";
import { linksOfEdge, segmentsShown } from "./lines.js";
import { SvgPen, short, svgText } from "./pen.js";
import { colourOf, markOf, shapeOf, svg } from "./shapes.js";
import { drawDot, drawNothing, drawSheet, factLines, sheetOf } from "./sheet.js";
import { FONT } from "./text.js";

/** What depends on the zoom, on the bands and on the ticks, as the file has them; nothing is redrawn. */
export function atZoomOne(draw) {
  const kept = [network.body.view.scale, model.bands, model.ticks, naming.drawn];
  network.body.view.scale = 1;
  try {
    return draw();
  } finally {
    [network.body.view.scale, model.bands, model.ticks, naming.drawn] = kept;
  }
}

export function drawnAsSvg() {
  const box = boxShown();
  const sheet = sheetOf(box.width, factLines());
  const image = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `${box.x} ${box.y - sheet.head} ${box.width} ${sheet.head + box.height + sheet.foot}`,
    "font-family": FONT,
  });
  image.append(
    svgText("title", {}, model.about.title),
    svgText("desc", {}, factLine()),
    svgText("metadata", {}, JSON.stringify(provenance())),
    svg("rect", { x: box.x, y: box.y - sheet.head, width: "100%", height: "100%", fill: colours.canvas }),
  );
  if (shown.nodes.size) drawInside(image, box);
  else drawNothing(new SvgPen(layer(image, box.x, box.y)), box.height / 2, box.width);
  const around = layer(image, box.x, box.y - sheet.head);
  drawSheet(new SvgPen(around), sheet, sheet.head + box.height);
  for (const { kind, x, y } of sheet.legend)
    if (kind) around.append(svgSymbol(kind, x + 8, sheet.head + box.height + y - 4, 6));
  return image;
}

const NARROWEST = 580; // a small picture still has lines that can be read

/** The part of the plane that holds what is shown, with room for names. */
function boxShown() {
  if (!shown.nodes.size) return { x: 0, y: 0, width: NARROWEST, height: 120 };
  const rows = rowsOf(model.nodes, shown.nodes);
  const [west, east] = extent(rows.flatMap((node) => [node.x, ...(node.span ?? [])]));
  const [north, south] = extent(rows.map((node) => node.y));
  const missing = Math.max(0, NARROWEST - (east - west + 320)) / 2;
  const box = { x: Math.floor(west - 160 - missing), y: Math.floor(north - 110) };
  box.width = Math.ceil(east - west + 320 + 2 * missing);
  box.height = Math.ceil(south - north + 220);
  return box;
}

/** A part of the file with an origin of its own. */
function layer(image, x, y) {
  const made = svg("svg", { x, y, overflow: "visible" });
  image.append(made);
  return made;
}

function drawInside(image, box) {
  const place = ({ x, y }) => ({ x: x - box.x, y: y - box.y });
  const at = { scale: 1, place, width: box.width, height: box.height };
  model.bands = bandsIn(box);
  model.ticks = model.ticks.filter(([x]) => x >= box.x + 30 && x <= box.x + box.width - 30);
  const pen = new SvgPen(layer(image, box.x, box.y));
  model.bands.forEach((band, index) => drawBand(pen, at, band, index));
  for (const [x] of model.ticks) line(pen, place({ x, y: 0 }).x, 0, place({ x, y: 0 }).x, at.height);
  for (const index of shown.nodes) drawSpan(pen, at, model.nodes[index]);
  const { junctions } = segmentsShown();
  for (const id of drawn.edges.getIds()) image.append(...svgEdge(id));
  for (const { row } of junctions) drawDot(new SvgPen(image), row.x, row.y);
  image.append(...rowsOf(model.nodes, shown.nodes).map(svgNode));
  drawMarks(new SvgPen(image), null);
  const names = new SvgPen(layer(image, box.x, box.y));
  drawHeadings(names, at);
  drawLabels(names, at, null);
}

/** Lanes or columns from the first that holds something shown to the last, as far as the box reaches. */
function bandsIn(box) {
  const rows = rowsOf(model.nodes, shown.nodes);
  const used = model.bands.map(([, start, end, axis]) =>
    rows.some((node) => node[axis] >= start && node[axis] < end),
  );
  const inside = model.bands.slice(used.indexOf(true), used.lastIndexOf(true) + 1);
  return inside.map(([name, start, end, axis]) => {
    const [low, high] = axis === "x" ? [box.x, box.x + box.width] : [box.y + HEADING, box.y + box.height];
    return [name, Math.max(start, low), Math.min(end, high), axis];
  });
}

const SAMPLES = 24;

/** A line from rim to rim with its head at the node: it is cut where it enters a symbol. */
function svgEdge(id) {
  const row = drawn.edges.get(id);
  const edge = network.body.edges[id];
  // from centre to centre; vis sets these anew, for the zoom at hand, with every drawing
  Object.assign(edge.edgeType, { fromPoint: edge.from, toPoint: edge.to });
  const [start, end] = [row.from, row.to].map(rimOf);
  const arrow = row.arrows.to.enabled ? 6 + 1.2 * row.width : 0;
  const last = crossing(id, end, 1, row.from === row.to ? 0.5 : 0);
  const tail = arrow ? crossing(id, { ...end, radius: end.radius + arrow * 0.8 }, 1, last / 2) : last;
  const first = crossing(id, start, 0, tail);
  const points = Array.from({ length: SAMPLES + 1 }, (_, index) =>
    middleOf(id, first + (index * (tail - first)) / SAMPLES),
  );
  const paint = { stroke: row.color.color, "stroke-opacity": row.color.opacity };
  const d = points.map(({ x, y }, index) => `${index ? "L" : "M"}${short(x)} ${short(y)}`).join("");
  const dashes = row.dashes ? { "stroke-dasharray": row.dashes.join(" ") } : {};
  const path = svg("path", { d, class: "line", fill: "none", "stroke-width": row.width, ...paint, ...dashes });
  path.append(svgText("title", {}, linksOfEdge(id).map(sentence).join("; ")));
  return arrow ? [path, svgArrow(middleOf(id, last), middleOf(id, tail), arrow, row.color)] : [path];
}

const sentence = (link) => `${nameOf(link.from)} ${words(link.kind)} ${nameOf(link.to)}`;

function rimOf(id) {
  const { x, y } = network.body.nodes[id];
  return { x, y, radius: id.startsWith("n") ? radiusOf(model.nodes[Number(id.slice(1))]) * 1.05 : 0 };
}

/** How far along an edge is outside a circle around its end: from `outer`, which is inside, to `inner`. */
function crossing(id, { x, y, radius }, outer, inner) {
  const within = (share) => {
    const place = middleOf(id, share);
    return Math.hypot(place.x - x, place.y - y) < radius;
  };
  let [inside, outside] = [outer, inner];
  for (let step = 1; step <= SAMPLES; step += 1) {
    const share = outer + ((inner - outer) * step) / SAMPLES;
    if (within(share)) continue;
    outside = share;
    break;
  }
  for (let round = 0; round < 12; round += 1) {
    const middle = (inside + outside) / 2;
    if (within(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}

function svgArrow(tip, tail, size, { color, opacity }) {
  const turn = Math.atan2(tip.y - tail.y, tip.x - tail.x);
  const side = (angle) => [tip.x - size * Math.cos(turn + angle), tip.y - size * Math.sin(turn + angle)];
  const d = [[tip.x, tip.y], side(0.42), side(-0.42)].map((place) => place.map(short).join(" ")).join("L");
  return svg("path", { d: `M${d}Z`, class: "head", fill: color, "fill-opacity": opacity });
}

function svgSymbol(kind, x, y, radius) {
  const mark = markOf(kind);
  const group = svg("g", { transform: `translate(${x} ${y}) scale(${short(radius)})` });
  const look = { fill: colourOf(kind), stroke: colours.outline, "stroke-width": short(14 / radius) / 10 };
  group.append(svg("path", { d: shapeOf(kind), ...look }));
  if (mark) group.append(svg("path", { d: mark, fill: colours.canvas }));
  return group;
}

function svgNode(node) {
  const group = svgSymbol(node.kind, node.x, node.y, radiusOf(node));
  group.setAttribute("class", "node");
  group.prepend(svgText("title", {}, `${node.name} (${kindWords(node.kind)})`));
  return group;
}
