// Names of nodes: in pixels of the sheet, so that they can be read at any zoom, the weightier first, none
// over another or over a symbol. What finds no room beside its node stands a little off, tied to it by a
// thin line; where there are too many for that, it appears as one zooms in.

import { accusedColours, axisOf, FEW, isAside, isCaptioned, isCrowd, isDenialNamed, scene } from "./scene.js";
import { denialOf, drawCaptions, voicesOf } from "./captions.js";
import { mattering } from "./crowd.js";
import { remarkBox } from "./remark.js";
import { reportersOf } from "./reporters.js";
import { counted, shown } from "../model/visible.js";
import { model, nameOf, other } from "../rules/rows.js";
import { colours, readable } from "./colours.js";
import { distanceTo } from "./curves.js";
import { columnRoom, headingBoxes } from "./headings.js";
import { keyHeight } from "./key.js";
import { naming } from "./naming.js";
import { Room } from "./room.js";
import { radiusOn } from "./symbols.js";
import { push } from "../rules/words.js";
import { breakLines, cut, FONT, halo, NARROW } from "./text.js";

const FAR = 0.4; // at this zoom symbols are dots: names may cover some of them
const HUBS = 60; // so many of the weightiest nodes are named beside the communities, from afar
const SPIRAL_STEP = 9;
const SPIRAL = 5; // so far off a name may stand, in pixels, and how often this is tried
const LONG = 100; // a word may be so much wider than its column
const TELLING = 0.6; // along time less of a name than this tells nothing
const LEAN = 40; // so far beyond its lane, in units of the layout, the middle of a name may stand
const MANY_LINES = 5; // a name is in no more lines while fewer have room
const LEADING = 1.1; // lines of a name are so many letter heights apart
const NOTE_LINES = 7; // what stands under a name takes no more
const NOTE_STEP = 1.15; // its lines are so many letter heights apart
const noteSize = (size) => Math.min(10, size - 0.5);
const noteFont = (size) => `400 ${noteSize(size)}px ${FONT}`;
const noteStep = (size) => NOTE_STEP * noteSize(size);

export function drawLabels(ctx, at, chosen, paper) {
  const room = new Room();
  const strip = paper ? 0 : keyHeight(at.width);
  if (strip) room.take([0, at.height - strip, at.width, strip]);
  if (axisOf()) room.take(remarkBox(at, strip));
  for (const box of headingBoxes(ctx, at)) room.take(box);
  const nodes = [];
  const bottom = strip ? at.height - strip : at.height + 40; // what lies under the key has no name
  for (const index of isCrowd() ? (chosen?.nodes ?? mattering(at)) : shown.nodes) {
    const node = model.nodes[index];
    const place = at.place(node);
    if (place.x > -90 && place.y > -40 && place.x < at.width + 90 && place.y <= bottom)
      nodes.push({ node, place, radius: radiusOn(node, at) });
  }
  drawCommunities(ctx, at, room, chosen);
  const lines = chosen ? [...chosen.lines] : scene.lines;
  drawCaptions(ctx, at, room, { lines, bottom });
  for (const line of lines) takeStraights(at, room, line);
  const solid = chosen ? nodes.filter(({ node }) => chosen.nodes.has(node.index)) : nodes;
  if (chosen || at.scale > FAR || nodes.length < 400)
    for (const { place, radius } of solid) takeSymbol(room, place, radius);
  const most = model.communities.length && at.scale < FAR && !chosen ? HUBS : solid.length;
  const size = letterSize(at, solid.length);
  const all = solid.length <= FEW;
  const rows = all && axisOf() === "y" ? linesOfLanes(at, solid, size) : null;
  const ways = solid.map((one) => ({ ...one, options: { chosen, size, all, lines: rows?.get(laneOf(one.node)) } }));
  for (const [one, found] of placedNames(ctx, at, room, inTurn(ways, chosen).slice(0, most))) drawName(ctx, one, found);
  naming.drawn.unnamed = solid.length - naming.drawn.nodes.length;
}

