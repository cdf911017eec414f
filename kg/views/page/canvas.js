// The picture on its canvas: vis-network holds nodes and edges, this file says how they look.

let network = null;
const drawn = { nodes: null, edges: null, signature: new Map() };
let colours = {};

/** Pixels at zoom 1; on screen never smaller than can be told apart. */
const radiusOf = (node) =>
  Math.max(ownRadius(node), (network ? 2.6 / network.getScale() : 0) * (0.6 + ownRadius(node) / 25));
const ownRadius = (node) => Math.min(24, 10 + 2.4 * Math.sqrt(node.weight));
const nodeId = (index) => `n${index}`;

const PAINTS = [
  "canvas",
  "ink",
  "muted",
  "outline",
  "accent",
  "disputed",
  "gone",
  "band",
  "rule",
];

/** Asking the style sheet is slow, and every symbol and line wants to know: asked once a theme. */
function readColours() {
  colours = Object.fromEntries(PAINTS.map((name) => [name, paint(name)]));
}

function startDrawing() {
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

/** Bring the canvas up to what is visible, by the smallest change. */
function redraw() {
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

function drawSymbol(ctx, node, x, y, radius) {
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

// --- edges -------------------------------------------------------------------------------------------

/** How a link looks under the present lens: width = asserters, dashes = hedged, red = disputed. */
function styleOf(link) {
  const count = counted.counts.get(link.index);
  const look = model.relations[link.kind];
  if (!count) return { color: readable(look.colour), width: 1, dashes: false };
  const width = Math.min(9, 1.3 + 1.5 * Math.max(0, count.asserters - 1) + (count.asserters ? 0.5 : 0));
  if (count.status !== "asserted") return { color: colours.gone, width: 1.4, dashes: [2, 5] };
  const color = count.disputed ? colours.disputed : readable(look.colour);
  return { color, width, dashes: count.hedged ? [8, 5] : false };
}

/** Each link as an edge; those of one collective statement share a stem up to a junction. */
function segmentsShown() {
  const bundles = counted.bundles
    .map((bundle) => ({ ...bundle, links: bundle.links.filter((index) => shown.links.has(index)) }))
    .filter((bundle) => bundle.links.length > 1);
  const bundled = new Set(bundles.flatMap((bundle) => bundle.links));
  const fans = fanOut([...shown.links].filter((index) => !bundled.has(index)));
  const edges = [...fans].map(([index, smooth]) =>
    edgeRow(
      `l${index}`,
      model.links[index],
      nodeId(model.links[index].from),
      nodeId(model.links[index].to),
      smooth,
    ),
  );
  const junctions = bundles.map(junctionOf);
  for (const { row, bundle } of junctions) edges.push(...bundleEdges(row, bundle));
  return { edges, junctions };
}

function edgeRow(id, link, from, to, smooth, arrow = true) {
  const { color, width, dashes } = styleOf(link);
  const enabled = arrow && !model.relations[link.kind].symmetric;
  const arrows = { to: { enabled, scaleFactor: Math.max(0.4, 0.62 - width * 0.03) } };
  return {
    id,
    from,
    to,
    width,
    dashes,
    smooth,
    arrows,
    color: { color, highlight: color, hover: color, inherit: false, opacity: opacityOf(link) },
  };
}

/** Many lines are drawn faintly, those between communities more so: what is dense stays readable. */
function opacityOf(link) {
  const base = Math.min(1, Math.max(0.18, 22 / Math.sqrt(shown.links.size)));
  const [from, to] = [model.nodes[link.from], model.nodes[link.to]];
  return Math.round(100 * (from.community === to.community ? base : Math.max(0.1, base * 0.55))) / 100;
}

function junctionOf(bundle) {
  const start = model.nodes[bundle.from];
  const ends = bundle.links.map((index) => model.nodes[model.links[index].to]);
  const mean = (name) => ends.reduce((sum, end) => sum + end[name], 0) / ends.length;
  const x = start.x + (mean("x") - start.x) * 0.42;
  const y = start.y + (mean("y") - start.y) * 0.5;
  const row = {
    id: `j${bundle.from}-${bundle.links[0]}`,
    x,
    y,
    fixed: true,
    ctxRenderer: junctionRenderer,
  };
  return { row, bundle };
}

const junctionRenderer = ({ ctx, x, y }) => ({
  drawNode() {
    ctx.beginPath();
    ctx.arc(x, y, 4, 0, 2 * Math.PI);
    ctx.fillStyle = colours.ink;
    ctx.fill();
  },
  nodeDimensions: { width: 4, height: 4 },
});

function bundleEdges(junction, bundle) {
  const first = model.links[bundle.links[0]];
  const smooth = bend(0);
  const stem = edgeRow(
    `s${bundle.links.join(".")}`,
    first,
    nodeId(bundle.from),
    junction.id,
    smooth,
    false,
  );
  return [
    stem,
    ...bundle.links.map((index) =>
      edgeRow(`b${index}`, model.links[index], junction.id, nodeId(model.links[index].to), smooth),
    ),
  ];
}

/** Parallel edges side by side, one in the middle of an odd number: link → vis' `smooth`. */
function fanOut(links) {
  const pairs = new Map();
  for (const index of links) {
    const { from, to } = model.links[index];
    push(pairs, from < to ? `${from} ${to}` : `${to} ${from}`, index);
  }
  const smooths = new Map();
  for (const group of pairs.values()) {
    group.forEach((index, place) =>
      smooths.set(index, bend(place - (group.length - 1) / 2, model.links[index])),
    );
  }
  return smooths;
}

function bend(offset, link) {
  const [one, another] = link ? [model.nodes[link.from], model.nodes[link.to]] : [];
  const sideways =
    link && Math.abs(one.x - another.x) < 40 && model.bands.some(([, , , axis]) => axis === "x");
  if (offset === 0 && shown.links.size > 1500) return false;
  if (sideways) return { enabled: true, type: "curvedCW", roundness: 0.28 + 0.14 * Math.abs(offset) };
  if (offset === 0)
    return model.bands.length
      ? { enabled: true, type: "cubicBezier", forceDirection: laneAxis(), roundness: 0.45 }
      : false;
  const left = offset > 0 === link.from < link.to;
  return { enabled: true, type: left ? "curvedCW" : "curvedCCW", roundness: 0.16 * Math.abs(offset) };
}

const laneAxis = () => (model.bands[0][3] === "x" ? "horizontal" : "vertical");

/** The links that an edge on the canvas stands for. */
function linksOfEdge(id) {
  const numbers = String(id).slice(1).split(".").map(Number);
  return numbers.map((index) => model.links[index]);
}

function edgeOfLink(index) {
  return [`l${index}`, `b${index}`].find((id) => drawn.edges.get(id));
}

// --- what vis does not draw ------------------------------------------------------------------------

function view() {
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

function drawBand(ctx, at, [, start, end, axis], index) {
  const [a, b] = [at.place({ x: start, y: start }), at.place({ x: end, y: end })];
  ctx.fillStyle = colours.band;
  if (index % 2 === 0) {
    if (axis === "x") ctx.fillRect(a.x, 0, b.x - a.x, at.height);
    else ctx.fillRect(0, a.y, at.width, b.y - a.y);
  }
}

function line(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.lineWidth = 1;
  ctx.strokeStyle = colours.rule;
  ctx.setLineDash([1, 5]);
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawSpan(ctx, at, node) {
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
  drawnNames = noNames();
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
function drawMarks(ctx, chosen) {
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

function drawCross(ctx, { x, y }) {
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
function middleOf(id, share = 0.5) {
  return network.body.edges[id].edgeType.getPoint(share);
}

// --- moving the view -------------------------------------------------------------------------------

function fit(nodes = shown.nodes) {
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

const extent = (values) =>
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

function zoom(factor) {
  network.moveTo({ scale: Math.min(8, Math.max(0.02, network.getScale() * factor)) });
}

function reveal(index) {
  const { x, y } = model.nodes[index];
  const at = view();
  const place = at.place({ x, y });
  const inside = place.x > 40 && place.y > 40 && place.x < at.width - 40 && place.y < at.height - 40;
  if (!inside) network.moveTo({ position: { x, y } });
}
