// What is visible as a picture file: its heading above, the facts and the legend below, all of it wrapped
// to the width. The SVG is drawn by the functions that draw on the canvas, at zoom 1.

const PAD = 16;
const TITLE_FONT = `650 20px ${FONT}`;
const FACT_FONT = `400 11px ${FONT}`;

function exportPng() {
  const from = document.querySelector("#canvas canvas");
  const ratio = from.width / from.clientWidth;
  const sheet = sheetOf(from.clientWidth, [...factLines(), ...sectionLine()]);
  const height = sheet.head + from.clientHeight + sheet.foot;
  const canvas = el("canvas", { width: from.width, height: Math.ceil(height * ratio) });
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(from, 0, Math.round(sheet.head * ratio));
  ctx.scale(ratio, ratio);
  drawSheet(ctx, sheet, sheet.head + from.clientHeight);
  for (const { kind, x, y } of sheet.legend)
    if (kind) drawSymbol(ctx, { kind }, x + 8, sheet.head + from.clientHeight + y - 4, 6);
  if (!shown.nodes.size) drawNothing(ctx, sheet.head + from.clientHeight / 2, from.clientWidth);
  canvas.toBlob((blob) => download(fileName("png"), "image/png", blob), "image/png");
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

const NOTHING = "Nothing is shown: nothing passes the lens and the filters.";

function drawNothing(ctx, y, width) {
  const lines = wrapText(NOTHING, width - 2 * PAD, FACT_FONT);
  ctx.font = FACT_FONT;
  lines.forEach((text, index) => halo(ctx, text, width / 2, y + index * 15, colours.ink));
}

// --- heading, facts, legend -------------------------------------------------------------------------------

const factLines = () => [factLine()];
const measuring = () => (measuring.ctx ??= el("canvas").getContext("2d"));

/** XML 1.0 knows no control characters, whatever a name holds; nor may a name turn what follows it. */
const clean = (text) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");

/** A text in lines of at most this width; a word that is wider is broken. */
function wrapText(text, width, font) {
  const ctx = measuring();
  ctx.font = font;
  const fits = (some) => ctx.measureText(some).width <= width;
  const lines = [];
  let now = "";
  for (const word of clean(text).split(/\s+/)) {
    if (fits(now ? `${now} ${word}` : word)) {
      now = now ? `${now} ${word}` : word;
      continue;
    }
    if (now) lines.push(now);
    now = "";
    for (const letter of word) {
      if (now && !fits(now + letter)) {
        lines.push(now);
        now = "";
      }
      now += letter;
    }
  }
  return now ? [...lines, now] : lines;
}

/** What stands above and below a picture of this width, and how much room it takes. */
function sheetOf(width, facts) {
  const title = wrapText(model.about.title, width - 2 * PAD, TITLE_FONT);
  const lines = facts.flatMap((text) => wrapText(text, width - 2 * PAD, FACT_FONT));
  const legend = placed(legendEntries(), width, lines.length * 15 + 24);
  const foot = (legend.at(-1)?.y ?? lines.length * 15) + 16;
  return { width, title, lines, legend, head: title.length * 25 + 20, foot };
}

/** Kinds, relations and line styles, as the legend of the page has them. */
function legendEntries() {
  const muted = colours.muted;
  const of = (names, rows) => Object.keys(names).filter((name) => rows.some(({ kind }) => kind === name));
  const kinds = of(model.kinds, rowsOf(model.nodes, shown.nodes));
  const relations = of(model.relations, rowsOf(model.links, shown.links));
  return [
    ...kinds.map((kind) => ({ kind, text: kindWords(kind) })),
    ...relations.map((kind) => ({ style: sampleOf(kind), text: words(kind) })),
    { style: { color: muted, width: 1 }, text: "declared, nobody's claim" },
    { style: { color: muted, width: 2 }, text: "one asserter" },
    { style: { color: muted, width: 5 }, text: "several independent asserters" },
    { style: { color: muted, width: 2, dashes: [8, 5] }, text: "hedged by the source" },
    { style: { color: colours.disputed, width: 2 }, cross: true, text: "disputed" },
    { style: { color: colours.gone, width: 1.4, dashes: [2, 5] }, text: "taken back" },
    ...(segmentsShown().junctions.length ? [{ junction: true, text: "blamed together" }] : []),
  ];
}

function placed(entries, width, top) {
  const ctx = measuring();
  ctx.font = FACT_FONT;
  let [x, y] = [PAD, top];
  return entries.map((entry) => {
    const indent = entry.style ? 40 : 21;
    const wide = indent + ctx.measureText(entry.text).width + 16;
    if (x > PAD && x + wide > width) [x, y] = [PAD, y + 18];
    const made = { ...entry, x, y, indent };
    x += wide;
    return made;
  });
}

/** Everything of a sheet but the symbols of kinds. */
function drawSheet(ctx, sheet, bottom) {
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.font = TITLE_FONT;
  ctx.fillStyle = colours.ink;
  sheet.title.forEach((text, index) => ctx.fillText(text, PAD, 31 + index * 25));
  ctx.font = FACT_FONT;
  ctx.fillStyle = colours.muted;
  sheet.lines.forEach((text, index) => ctx.fillText(text, PAD, bottom + 18 + index * 15));
  for (const entry of sheet.legend) {
    const y = bottom + entry.y;
    if (entry.style) drawSample(ctx, entry.style, entry.x, y - 4);
    if (entry.cross) drawCross(ctx, { x: entry.x + 17, y: y - 4 });
    if (entry.junction) drawDot(ctx, entry.x + 8, y - 4);
    ctx.fillStyle = colours.muted;
    ctx.fillText(entry.text, entry.x + entry.indent, y);
  }
}

function drawSample(ctx, { color, width, dashes }, x, y) {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + 34, y);
  ctx.lineWidth = width;
  ctx.strokeStyle = color;
  ctx.setLineDash(dashes ?? []);
  ctx.stroke();
  ctx.setLineDash([]);
}

