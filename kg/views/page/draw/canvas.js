// The picture on its canvas: vis-network holds nodes and edges, this file says how they look.

import { state } from "../model/state.js";
import { counted, shown } from "../model/visible.js";
import { model, nameOf, other } from "../rules/rows.js";
import { push, words } from "../rules/words.js";
import { colours, isDark, readColours } from "./colours.js";
import { byId } from "./dom.js";
import { linksOfEdge, nodeId, segmentsShown } from "./lines.js";
import { colourOf, markOf, path2d, shapeOf } from "./shapes.js";
import { FONT, NARROW, breakLines, cut, halo } from "./text.js";

export let network = null;

export const drawn = { nodes: null, edges: null, signature: new Map() };

/** Pixels at zoom 1; on screen never smaller than can be told apart. */
export const radiusOf = (node) =>
  Math.max(ownRadius(node), (network ? 2.6 / network.getScale() : 0) * (0.6 + ownRadius(node) / 25));

const ownRadius = (node) => Math.min(24, 10 + 2.4 * Math.sqrt(node.weight));

export function startDrawing() {
  readColours();
  drawn.nodes = new vis.DataSet();
  drawn.edges = new vis.DataSet();
  const large = model.nodes.length > 1500;
  network = new vis.Network(
    byId("canvas"),
    { nodes: drawn.nodes, edges: drawn.edges },
    {
      physics: false,
      layout: { improvedLayout: false },
      nodes: { shape: "custom", chosen: false },
      edges: {
        arrows: { to: { enabled: true, scaleFactor: 0.55 } },
        chosen: false,
        selfReference: { size: 16 },
        arrowStrikethrough: false,
      },
      interaction: {
        hover: !large,
        hoverConnectedEdges: false,
        selectConnectedEdges: false,
        keyboard: false,
        hideEdgesOnDrag: large,
        hideEdgesOnZoom: large,
        zoomSpeed: 0.7,
        multiselect: false,
      },
    },
  );
  network.on("beforeDrawing", drawBands);
  network.on("afterDrawing", drawOver);
}

/** The rows are others: nothing of the canvas is of them. */
export function forgetDrawn() {
  network.body.emitter.emit("_blockRedraw"); // until `redraw` has the new ones
  drawn.nodes.clear();
  drawn.edges.clear();
  drawn.signature.clear();
}

/** Bring the canvas up to what is visible, by the smallest change. */
export function redraw() {
  const wanted = new Map();
  for (const index of shown.nodes) wanted.set(nodeId(index), nodeRow(model.nodes[index]));
  const segments = segmentsShown();
  for (const { row } of segments.junctions) wanted.set(row.id, row);
  // vis would draw at once after either change: with thousands of nodes that is most of the time
  network.body.emitter.emit("_blockRedraw");
  settle(drawn.nodes, wanted, ({ x, y }) => `${x} ${y}`);
  settle(drawn.edges, new Map(segments.edges.map((edge) => [edge.id, edge])), JSON.stringify);
  network.body.emitter.emit("_allowRedraw");
  network.body.emitter.emit("_requestRedraw"); // once, with the next frame, however much changes
}

function settle(set, wanted, sign) {
  set.remove(set.getIds().filter((id) => !wanted.has(id)));
  const here = new Set(set.getIds());
  const changed = [];
  for (const [id, row] of wanted) {
    const signature = sign(row);
    if (here.has(id) && drawn.signature.get(id) === signature) continue;
    drawn.signature.set(id, signature);
    changed.push(row);
  }
  set.update(changed);
}

const nodeRow = (node) => ({ id: nodeId(node.index), x: node.x, y: node.y, ctxRenderer: rendererOf(node) });

function rendererOf(node) {
  node.renderer ??= ({ ctx, x, y }) => {
    const radius = radiusOf(node);
    return {
      drawNode: () => drawSymbol(ctx, node, x, y, radius),
      nodeDimensions: { width: radius * 1.9, height: radius * 1.9 },
    };
  };
  return node.renderer;
}

