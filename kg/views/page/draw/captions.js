// Who says so, written along a line where it runs alone: each voice with its own word of reservation, and
// beneath it, in red, who denies it.

import { claimsSeen } from "../model/told.js";
import { counted } from "../model/visible.js";
import { nameOf } from "../rules/rows.js";
import { stancesOf } from "../rules/standing.js";
import { many, plain, words } from "../rules/words.js";
import { colours } from "./colours.js";
import { naming } from "./naming.js";
import { drawCross } from "./symbols.js";
import { breakLines, fitted, FONT, halo, NARROW } from "./text.js";

/** Who says a link, the first to speak first: { name, hedge }. */
export function voicesOf(link) {
  const { who, unknown, status } = counted.counts.get(link.index);
  if (status !== "asserted") return [{ name: words(status) }];
  const stances = stancesOf(claimsSeen(link).filter((claim) => !claim.negative), counted);
  const voices = who.map((by) => ({
    name: plain(nameOf(by)),
    hedge: stances.find((claim) => claim.asserter === by && claim.hedge !== undefined)?.hedge,
  }));
  return unknown ? [...voices, { name: many(unknown, "unknown asserter") }] : voices;
}

/** The word of reservation of somebody who only repeats what the voices of a link say, or null. */
function relayedHedge(link) {
  const { who } = counted.counts.get(link.index);
  const stances = stancesOf(claimsSeen(link).filter((claim) => !claim.negative), counted);
  const relay = stances.find((claim) => claim.hedge !== undefined && claim.asserter !== undefined && !who.includes(claim.asserter));
  return relay ? { by: plain(nameOf(relay.asserter)), hedge: plain(relay.hedge) } : null;
}

/** Who denies or disputes what is said of some links, those who do so oftenest first: all, and the first with
    how many more. */
export function denialOf(links) {
  const said = links.flatMap((link) => claimsSeen(link)).filter((claim) => !claim.negative);
  const against = said.flatMap((claim) => counted.disputes.get(claim.index) ?? []);
  const denying = saidByWhom(against.filter((claim) => claim.negative));
  const disputing = saidByWhom(against.filter((claim) => !claim.negative)).filter((name) => !denying.includes(name));
  const [first = "somebody", ...rest] = [...denying, ...disputing];
  const parts = [{ verb: "denied by", names: denying }, { verb: "disputed by", names: disputing }].filter(({ names }) => names.length);
  return {
    verb: denying.length ? "denied by" : "disputed by",
    who: rest.length ? `${first} and ${many(rest.length, "other")}` : first,
    all: parts.map(({ verb, names }) => `${verb} ${names.join(", ")}`).join("; ") || "disputed by somebody",
  };
}

/** Whose claims these are, who has most of them first. */
function saidByWhom(claims) {
  const counts = new Map();
  for (const { asserter } of claims) counts.set(asserter, (counts.get(asserter) ?? 0) + 1);
  const order = [...counts.keys()].sort((one, another) => counts.get(another) - counts.get(one));
  return order.map((by) => (by === undefined ? "somebody" : plain(nameOf(by))));
}

/** Who says so, all with their words; and in as few words as may be, one less at a time. */
function voicesTexts(link) {
  const voices = voicesOf(link);
  const texts = voices.map(({ name, hedge }) => (hedge ? `${name}: “${plain(hedge)}”` : name));
  const relayed = voices.some(({ hedge }) => hedge) ? null : relayedHedge(link);
  const told = relayed ? [`, as ${relayed.by} has it: “${relayed.hedge}”`, `, relayed as “${relayed.hedge}”`] : [""];
  const shorter = texts.slice(1).map((_, less) => [...texts.slice(0, texts.length - 1 - less), `and ${less + 1} more`].join(", "));
  return [...told.map((end) => texts.join(", ") + end), ...(relayed ? [texts.join(", ")] : []), ...shorter];
}

const BEYOND = 12; // so much farther than the straight part of its line a caption may reach

/** Captions of these lines down to the bottom, the weightier first; where rows are too near to each other, some have none. What
    has more to say than its line holds takes others, once all have theirs. */
export function drawCaptions(ctx, at, room, { lines, bottom }) {
  const told = lines.filter(({ caption }) => caption && at.place({ x: 0, y: caption[2] }).y <= bottom);
  const weight = ({ links: [link] }) => (counted.counts.get(link.index)?.asserters ?? 0) + (counted.counts.get(link.index)?.disputed ? 100 : 0);
  told.sort((one, another) => weight(another) - weight(one));
  const size = letterSizeOf(at, told);
  const placed = told.map((line) => placedCaption(ctx, at, room, size, line)).filter(Boolean);
  for (const caption of placed) drawCaption(ctx, size, grown(ctx, room, size, caption));
  naming.drawn.uncaptioned = told.length - naming.drawn.captions.length;
}