/** What is chosen, what somebody denies, then the weightier first. */
function inTurn(nodes, chosen) {
  const told = new Set(nodes.filter(({ node }) => tells(notesOf(node))));
  const rank = (one) => (one.node.index === chosen?.centre ? 1e9 : 0) + (told.has(one) ? 1e6 : 0) + one.node.weight;
  return nodes.sort((one, another) => rank(another) - rank(one));
}

const ROUNDS = 6;
const ordered = { of: "", first: [] };

/** Node → where its name stands. Where all in columns or lanes are to be named and one finds no room it comes first in the next
    round, as long as that helps; who came first is kept while the view is only moved. */
function placedNames(ctx, at, room, nodes) {
  const all = nodes.length > 0 && nodes[0].options.all && axisOf() !== null;
  const of = [at.across, at.down, at.width, at.height, nodes.length, nodes[0]?.options.chosen?.centre].join();
  let first = ordered.of === of ? ordered.first : [];
  let best = null;
  for (let round = 0; round < (all ? ROUNDS : 1); round += 1) {
    const ahead = new Set(first);
    const [some, rest] = [nodes.filter(({ node }) => ahead.has(node.index)), nodes.filter(({ node }) => !ahead.has(node.index))];
    const found = placedOnce(ctx, at, all ? room.copy() : room, [...some, ...rest]);
    if (!best || found.size > best.size) {
      best = found;
      Object.assign(ordered, { of, first });
    } else if (ordered.of === of && round === 0) break;
    const without = nodes.filter((one) => !found.has(one)).map(({ node }) => node.index);
    if (!without.length) break;
    first = [...without, ...first];
  }
  return best;
}

function placedOnce(ctx, at, room, nodes) {
  const found = new Map();
  for (const one of nodes) {
    const place = placeFor(ctx, at, room, one);
    if (!place) continue;
    room.take(place.box);
    found.set(one, place);
  }
  return found;
}

/** Where a line that says who says so runs straight behind its caption, past names, none stands. */
function takeStraights(at, room, { caption, via }) {
  if (!caption) return;
  const ahead = via.filter(([x]) => x > caption[1]);
  ahead.slice(1).forEach(([x, y], index) => {
    const [left, top] = ahead[index];
    const [from, to] = [at.place({ x: left, y: top }), at.place({ x, y })];
    if (top === y) room.take([Math.min(from.x, to.x), to.y - 2, Math.abs(to.x - from.x), 4]);
  });
}

function takeSymbol(room, place, radius) {
  const box = [place.x - radius, place.y - radius, 2 * radius, 2 * radius];
  room.take(box);
  naming.drawn.symbols.push(box);
}

const letterSize = (at, count) => (at.width < NARROW ? 9 : axisOf() && at.width < 900 ? (axisOf() === "y" ? 10 : 10.5) : count > FEW ? 11 : Math.min(13, Math.max(11, 12 * Math.sqrt(at.across))));

/** How wide a name may be, and in how many lines: in columns and lanes no wider than there is room. */
function shapeOfNames(at, { node, place, radius }) {
  const [band] = model.bands;
  const lines = 4;
  if (!band) return { widest: 132, lines: 2 };
  if (band[3] === "y") return { widest: Math.max(84, Math.min(140, 165 * at.across)), lines };
  const own = model.bands.find(([, start, end]) => start <= node.x && node.x < end) ?? band;
  if (node.turned) return { widest: Math.max(46, place.x - radius - 8), lines: 2 }; // nothing stands to the left
  return { widest: Math.max(46, Math.min(170, columnRoom(at, own) + 4)), lines };
}

const DAY_TOLD = /, \d{4}-\d\d-\d\d(?=:|$)/;
const BRIEF = 10; // a note of no more letters follows the name in its line (`BRIEF` there)
const isBrief = ({ note }) => axisOf() === "y" && isDenialNamed() && note?.length <= BRIEF;

/** A name on the sheet: without the day that its place along time says (`DAY_TOLD` in diplomacy.py). */
function nameOn(node) {
  const name = axisOf() === "y" && counted.facts[node.index]?.time ? node.name.replace(DAY_TOLD, "") : node.name;
  return `${name}${reportersOf(node.index)}${isBrief(node) ? `, ${node.note}` : ""}`;
}

const laneOf = (node) => model.bands.findIndex(([, start, end]) => start <= node.y && node.y < end);