export function drawSymbol(ctx, node, x, y, radius) {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(radius, radius);
  ctx.fillStyle = colourOf(node.kind);
  ctx.fill(path2d(shapeOf(node.kind)));
  ctx.lineWidth = Math.min(1.4 / radius, 0.14);
  ctx.strokeStyle = colours.outline;
  ctx.setLineDash([]);
  ctx.stroke(path2d(shapeOf(node.kind)));
  const mark = markOf(node.kind);
  if (mark) {
    ctx.fillStyle = colours.canvas;
    ctx.fill(path2d(mark));
  }
  ctx.restore();
}

function edgeOfLink(index) {
  return [`l${index}`, `b${index}`].find((id) => drawn.edges.get(id));
}

export function view() {
  const scale = network.getScale();
  const centre = network.getViewPosition();
  const box = byId("canvas").getBoundingClientRect();
  const place = ({ x, y }) => ({
    x: (x - centre.x) * scale + box.width / 2,
    y: (y - centre.y) * scale + box.height / 2,
  });
  return { scale, place, width: box.width, height: box.height };
}

/** Draw in pixels of the page, whatever the zoom. */
function onScreen(ctx, draw) {
  const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw(view());
  ctx.restore();
}

function drawBands(ctx) {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
  onScreen(ctx, (at) => {
    model.bands.forEach((band, index) => drawBand(ctx, at, band, index));
    for (const [x] of model.ticks)
      line(ctx, at.place({ x, y: 0 }).x, 0, at.place({ x, y: 0 }).x, at.height);
    for (const index of shown.nodes) drawSpan(ctx, at, model.nodes[index]);
  });
}

export function drawBand(ctx, at, [, start, end, axis], index) {
  const [a, b] = [at.place({ x: start, y: start }), at.place({ x: end, y: end })];
  ctx.fillStyle = colours.band;
  if (index % 2 === 0) {
    if (axis === "x") ctx.fillRect(a.x, 0, b.x - a.x, at.height);
    else ctx.fillRect(0, a.y, at.width, b.y - a.y);
  }
}

export function line(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.lineWidth = 1;
  ctx.strokeStyle = colours.rule;
  ctx.setLineDash([1, 5]);
  ctx.stroke();
  ctx.setLineDash([]);
}

export function drawSpan(ctx, at, node) {
  if (!node.span) return;
  const [left, right] = node.span.map((x) => at.place({ x, y: node.y }).x);
  if (right - left < 2) return;
  ctx.globalAlpha = 0.28;
  ctx.fillStyle = colourOf(node.kind);
  ctx.beginPath();
  ctx.roundRect(left, at.place(node).y - 5 * at.scale, right - left, 10 * at.scale, 5 * at.scale);
  ctx.fill();
  ctx.globalAlpha = 1;
}

function drawOver(ctx) {
  const chosen = chosenNow();
  if (chosen) drawVeil(ctx, chosen);
  drawMarks(ctx, chosen);
  naming.drawn = noNames();
  onScreen(ctx, (at) => {
    drawHeadings(ctx, at);
    drawLabels(ctx, at, chosen);
  });
}

/** What the selection stands out with: nodes, and edges of the canvas. */
function chosenNow() {
  const { node, link } = state.selected ?? {};
  const found = { nodes: new Set(), edges: new Set(), centre: node };
  if (node !== undefined && shown.nodes.has(node)) {
    found.nodes.add(node);
    for (const one of model.linksAt[node])
      if (shown.links.has(one.index)) {
        found.nodes.add(other(one, node));
        addEdges(found, one);
      }
  } else if (shown.links.has(link)) {
    const one = model.links[link];
    found.nodes.add(one.from).add(one.to);
    addEdges(found, one);
  } else return null;
  return found;
}