const CAPTION_LINES = 4; // a caption has no more lines above its own, or beneath it
const [LEAST, MOST] = [8, 12.5]; // letters of captions, in pixels

/** Letters so large that each row has room above the next, where that can still be read. */
function letterSizeOf(at, told) {
  const wanted = at.width < NARROW ? 9 : Math.min(MOST, Math.max(10, 13.5 * Math.sqrt(at.across)));
  const rows = told.map(({ caption: [, , y], disputed }) => ({ y: y * at.down, disputed })).sort((one, other) => one.y - other.y);
  const sizes = rows.slice(1).map(({ y }, index) => (rows[index].disputed ? (y - rows[index].y - 7.2) / 2 : y - rows[index].y - 4.2));
  const fitting = Math.min(wanted, ...sizes);
  return fitting < LEAST ? wanted : fitting;
}

const INSET_OF_DENIAL = 14; // the cross before it

/** A caption in one line, and one beneath it, where there is room: what is said, and by whom it is denied. */
function placedCaption(ctx, at, room, size, { links: [link], caption: [start, end, y], disputed }) {
  if (!counted.counts.has(link.index)) return null;
  const from = at.place({ x: start, y });
  const width = at.place({ x: end, y }).x - from.x + BEYOND;
  ctx.font = `500 ${size}px ${FONT}`;
  const texts = voicesTexts(link);
  const said = [texts.find((text) => ctx.measureText(text).width <= width) ?? fitted(ctx, texts.at(-1), width)];
  const denial = disputed ? denialOf([link]) : null;
  const denied = denial ? [denialText(ctx, denial, width - INSET_OF_DENIAL)] : [];
  const wide = (some) => Math.max(0, ...some.map((text) => ctx.measureText(text).width));
  const box = [from.x, from.y - size - 3, Math.max(wide(said), denied.length && INSET_OF_DENIAL + wide(denied)), size + 4 + (denied.length ? size + 3 : 0)];
  if (!room.free(box)) return null;
  room.take(box);
  naming.drawn.captions.push(link.index);
  return { from, width, said, denied, texts, all: denial?.all };
}

/** The same in as many lines as it takes, where these are free above it and beneath: with as much of it as has
    room. */
function grown(ctx, room, size, { from, width, said, denied, texts, all }) {
  ctx.font = `500 ${size}px ${FONT}`;
  const step = size + 1;
  const above = (more) => [from.x, from.y - size - 3 - more * step, width, more * step - 0.5];
  const beneath = (more) => [from.x, from.y + size + 4.1, width, more * step - 1.5];
  return {
    from,
    said: inLines(ctx, room, { now: said, texts, width, boxOf: above }),
    denied: inLines(ctx, room, { now: denied, texts: all ? [all] : [], width: width - INSET_OF_DENIAL, boxOf: beneath }),
  };
}

/** The first of some texts whose lines find room in the boxes beside the one they have, or what is there now. */
function inLines(ctx, room, { now, texts, width, boxOf }) {
  for (const text of texts) {
    if (text === now[0]) return now;
    const lines = breakLines(ctx, text, width, CAPTION_LINES);
    if (lines.some((line) => line.endsWith("…"))) continue;
    const box = lines.length > 1 ? boxOf(lines.length - 1) : null;
    if (box && !room.free(box)) continue;
    if (box) room.take(box);
    return lines;
  }
  return now;
}

function drawCaption(ctx, size, { from, said, denied }) {
  const step = size + 1;
  ctx.font = `500 ${size}px ${FONT}`;
  const write = (text, x, y, colour) => halo(ctx, text, x + ctx.measureText(text).width / 2, y, colour);
  said.forEach((text, index) => write(text, from.x, from.y - 4 - (said.length - 1 - index) * step, colours.ink));
  if (!denied.length) return;
  drawCross(ctx, { x: from.x + 5, y: from.y + size / 2 + 3 }, 3.5);
  denied.forEach((text, index) => write(text, from.x + INSET_OF_DENIAL, from.y + size + 1 + index * step, colours.disputed));
}

/** Who denies it, with the word for it where there is room: the cross before it says the same. */
function denialText(ctx, { verb, who, all }, room) {
  const texts = [all, `${verb} ${who}`, who];
  return texts.find((text) => ctx.measureText(text).width <= room) ?? fitted(ctx, who, room);
}
