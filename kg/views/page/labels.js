// Names on the canvas: in pixels of the page, so that they can be read at any zoom, the weightier
// first, and none over another. What finds no room appears as one zooms in.

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
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

/** What was named in the last drawing, and where: for tests. */
let drawnNames = { nodes: [], communities: [], boxes: [] };

function drawLabels(ctx, at, chosen) {
  const room = new Room();
  drawnNames = { nodes: [], communities: [], boxes: [] };
  if (model.bands.length) room.take(headingStrip(at));
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

const headingStrip = (at) => (model.bands[0][3] === "x" ? [0, 0, at.width, 26] : [0, 0, 104, at.height]);

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
  const boxes = [
    [place.x - width / 2, place.y + radius, width, height],
    [place.x - width / 2, place.y - radius - height, width, height],
    [place.x + radius, place.y - height / 2, width, height],
    [place.x - radius - width, place.y - height / 2, width, height],
  ];
  const inside = ([x, , wide]) => x >= 0 && x + wide <= at.width;
  const box = boxes.find((one) => inside(one) && room.free(one)) ?? (strong ? boxes[0] : null);
  if (!box) return;
  room.take(box);
  drawnNames.nodes.push(node.id);
  drawnNames.boxes.push(box);
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

function breakLines(name, most = 22) {
  const clean = name.replace(/\s+/g, " ").trim() || "(no name)";
  if ([...clean].length <= most) return [clean];
  const parts = clean.split(" ");
  let first = parts.shift();
  while (parts.length && [...first].length + 1 + [...parts[0]].length <= most) first += ` ${parts.shift()}`;
  const rest = parts.join(" ");
  return [cut(first, most), cut(rest, most)].filter(Boolean);
}

const cut = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

function halo(ctx, text, x, y, colour) {
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = colours.canvas;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

// --- names of relations ---------------------------------------------------------------------------

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
      drawnNames.boxes.push(box);
      halo(ctx, text, place.x, place.y + 3.5, colours.muted);
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

// --- headings: columns, lanes, days, communities ----------------------------------------------------

function drawHeadings(ctx, at) {
  ctx.font = `650 12px ${FONT}`;
  if (!model.bands.length) return;
  const across = model.bands[0][3] === "x";
  ctx.fillStyle = colours.canvas;
  ctx.globalAlpha = 0.86;
  ctx.fillRect(0, 0, at.width, 26);
  ctx.globalAlpha = 1;
  for (const [name, start, end] of model.bands) {
    const middle = at.place({ x: (start + end) / 2, y: (start + end) / 2 });
    const room = at.place({ x: end, y: 0 }).x - at.place({ x: start, y: 0 }).x;
    if (across) halo(ctx, fitted(ctx, name, room - 6), middle.x, 17, colours.muted);
    else laneHeading(ctx, at, name, start, end);
  }
  drawTicks(ctx, at);
}

/** As much of a text as there is room for. */
function fitted(ctx, text, room) {
  let most = text.length;
  while (most > 1 && ctx.measureText(cut(text, most)).width > room) most -= 1;
  return cut(text, most);
}

function laneHeading(ctx, at, name, start, end) {
  const top = Math.max(at.place({ x: 0, y: start }).y, 26);
  if (at.place({ x: 0, y: end }).y < 40) return;
  ctx.textAlign = "left";
  breakLines(name, 15).forEach((text, index) => {
    ctx.textAlign = "left";
    ctx.lineWidth = 3.5;
    ctx.strokeStyle = colours.canvas;
    ctx.strokeText(text, 8, top + 16 + index * 13);
    ctx.fillStyle = colours.muted;
    ctx.fillText(text, 8, top + 16 + index * 13);
  });
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
  for (const community of model.communities) {
    const inside = community.nodes.filter((index) => shown.nodes.has(index));
    if (inside.length < 3) continue;
    const size = Math.min(14.5, 10.5 + Math.log2(inside.length) / 2);
    ctx.font = `650 ${size}px ${FONT}`;
    const text = cut(community.name, 34);
    const place = at.place(community);
    const width = ctx.measureText(text).width + 8;
    const box = [place.x - width / 2, place.y - size, width, size + 6];
    if (!room.free(box)) continue;
    room.take(box);
    drawnNames.communities.push(text);
    drawnNames.boxes.push(box);
    halo(ctx, text, place.x, place.y, colours.ink);
  }
}

function nameCommunities() {
  const groups = new Map();
  for (const node of model.nodes) if (node.community !== undefined) push(groups, node.community, node);
  model.communities = [...groups.values()]
    .filter((group) => group.length > 2)
    .map((group) => {
      const [first] = [...group].sort(
        (one, another) => another.weight - one.weight || one.index - another.index,
      );
      const mean = (name) => group.reduce((sum, node) => sum + node[name], 0) / group.length;
      const top = Math.min(...group.map((node) => node.y));
      const alone = group.every((node) => !model.linksAt[node.index].length);
      const name = alone
        ? `${group.length.toLocaleString("en")} without a relation`
        : `${cut(first.name, 28)} +${group.length - 1}`;
      return { name, x: mean("x"), y: (2 * top + mean("y")) / 3, nodes: group.map((node) => node.index) };
    });
}