function addEdges(found, link) {
  const id = edgeOfLink(link.index);
  if (id) found.edges.add(id);
  if (id?.startsWith("b"))
    for (const stem of drawn.edges.getIds())
      if (stem.startsWith("s") && linksOfEdge(stem).includes(link)) found.edges.add(stem);
}

function drawVeil(ctx, chosen) {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalAlpha = isDark() ? 0.8 : 0.82;
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
  for (const id of chosen.edges) network.body.edges[id]?.draw(ctx);
  for (const id of chosen.edges) network.body.edges[id]?.drawArrows?.(ctx);
  for (const index of chosen.nodes) {
    const node = model.nodes[index];
    if (index === chosen.centre) drawRing(ctx, node);
    drawSymbol(ctx, node, node.x, node.y, radiusOf(node));
  }
}

function drawRing(ctx, node) {
  ctx.beginPath();
  ctx.arc(node.x, node.y, radiusOf(node) * 1.45, 0, 2 * Math.PI);
  ctx.lineWidth = 3;
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.accent;
  ctx.stroke();
}

/** Pins, and a cross on what is disputed: red alone would not reach everybody. */
export function drawMarks(ctx, chosen) {
  for (const index of state.pinned) {
    const node = model.nodes[index];
    if (!shown.nodes.has(index)) continue;
    ctx.beginPath();
    ctx.arc(node.x + radiusOf(node), node.y - radiusOf(node), 4, 0, 2 * Math.PI);
    ctx.fillStyle = colours.accent;
    ctx.fill();
  }
  if (shown.links.size > 1500) return;
  for (const index of shown.links) {
    if (!counted.counts.get(index)?.disputed) continue;
    const id = edgeOfLink(index);
    if (id && (!chosen || chosen.edges.has(id))) drawCross(ctx, middleOf(id));
  }
}

export function drawCross(ctx, { x, y }) {
  ctx.beginPath();
  ctx.moveTo(x - 5, y - 5);
  ctx.lineTo(x + 5, y + 5);
  ctx.moveTo(x + 5, y - 5);
  ctx.lineTo(x - 5, y + 5);
  ctx.lineWidth = 2.4;
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.disputed;
  ctx.stroke();
}

/** A place on an edge of the canvas, `share` of the way along. */
export function middleOf(id, share = 0.5) {
  return network.body.edges[id].edgeType.getPoint(share);
}

export function fit(nodes = shown.nodes) {
  if (!nodes.size) return;
  const inside = [...nodes].map((index) => model.nodes[index]);
  const [left, right, top, bottom] = [
    ...extent(inside.map((node) => node.x)),
    ...extent(inside.map((node) => node.y)),
  ];
  network.setSize("100%", "100%"); // vis measures its canvas late, after the panel has grown
  const box = byId("canvas").getBoundingClientRect();
  const [west, north, east, south] = margins(box.width);
  const scale = Math.min(
    1.35,
    (box.width - west - east) / (right - left + 30),
    (box.height - north - south) / (bottom - top + 30),
  );
  const position = {
    x: (left + right) / 2 + (east - west) / 2 / scale,
    y: (top + bottom) / 2 + (south - north) / 2 / scale,
  };
  network.moveTo({ position, scale: Math.max(scale, 0.02) });
}

export const extent = (values) =>
  values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );

/** Names keep their size on screen whatever the zoom, and so does their room. */
function margins(width) {
  const side = width < NARROW ? 40 : 78;
  if (!model.bands.length) return [side, 34, side, 52];
  if (model.bands[0][3] === "x") return [side, 64, side, width < NARROW ? 30 : 52];
  return [width < NARROW ? side : 120, 40, side, 24];
}

export function zoom(factor) {
  network.moveTo({ scale: Math.min(8, Math.max(0.02, network.getScale() * factor)) });
}