const drawDot = (ctx, x, y) => junctionRenderer({ ctx, x, y }).drawNode();

// --- SVG ----------------------------------------------------------------------------------------------------

function exportSvg() {
  const image = atZoomOne(drawnAsSvg);
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(image)}`;
  download(fileName("svg"), "image/svg+xml", text);
}

/** What depends on the zoom, on the bands and on the ticks, as the file has them; nothing is redrawn. */
function atZoomOne(draw) {
  const kept = [network.body.view.scale, model.bands, model.ticks, drawnNames];
  network.body.view.scale = 1;
  try {
    return draw();
  } finally {
    [network.body.view.scale, model.bands, model.ticks, drawnNames] = kept;
  }
}

function drawnAsSvg() {
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

const svgText = (tag, attributes, text) => svg(tag, attributes, clean(text));

/** As much of a canvas' context as our drawing asks for; what is drawn becomes elements of the SVG. */
class SvgPen {
  constructor(parent) {
    this.parent = parent;
    this.path = "";
    this.dashes = [];
    this.globalAlpha = 1;
    this.textAlign = "left";
    this.outline = {};
  }
  measureText(text) {
    measuring().font = this.font;
    return measuring().measureText(text);
  }
  setLineDash(dashes) {
    this.dashes = dashes;
  }
  save() {}
  restore() {}
  add(tag, attributes) {
    if (this.globalAlpha !== 1) attributes.opacity = this.globalAlpha;
    this.parent.append(svg(tag, attributes));
  }
  fillRect(x, y, width, height) {
    if (width > 0 && height > 0) this.add("rect", { x, y, width, height, fill: this.fillStyle });
  }
  beginPath() {
    this.path = "";
  }
  moveTo(x, y) {
    this.path += `M${short(x)} ${short(y)}`;
  }
  lineTo(x, y) {
    this.path += `L${short(x)} ${short(y)}`;
  }
  /** A whole circle: we draw no other arcs. */
  arc(x, y, r) {
    this.path += `M${short(x - r)} ${short(y)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0`;
  }
  roundRect(x, y, width, height, radius) {
    const r = Math.min(radius, width / 2, height / 2);
    const corner = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
    const [w, h] = [short(width - 2 * r), short(height - 2 * r)];
    this.path +=
      `M${short(x + r)} ${short(y)}h${w}${corner(r, r)}v${h}${corner(-r, r)}` +
      `h${-w}${corner(-r, -r)}v${-h}${corner(r, -r)}Z`;
  }
  fill() {
    this.add("path", { d: this.path, fill: this.fillStyle });
  }
  stroke() {
    const dashes = this.dashes.length ? { "stroke-dasharray": this.dashes.join(" ") } : {};
    this.add("path", {
      d: this.path,
      fill: "none",
      stroke: this.strokeStyle,
      "stroke-width": this.lineWidth,
      ...dashes,
    });
  }
  /** The halo of the text that follows. */
  strokeText() {
    this.outline = {
      stroke: this.strokeStyle,
      "stroke-width": this.lineWidth,
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    };
  }
  fillText(text, x, y) {
    const [, slant, weight, size] = this.font.match(/^(italic )?(\d+) ([\d.]+)px/);
    const attributes = { x: short(x), y: short(y), fill: this.fillStyle, ...this.outline };
    if (slant) attributes["font-style"] = "italic";
    if (this.textAlign === "center") attributes["text-anchor"] = "middle";
    this.parent.append(
      svgText("text", { ...attributes, "font-weight": weight, "font-size": size }, text),
    );
    this.outline = {};
  }
}

const short = (number) => Math.round(number * 10) / 10;

// --- lines and symbols ------------------------------------------------------------------------------------

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
