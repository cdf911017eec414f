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
const noNames = () => ({ headings: [], nodes: [], communities: [], boxes: [] });
let drawnNames = noNames();

function drawLabels(ctx, at, chosen) {
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
  ].map(([x, y]) => [x, y, width, height]);
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

function halo(ctx, text, x, y, colour, width = 3.5) {
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.lineWidth = width;
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

// --- headings: columns, lanes, days, communities ----------------------------------------------------

function drawHeadings(ctx, at) {
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
      drawnNames.headings.push(lines.join(" "));
    }
  drawTicks(ctx, at);
}

const HEADING = 26; // height of the strip on top
const headingFont = (at) => `650 ${at.width < NARROW ? 11 : 12}px ${FONT}`;
const NARROW = 560; // a canvas of less than this is a phone's

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
    drawnNames.headings.push(text);
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
      const inside = (2 * top + mean("y")) / 3;
      return { name, x: mean("x"), top, inside, nodes: group.map((node) => node.index) };
    });
}