/** Lane → how many lines of names its rows are apart. */
function linesOfLanes(at, nodes, size) {
  const rows = new Map();
  for (const { node } of nodes) push(rows, laneOf(node), node.y);
  const apart = (lane, places) => {
    const order = [...new Set(places)].sort((one, other) => one - other);
    const [, start, end] = model.bands[lane] ?? ["", 0, 0];
    return Math.min(end - start, ...order.slice(1).map((y, index) => y - order[index]));
  };
  return new Map([...rows].map(([lane, places]) => [lane, Math.max(1, Math.floor((apart(lane, places) * at.down) / (size * LEADING)))]));
}

/** Where the name of a node finds room, and in which lines: { box, lines, notes }, or null. */
function placeFor(ctx, at, room, one) {
  const { node, place, radius, options: { chosen, size, all, lines } } = one;
  const names = shapeOfNames(at, one);
  const strong = node.index === chosen?.centre;
  const font = `${strong ? 650 : 450} ${strong ? size + 1.5 : size}px ${FONT}`;
  const shape = { size, turned: node.turned, away: leadsDown(node), widest: names.widest, font, gap: radius + 2, sheet: at.width, steps: chosen ? 3 * SPIRAL : axisOf() === "y" ? 3 : SPIRAL + (at.width < NARROW ? 2 : 0) };
  one.written ??= lines ? writtenInLane(ctx, node, shape, lines) : writtenInAll(ctx, node, shape, names.lines);
  const isClear = axisOf() === "y" && all ? (box) => liesInLane(box, at, node) && (touches(box, place, shape.gap) ? isNearest(box, place) : isTiedFreely(box, place)) : () => true;
  const fits = (box) => liesOn(box, at) && room.free(box) && isClear(box);
  return placeOfName(place, one.written, { fits, tied: all || chosen, strong });
}

/** Whether notes say who blames whom, or who denies it. */
const tells = (notes) => notes.some(([, ink]) => ink !== "muted");

/** Whether a line that says who says so leads down from a node. */
const leadsDown = (node) => model.linksAt[node.index].some(({ from, caption, index }) => caption && from === node.index && caption[2] > node.y + 5 && shown.links.has(index));

function drawName(ctx, { node, place, radius, options: { size } }, { box, lines, notes, font, gap }) {
  naming.drawn.nodes.push(node.id);
  naming.drawn.boxes.push(box);
  if (tells(notesOf(node)) && !tells(notes)) naming.drawn.untold += 1;
  if (!touches(box, place, gap)) drawTie(ctx, box, place, radius);
  ctx.font = font;
  const [x, y, width, height] = box;
  const strand = accusedColours().get(node.index);
  const ink = strand ? readable(strand) : colours.ink;
  // beside its symbol a name begins or ends there; else it stands in the middle
  const middleOf = (text) => {
    const half = ctx.measureText(text).width / 2;
    return x >= place.x ? x + 2 + half : x + width <= place.x ? x + width - 2 - half : x + width / 2;
  };
  lines.forEach((text, index) => halo(ctx, text, middleOf(text), y + size * 0.92 + index * (size * LEADING), ink));
  ctx.font = noteFont(size);
  const first = y + height - 3 - (notes.length - 1) * noteStep(size);
  notes.forEach(([text, ink], index) => halo(ctx, text, middleOf(text), first + index * noteStep(size), colours[ink]));
}

/** Beside its symbol in as many lines as there may be, or in fewer; else a little off, tied to it. A name is
    cut only where there is room for no more of it. */
function placeOfName(place, written, { fits, tied, strong }) {
  const whole = written.filter((one) => one.whole);
  const first = (some, places) => {
    for (const one of some) {
      for (const box of places(place, one)) if (fits(box)) return { box, ...one };
    }
    return null;
  };
  const near = first(whole, beside);
  if (near) return near;
  const two = whole.at(-1) ?? written[0];
  const some = axisOf() === "y" ? whole : [two];
  return (
    (tied && first(some, off)) ??
    first(axisOf() === "y" ? written.filter((one) => one.share > TELLING) : written, beside) ??
    (strong ? { box: beside(place, two)[0], ...two } : null)
  );
}