export function reveal(index) {
  const { x, y } = model.nodes[index];
  const at = view();
  const place = at.place({ x, y });
  const inside = place.x > 40 && place.y > 40 && place.x < at.width - 40 && place.y < at.height - 40;
  if (!inside) network.moveTo({ position: { x, y } });
}

const CELL = 64;

const FAR = 0.4; // at this zoom symbols are dots: names may cover some of them

const HUBS = 60; // so many of the weightiest nodes are named beside the communities, from afar

class Room {
  constructor() {
    this.cells = new Map();
  }
  *around([x, y, width, height]) {
    for (let i = Math.floor(x / CELL); i <= (x + width) / CELL; i += 1) {
      for (let j = Math.floor(y / CELL); j <= (y + height) / CELL; j += 1) yield i * 65536 + j;
    }
  }
  free(box) {
    for (const cell of this.around(box)) {
      for (const [x, y, width, height] of this.cells.get(cell) ?? []) {
        if (box[0] < x + width && x < box[0] + box[2] && box[1] < y + height && y < box[1] + box[3])
          return false;
      }
    }
    return true;
  }
  take(box) {
    for (const cell of this.around(box)) push(this.cells, cell, box);
  }
}

const noNames = () => ({ headings: [], nodes: [], communities: [], boxes: [] });

/** What was named in the last drawing, and where: for tests. */
export const naming = { drawn: noNames() };

export function drawLabels(ctx, at, chosen) {
  const room = new Room();
  for (const box of headingBoxes(ctx, at)) room.take(box);
  const nodes = [...shown.nodes]
    .map((index) => model.nodes[index])
    .map((node) => ({ node, place: at.place(node) }))
    .filter(
      ({ place }) => place.x > -90 && place.y > -40 && place.x < at.width + 90 && place.y < at.height + 40,
    );
  drawCommunities(ctx, at, room, chosen);
  if (chosen) for (const index of chosen.nodes) takeSymbol(room, at, model.nodes[index]);
  else if (at.scale > FAR || nodes.length < 200) for (const { node } of nodes) takeSymbol(room, at, node);
  const rank = ({ node }) => (node.index === chosen?.centre ? 1e9 : 0) + node.weight;
  nodes.sort((one, another) => rank(another) - rank(one));
  const most = model.communities.length && at.scale < FAR ? HUBS : nodes.length;
  for (const { node, place } of nodes.slice(0, most)) {
    if (!chosen || chosen.nodes.has(node.index)) drawName(ctx, at, room, node, place, chosen);
  }
  if (shown.links.size <= 120 || chosen) drawRelations(ctx, at, room, chosen);
}

function takeSymbol(room, at, node) {
  const radius = radiusOf(node) * at.scale;
  const { x, y } = at.place(node);
  room.take([x - radius, y - radius, 2 * radius, 2 * radius]);
}

function drawName(ctx, at, room, node, place, chosen) {
  const strong = node.index === chosen?.centre;
  const size = strong ? 13.5 : Math.min(13, Math.max(11, 12 * Math.sqrt(at.scale)));
  ctx.font = `${strong ? 650 : 450} ${size}px ${FONT}`;
  const lines = wrapped(node);
  const note = node.note && cut(node.note, 34);
  const width = Math.max(noteWidth(ctx, note), ...lines.map((text) => ctx.measureText(text).width)) + 4;
  const height = lines.length * (size + 2) + (note ? 12 : 0);
  const radius = radiusOf(node) * at.scale * 1.12 + 3;
  const [left, right] = [place.x - radius - width, place.x + radius];
  const [above, below] = [place.y - radius - height, place.y + radius];
  const corners = [left, right].flatMap((x) => [
    [x + Math.sign(place.x - x) * radius, below - 4],
    [x + Math.sign(place.x - x) * radius, above + 4],
  ]);
  const boxes = [
    [place.x - width / 2, below],
    [place.x - width / 2, above],
    [right, place.y - height / 2],
    [left, place.y - height / 2],
    ...corners,
  ].map(([x, y]) => /** @type {[number, number, number, number]} */ ([x, y, width, height]));
  const inside = ([x, _y, wide, _height]) => x >= 0 && x + wide <= at.width;
  const box = boxes.find((one) => inside(one) && room.free(one)) ?? (strong ? boxes[0] : null);
  if (!box) return;
  room.take(box);
  naming.drawn.nodes.push(node.id);
  naming.drawn.boxes.push(box);
  lines.forEach((text, index) =>
    halo(ctx, text, box[0] + width / 2, box[1] + size * 0.9 + index * (size + 2), colours.ink),
  );
  if (!note) return;
  ctx.font = NOTE_FONT;
  halo(ctx, note, box[0] + width / 2, box[1] + height - 3, colours.muted);
}

