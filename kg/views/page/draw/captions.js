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
import { fitted, FONT, halo, NARROW } from "./text.js";

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

/** Who denies or disputes what is said of some links, those who do so oftenest first: `denied by …`. */
export function denialOf(links) {
  const said = links.flatMap((link) => claimsSeen(link)).filter((claim) => !claim.negative);
  const against = said.flatMap((claim) => counted.disputes.get(claim.index) ?? []);
  const counts = new Map();
  for (const { asserter } of against) counts.set(asserter, (counts.get(asserter) ?? 0) + 1);
  const [first, ...rest] = [...counts.keys()].sort((one, another) => counts.get(another) - counts.get(one));
  const who = first === undefined ? "somebody" : plain(nameOf(first));
  const verb = against.some((claim) => claim.negative) ? "denied by" : "disputed by";
  return { verb, who: rest.length ? `${who} + ${rest.length}` : who };
}

/** As much of who says so as there is room for: all voices with their words, else the first and how many more. */
function voicesText(ctx, link, room) {
  const voices = voicesOf(link);
  const texts = voices.map(({ name, hedge }) => (hedge ? `${name}: “${plain(hedge)}”` : name));
  const relayed = voices.some(({ hedge }) => hedge) ? null : relayedHedge(link);
  const told = relayed ? [`, as ${relayed.by} has it: “${relayed.hedge}”`, `, relayed as “${relayed.hedge}”`] : [];
  for (const end of told) if (ctx.measureText(texts.join(", ") + end).width <= room) return texts.join(", ") + end;
  for (let count = texts.length; count > 0; count -= 1) {
    const text = [...texts.slice(0, count), ...(count < texts.length ? [`+ ${texts.length - count}`] : [])].join(", ");
    if (count === 1 || ctx.measureText(text).width <= room) return text;
  }
  return "";
}

const BEYOND = 12; // so much farther than the straight part of its line a caption may reach

/** Captions of these lines, the weightier first; where rows are too near to each other, some have none. */
export function drawCaptions(ctx, at, room, lines) {
  const told = lines.filter((line) => line.caption);
  const weight = ({ links: [link] }) => (counted.counts.get(link.index)?.asserters ?? 0) + (counted.counts.get(link.index)?.disputed ? 100 : 0);
  told.sort((one, another) => weight(another) - weight(one));
  const size = letterSizeOf(at, told);
  for (const line of told) drawCaption(ctx, at, room, size, line);
  naming.drawn.uncaptioned = told.length - naming.drawn.captions.length;
}

const [LEAST, MOST] = [8, 12.5]; // letters of captions, in pixels

/** Letters so large that each row has room above the next, where that can still be read. */
function letterSizeOf(at, told) {
  const wanted = at.width < NARROW ? 9 : Math.min(MOST, Math.max(11, 11 * Math.sqrt(at.across)));
  const rows = told.map(({ caption: [, , y], disputed }) => ({ y: y * at.down, disputed })).sort((one, other) => one.y - other.y);
  const sizes = rows.slice(1).map(({ y }, index) => (rows[index].disputed ? (y - rows[index].y - 7) / 2 : y - rows[index].y - 4));
  const fitting = Math.min(wanted, ...sizes);
  return fitting < LEAST ? wanted : fitting;
}

function drawCaption(ctx, at, room, size, { links: [link], caption: [start, end, y], disputed }) {
  if (!counted.counts.has(link.index)) return;
  const from = at.place({ x: start, y });
  const width = at.place({ x: end, y }).x - from.x + BEYOND;
  ctx.font = `500 ${size}px ${FONT}`;
  const measure = (text) => ctx.measureText(text).width;
  const said = fitted(ctx, voicesText(ctx, link, width), width);
  const denial = disputed ? denialText(ctx, link, width - 14) : "";
  const below = denial ? size + 3 : 0;
  const box = [from.x, from.y - size - 3, Math.max(measure(said), below && 14 + measure(denial)), size + 4 + below];
  if (!room.free(box)) return;
  room.take(box);
  naming.drawn.captions.push(link.index);
  halo(ctx, said, from.x + measure(said) / 2, from.y - 4, colours.ink);
  if (!denial) return;
  drawCross(ctx, { x: from.x + 5, y: from.y + size / 2 + 3 }, 3.5);
  halo(ctx, denial, from.x + 14 + measure(denial) / 2, from.y + size + 1, colours.disputed);
}

/** Who denies it, with the word for it where there is room: the cross before it says the same. */
function denialText(ctx, link, room) {
  const { verb, who } = denialOf([link]);
  const whole = `${verb} ${who}`;
  return ctx.measureText(whole).width <= room ? whole : fitted(ctx, who, room);
}