/** With all notes, with shorter ones, with those that tell, with how it is disputed alone. */
function fewerNotes(node, sheet) {
  const all = sheet < NARROW ? notesOf(node, 1) : notesOf(node);
  const notes = notesOf(node, 1);
  const telling = notes.filter(([, ink]) => ink !== "muted");
  const briefly = notesOf(node, 2).filter(([, ink]) => ink === "disputed");
  return [all, notes, telling, briefly].filter((some, at, all) => !at || some.join() !== all[at - 1].join());
}

/** The ways to write a name, the best first: in as many lines as it takes, then in fewer. */
const writtenInAll = (ctx, node, shape, most) =>
  fewerNotes(node, shape.sheet).flatMap((some) => {
    const found = [];
    for (let lines = most; lines > 0; lines = found.at(-1).lines.length - 1) found.push(writtenIn(ctx, node, some, shape, lines));
    return found;
  });

const SHORT = 62; // what is no wider stays in one line
const WIDEST = 300; // along time a name takes no more of its row
const LOWER = 3; // so many lines more than its row has room for

/** The same along time: in as many lines as the rows are apart, then in fewer, then in more; else cut. */
function writtenInLane(ctx, node, shape, lines) {
  const most = Math.min(lines, MANY_LINES);
  const counts = [...Array.from({ length: most }, (_, less) => most - less), ...Array.from({ length: LOWER }, (_, more) => most + 1 + more)];
  const fewer = fewerNotes(node, shape.sheet);
  const brief = fewer.length > 1 && tells(notesOf(node)) ? [fewer.pop()] : []; // what tells is not dropped to save a line
  const written = (variants) =>
    counts.flatMap((count) =>
      variants.flatMap((some) => {
        const widest = narrowest(ctx, [[nameOn(node), shape.font], ...some.map(([text]) => [text, noteFont(shape.size)])], count);
        return widest > WIDEST ? [] : [writtenIn(ctx, node, some, { ...shape, widest, exact: true }, count)];
      }),
    );
  const found = [...written(fewer), ...written(brief)];
  return [...found, writtenIn(ctx, node, brief[0] ?? fewer.at(-1), shape, 2)];
}

/** The least width in which some texts, each in lines of its own, take no more than so many lines. */
function narrowest(ctx, texts, count) {
  const parts = texts.map(([text, font]) => {
    ctx.font = font;
    return { space: ctx.measureText(" ").width, words: text.split(/\s+/).map((word) => ctx.measureText(word).width) };
  });
  let width = Math.max(SHORT, ...parts.flatMap(({ words }) => words)) + 1;
  while (width < WIDEST && parts.reduce((sum, part) => sum + linesAt(part, width), 0) > count) width += 4;
  return parts.reduce((sum, part) => sum + linesAt(part, width), 0) > count ? Infinity : width;
}

/** How many lines of a width words take. */
function linesAt({ words, space }, width) {
  let [lines, used] = [1, 0];
  for (const word of words) {
    if (used && used + space + word > width) [lines, used] = [lines + 1, word];
    else used += (used ? space : 0) + word;
  }
  return lines;
}

/** A node's name in at most so many lines, with some notes, and how much room that takes. `exact`: no wider
    than that. */
function writtenIn(ctx, node, some, shape, most) {
  ctx.font = shape.font;
  const longest = Math.max(...nameOn(node).split(/\s+/).map((word) => ctx.measureText(word).width));
  const lines = breakLines(ctx, nameOn(node), shape.exact ? shape.widest : Math.max(shape.widest, Math.min(LONG, longest + 1)), most);
  ctx.font = noteFont(shape.size);
  const notes = some.flatMap(([text, ink]) =>
    breakLines(ctx, text, shape.exact ? shape.widest : Math.max(shape.sheet < NARROW ? 58 : 90, shape.widest), NOTE_LINES).map((line) => [line, ink]),
  );
  const wide = notes.map(([text]) => ctx.measureText(text).width);
  ctx.font = shape.font;
  const width = Math.max(...wide, ...lines.map((text) => ctx.measureText(text).width)) + 4;
  const height = lines.length * (shape.size * LEADING) + notes.length * noteStep(shape.size) + 1;
  const share = lines.join(" ").length / nameOn(node).length;
  const isCut = (some, text) => some.at(-1).endsWith("…") && !text.endsWith("…");
  const whole = !isCut(lines, nameOn(node)) && !(notes.length && isCut(notes.map(([text]) => text), some.at(-1)[0]));
  return { ...shape, lines, whole, share, notes, width, height };
}