const NOTE_FONT = `400 10.5px ${FONT}`;

function noteWidth(ctx, note) {
  if (!note) return 0;
  const { font } = ctx;
  ctx.font = NOTE_FONT;
  const { width } = ctx.measureText(note);
  ctx.font = font;
  return width;
}

/** A name in at most two lines of some twenty letters. */
function wrapped(node) {
  node.lines ??= breakLines(node.name);
  return node.lines;
}

function drawRelations(ctx, at, room, chosen) {
  if (at.scale < 0.35) return;
  ctx.font = `italic 400 10.5px ${FONT}`;
  for (const edge of chosen ? chosen.edges : drawn.edges.getIds()) {
    const text = relationText(linksOfEdge(edge), Boolean(chosen), edge);
    if (!text || !network.body.edges[edge]) continue;
    const width = ctx.measureText(text).width + 4;
    const crossed = linksOfEdge(edge).some((link) => counted.counts.get(link.index)?.disputed);
    for (const share of crossed ? [0.3, 0.7] : [0.5, 0.36, 0.64, 0.25, 0.75]) {
      const place = at.place(middleOf(edge, share));
      const box = [place.x - width / 2, place.y - 8, width, 13];
      if (!room.free(box)) continue;
      room.take(box);
      naming.drawn.boxes.push(box);
      halo(ctx, text, place.x, place.y + 3.5, colours.muted, 6); // its own line runs behind it
      break;
    }
  }
}

/** The relation; once chosen, also who says so. A stem says that the blame is shared. */
function relationText(links, chosen, edge) {
  if (edge.startsWith("s")) return "blamed together";
  const count = counted.counts.get(links[0].index);
  const text = words(links[0].kind);
  if (!count) return text;
  if (chosen && count.who.length)
    return `${text}: ${cut(nameOf(count.who[0]), 30)}${count.who.length > 1 ? ` + ${count.who.length - 1}` : ""}`;
  return count.asserters > 1 ? `${text} · ${count.asserters}` : text;
}

export function drawHeadings(ctx, at) {
  if (!model.bands.length) return;
  ctx.fillStyle = colours.canvas;
  ctx.globalAlpha = 0.86;
  ctx.fillRect(0, 0, at.width, stripHeight(ctx, at));
  ctx.globalAlpha = 1;
  if (model.bands[0][3] === "x") drawColumnHeadings(ctx, at);
  else
    for (const { lines, x, y } of laneHeadings(ctx, at)) {
      lines.forEach((text, index) =>
        halo(ctx, text, x + ctx.measureText(text).width / 2, y + index * 13, colours.muted),
      );
      naming.drawn.headings.push(lines.join(" "));
    }
  drawTicks(ctx, at);
}

export const HEADING = 26; // height of the strip on top

const headingFont = (at) => `650 ${at.width < NARROW ? 11 : 12}px ${FONT}`;

const columnRoom = (at, [, start, end]) => (end - start) * at.scale - 6;

/** Headings that do not fit side by side stand in two rows, in turn. */
function inTwoRows(ctx, at) {
  ctx.font = headingFont(at);
  return (
    model.bands[0][3] === "x" &&
    model.bands.some((band) => ctx.measureText(band[0]).width > columnRoom(at, band))
  );
}