const voicesNamed = (link) => voicesOf(link).map(({ name }) => name).join(", ");

/** What stands under a name, as [text, colour]: whom an event is blamed on where no line says so, who denies
    it, what lines say that are faint or not drawn, and what the picture says of the node; at full length,
    shorter (1), in a word (2). */
function notesOf(node, less = 0) {
  const own = node.note && !isBrief(node) ? [[node.note, "muted"]] : [];
  if (!isDenialNamed()) return own;
  const at = model.linksAt[node.index].filter((link) => shown.links.has(link.index) && counted.counts.has(link.index));
  const blamed = axisOf() === "y" ? at.filter((link) => link.kind === "ATTRIBUTED_TO" && link.from === node.index) : [];
  const denied = at.filter((link) => link.to === node.index && counted.counts.get(link.index).disputed);
  return [
    ...blamed.map((link) => [`${voicesNamed(link)} blames ${nameOf(link.to)}`, "ink"]),
    ...(axisOf() === "y" ? denied.map((link) => [`according to ${voicesNamed(link)}`, "ink"]) : []),
    ...(denied.length ? [[`✕ ${denialIn(denied, less)}`, "disputed"]] : []),
    ...(isCaptioned() ? besideOf(node, at, less) : []),
    ...own,
  ];
}

/** Who denies what is said of a node; of attributions, of which events. */
function denialIn(links, less) {
  const { all, verb, who } = denialOf(links);
  const [word] = verb.split(" ");
  if (links.some(({ kind }) => kind !== "ATTRIBUTED_TO")) return [all, `${verb} ${who}`, word][less];
  const events = links.map(({ from }) => nameOf(from));
  if (less === 2) return events.length > 1 ? `${word}: ${events.length} events` : `${word}: ${events[0]}`;
  if (less === 1) return `${word}: ${events.join(", ")}`;
  return links.map((link) => `${nameOf(link.from)}: ${denialOf([link]).all}`).join("; ");
}

/** What the lines of a column say among those who stand in it, and those that are not drawn. */
function besideOf(node, links, less) {
  if (less) return [];
  const told = new Map();
  for (const link of links) {
    const line = scene.lineOf.get(link.index);
    const near = Math.abs(model.nodes[link.from].x - model.nodes[link.to].x) < NEAR;
    const { symmetric, phrase } = model.relations[link.kind];
    if ((near && (symmetric || link.from === node.index)) || (line && isAside(line))) push(told, phrase, nameOf(other(link, node.index)));
  }
  return [...told].map(([phrase, names]) => [`${phrase} ${atMost(names, shown.nodes.size > AIRY ? 1 : 3)}`, "muted"]);
}

const AIRY = 60; // among more names there is room for few words beneath them
const atMost = (names, most) => names.length > most + 1 ? `${names.slice(0, most).join(", ")} or ${names.length - most} more` : names.join(", ");

const NEAR = 200; // what is no farther apart across stands in one column

/** Whether a box lies on the sheet.
 * @param {any} box */
const liesOn = ([x, y, width, height], at) => x >= 0 && y >= 0 && x + width <= at.width && y + height <= at.height;

/** Whether the middle of a box is in the lane of its node.
 * @param {any} box */
function liesInLane([, y, , height], at, node) {
  const lane = model.bands.find(([, start, end]) => start <= node.y && node.y < end);
  if (!lane) return true;
  const middle = at.plane({ x: 0, y: y + height / 2 }).y;
  return lane[1] - LEAN <= middle && middle <= lane[2] + LEAN;
}

/** Whether no other symbol is as near to a box as its own; beside a symbol only its own row counts.
 * @param {any} box */