const stripHeight = (ctx, at) => HEADING + (inTwoRows(ctx, at) ? 14 : 0);

function drawColumnHeadings(ctx, at) {
  const twice = inTwoRows(ctx, at);
  model.bands.forEach((band, index) => {
    const middle = at.place({ x: (band[1] + band[2]) / 2, y: 0 }).x;
    const text = fitted(ctx, band[0], columnRoom(at, band) * (twice ? 2 : 1));
    halo(ctx, text, middle, 17 + (twice && index % 2 ? 14 : 0), colours.muted);
    naming.drawn.headings.push(text);
  });
}

/** As much of a text as there is room for. */
function fitted(ctx, text, room) {
  let most = text.length;
  while (most > 1 && ctx.measureText(cut(text, most)).width > room) most -= 1;
  return cut(text, most);
}

/** Lanes are named at their top left, one below the other however flat they are. */
function laneHeadings(ctx, at) {
  ctx.font = headingFont(at);
  let free = HEADING + 13;
  const found = [];
  for (const [name, start, end] of model.bands) {
    if (at.place({ x: 0, y: end }).y < 40) continue;
    const lines = breakLines(name, at.width < NARROW ? 24 : 15);
    const y = Math.max(at.place({ x: 0, y: start }).y + 15, free);
    free = y + lines.length * 13;
    found.push({ lines, x: 8, y });
  }
  return found;
}

/** Where names of nodes may not stand. */
function headingBoxes(ctx, at) {
  if (!model.bands.length) return [];
  const strip = [0, 0, at.width, stripHeight(ctx, at)];
  if (model.bands[0][3] === "x") return [strip];
  const boxes = laneHeadings(ctx, at).map(({ lines, x, y }) => [
    x,
    y - 11,
    Math.max(...lines.map((text) => ctx.measureText(text).width)),
    lines.length * 13,
  ]);
  return [strip, ...boxes];
}

function drawTicks(ctx, at) {
  ctx.font = `500 11px ${FONT}`;
  let free = 0;
  for (const [x, text] of model.ticks) {
    const place = at.place({ x, y: 0 }).x;
    const width = ctx.measureText(text).width;
    if (place - width / 2 < free) continue;
    halo(ctx, text, place, 17, colours.muted);
    free = place + width / 2 + 10;
  }
}

/** Each community by its weightiest members, once nodes are too small to carry names. */
function drawCommunities(ctx, at, room, chosen) {
  if (chosen || at.scale > FAR || !model.communities.length) return;
  const dense = shown.nodes.size > 1500; // then the next one begins where this one ends
  for (const community of model.communities) {
    const inside = community.nodes.filter((index) => shown.nodes.has(index));
    if (inside.length < 3) continue;
    const size = Math.min(14.5, 10.5 + Math.log2(inside.length) / 2);
    ctx.font = `650 ${size}px ${FONT}`;
    const text = cut(community.name, 34);
    const place = at.place({ x: community.x, y: dense ? community.inside : community.top });
    if (!dense) place.y -= 10;
    const width = ctx.measureText(text).width + 8;
    const box = [place.x - width / 2, place.y - size, width, size + 6];
    if (!room.free(box)) continue;
    room.take(box);
    naming.drawn.communities.push(text);
    naming.drawn.boxes.push(box);
    halo(ctx, text, place.x, place.y, colours.ink);
  }
}

/** Where a node or an edge is on the page, for scripts and tests: `placeOf({ node })`, `placeOf({ link })`. */
export function placeOf({ node, link }) {
  const box = byId("canvas").getBoundingClientRect();
  const at = view().place(node === undefined ? middleOf(edgeOfLink(link), 0.5) : model.nodes[node]);
  return { x: at.x + box.left, y: at.y + box.top };
}