function isNearest(box, place) {
  const own = farFrom(box, place);
  const level = Math.abs(box[1] + box[3] / 2 - place.y) < 3;
  return naming.drawn.symbols.every(([x, y, width, height]) => {
    const other = { x: x + width / 2, y: y + height / 2 };
    const away = Math.hypot(other.x - place.x, other.y - place.y) < 1 || (level && Math.abs(other.y - place.y) > height / 2);
    return away || farFrom(box, other) > own;
  });
}

/** Whether the line that ties a name to its symbol runs through no other.
 * @param {any} box */
function isTiedFreely([x, y, width, height], place) {
  const to = { x: Math.min(Math.max(place.x, x), x + width), y: Math.min(Math.max(place.y, y), y + height) };
  const line = [place, to];
  return naming.drawn.symbols.every(([left, top, wide, high]) => {
    const other = { x: left + wide / 2, y: top + high / 2 };
    return Math.hypot(other.x - place.x, other.y - place.y) < 1 || distanceTo(line, other) > wide / 2 + 1;
  });
}

const farFrom = ([x, y, width, height], place) => {
  const dx = Math.max(x - place.x, place.x - x - width, 0);
  const dy = Math.max(y - place.y, place.y - y - height, 0);
  return Math.hypot(dx, dy);
};

const ASIDE_AT_MOST = 80; // a wider name would stand in another column

/** Boxes that touch the symbol: below, above, right, left, at the corners; along time beside it first. From some
    (`away`) lines lead down to the right, where none stands.
 * @returns {any[]} */
function beside({ x, y }, { width, height, gap, sheet, exact, turned, away }) {
  const middle = Math.max(0, Math.min(x - width / 2, sheet - width));
  const [over, level] = [
    [[middle, y + gap], [middle, y - gap - height]],
    [[x + gap, y - height / 2], [x - gap - width, y - height / 2]],
  ];
  return [
    ...(away && width <= ASIDE_AT_MOST ? [[Math.max(0, Math.min(x - width / 2, x + gap - width)), y + gap]] : []),
    ...(exact || turned ? [...(turned ? level.reverse() : level), ...over] : [...over, ...level]),
    [x + gap * 0.6, y + gap * 0.6],
    [x - gap * 0.6 - width, y + gap * 0.6],
    [x + gap * 0.6, y - gap * 0.6 - height],
    [x - gap * 0.6 - width, y - gap * 0.6 - height],
  ].map((corner) => [...corner, width, height]);
}

/** Boxes farther and farther off. */
function* off({ x, y }, { width, height, gap, steps }) {
  for (let step = 1; step <= steps; step += 1) {
    const far = gap + step * SPIRAL_STEP;
    for (const [dx, dy] of [[0, 1], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1], [1, 0], [-1, 0]])
      yield [x + dx * (far + width / 2) - width / 2, y + dy * (far + height / 2) - height / 2, width, height];
  }
}

/** Whether a box is next to the symbol.
 * @param {any} box */
const touches = (box, place, gap) => farFrom(box, place) <= gap + 4;

function drawTie(ctx, [x, y, width, height], place, radius) {
  const to = { x: Math.min(Math.max(place.x, x), x + width), y: Math.min(Math.max(place.y, y), y + height) };
  const far = Math.hypot(to.x - place.x, to.y - place.y) || 1;
  ctx.beginPath();
  ctx.moveTo(place.x + ((to.x - place.x) * radius) / far, place.y + ((to.y - place.y) * radius) / far);
  ctx.lineTo(to.x, to.y);
  ctx.lineWidth = 0.8;
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.muted;
  ctx.stroke();
}

/** How many of a community are shown: counted once for what is shown. */
function countHere(community) {
  if (community.of !== shown) {
    community.of = shown;
    community.count = community.nodes.reduce((sum, index) => sum + (shown.nodes.has(index) ? 1 : 0), 0);
  }
  return community.count;
}

/** Each community by its weightiest members, once nodes are too small to carry names. */
function drawCommunities(ctx, at, room, chosen) {
  if (chosen || at.scale > FAR || !model.communities.length) return;
  const dense = shown.nodes.size > 1500; // then the next one begins where this one ends
  for (const community of model.communities) {
    const count = countHere(community);
    if (count < 3) continue;
    const size = Math.min(14.5, 10.5 + Math.log2(count) / 2);
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
