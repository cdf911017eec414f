// How to read a line, in the picture itself: a strip at the bottom of the canvas, and part of the legend of
// a file.

import { counted, rowsOf, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { kindWords } from "../rules/words.js";
import { BEHIND, colours, readable } from "./colours.js";
import { estimated } from "./metrics.js";
import { accusedColours, chosenNow, isCaptioned, isCrowd, isDenialNamed, isQuiet, scene } from "./scene.js";
import { drawCross, drawDot, drawSymbol } from "./symbols.js";
import { FONT, NARROW } from "./text.js";

const INSET = 10;
const KEY_ROW = 18;
const SAMPLE_WIDE = 28;
const KEY_FONT = `400 11px ${FONT}`;

/** What is met on the lines that are drawn, as { style?, cross?, junction?, text, brief? }: on a screen not all are.
 * @returns {any[]} */
export function lineEntries(paper = false) {
  const muted = colours.muted;
  const drawn = isQuiet() && !paper ? [...(chosenNow()?.links ?? [])].map(({ index }) => index) : [...shown.links];
  const some = isCrowd() ? amongClaims() : (test) => drawn.some((index) => test(counted.counts.get(index)));
  const denied = [...shown.links].some((index) => counted.counts.get(index)?.disputed);
  return [
    ...(isCaptioned() ? [{ style: { color: muted, width: 2.5, colours: [...accusedColours().values()].slice(0, 3).map(readable) }, text: "colour: who is blamed", brief: "colour: blamed" }] : []),
    ...(some((count) => count?.asserters > 1) ? [{ style: { color: muted, width: 5 }, text: "several say so independently", brief: "several say so" }] : []),
    ...(some((count) => count?.hedged) ? [{ style: { color: muted, width: 2, dashes: [7, 4] }, text: isCaptioned() ? "dashed: hedged, in the words quoted" : "dashed: hedged by the source", brief: "hedged" }] : []),
    ...(some((count) => count?.disputed) ? [denialEntry()] : denied && isDenialNamed() ? [WRITTEN_DENIAL] : []),
    ...(rowsOf(model.links, shown.links).some(({ mark }) => mark === "added") ? [{ style: { color: colours.accent, width: 2 }, text: "added", brief: "added" }] : []),
    ...(scene.junctions.length && (!isQuiet() || paper) ? [{ junction: true, text: "blamed together", brief: "together" }] : []),
    ...(some((count) => count && count.status !== "asserted") ? [{ style: { color: colours.gone, width: 1.4, dashes: [2, 5] }, text: "taken back" }] : []),
    ...(isCaptioned() ? [{ style: { color: muted, width: 2, faint: true }, text: "faint: what it aimed at, whose group or organ" }] : []),
    ...(some((count) => !count) ? [{ style: { color: muted, width: 1 }, text: "thin: declared, nobody's claim" }] : []),
  ];
}

/** The same question of thousands of links, asked of their claims: what holds of one is on a line. */
function amongClaims() {
  const { claims, live, disputes, links, counts } = counted;
  const seen = claims.filter((claim) => claim.object !== undefined && !claim.negative);
  const found = [
    ...(seen.some(({ hedge, index }) => hedge !== undefined && live(index)) ? [{ hedged: true, status: "asserted" }] : []),
    ...(disputes.size ? [{ disputed: true, status: "asserted" }] : []),
    ...(seen.some(({ index }) => !live(index)) ? [{ status: "taken back" }] : []),
    ...([...links].some((index) => !counts.has(index)) ? [undefined] : []),
  ];
  return (test) => found.some((one) => test(one));
}

const WRITTEN_DENIAL = { cross: true, text: "who denies it", brief: "denied" };

/** What is denied: beneath a line that says who says so, else on the line. */
function denialEntry() {
  if (isCaptioned()) return WRITTEN_DENIAL;
  const text = isDenialNamed() ? "denied, by whom is written in red" : "denied or disputed";
  return { style: { color: colours.disputed, width: 2 }, cross: true, text, brief: "denied" };
}

/** Symbols: where columns and lanes do not say what stands in them, those of several kinds. */
function kindEntries() {
  const lanes = new Map();
  for (const { kind, y } of rowsOf(model.nodes, shown.nodes)) {
    const lane = model.bands.findIndex(([, start, end]) => start <= y && y < end);
    lanes.set(lane, (lanes.get(lane) ?? new Set()).add(kind));
  }
  const kinds = new Set([...lanes].filter(([lane, some]) => lane < 0 || some.size > 1).flatMap(([, some]) => [...some]));
  return Object.keys(model.kinds)
    .filter((kind) => kinds.has(kind))
    .map((kind) => ({ kind, text: kindWords(kind) }));
}

function entriesFor(width) {
  if (isCrowd() || !shown.nodes.size) return [];
  if (width < NARROW) return lineEntries().filter(({ brief }) => brief).map((entry) => ({ ...entry, text: entry.brief }));
  return [...lineEntries(), ...(model.bands[0]?.[3] === "x" ? [] : kindEntries())];
}

/** How far its words stand from where an entry begins. */
export const indentOf = ({ style, kind, cross, junction }, sample = SAMPLE_WIDE) => (style ? sample + 5 : kind || cross || junction ? 19 : 0);

/** Entries with their places on a sheet of this width, in rows.
 * @returns {any[]} */
function laidOutKey(width) {
  let [x, y] = [INSET, 15];
  return entriesFor(width).map((entry) => {
    const wide = indentOf(entry) + estimated(entry.text, KEY_FONT) + 12;
    if (x > INSET && x + wide > width) [x, y] = [INSET, y + KEY_ROW];
    const made = { ...entry, x, y };
    x += wide;
    return made;
  });
}

/** How high the strip is; none where there is nothing to say. */
export function keyHeight(width) {
  const last = laidOutKey(width).at(-1);
  return last ? last.y + 8 : 0;
}

export function drawKey(ctx, at) {
  const entries = laidOutKey(at.width);
  if (!entries.length) return;
  const top = at.height - keyHeight(at.width);
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, top, at.width, at.height - top);
  ctx.fillStyle = colours.rule;
  ctx.fillRect(0, top, at.width, 1);
  for (const entry of entries) drawEntry(ctx, { ...entry, indent: indentOf(entry), font: KEY_FONT, sample: SAMPLE_WIDE }, top + entry.y);
}

/** One entry of a legend: its sample and its words. */
export function drawEntry(ctx, { kind, style, cross, junction, text, x, indent, font, sample }, y) {
  if (kind) drawSymbol(ctx, kind, x + 8, y - 4, 6);
  if (style) drawSample(ctx, style, x, y - 4, sample);
  if (cross) drawCross(ctx, { x: x + (style ? sample / 2 : 8), y: y - 4 });
  if (junction) drawDot(ctx, x + 8, y - 4);
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.font = font;
  ctx.fillStyle = colours.muted;
  ctx.fillText(text, x + indent, y);
}

function drawSample(ctx, { color, width, dashes, faint, colours: several = [color] }, x, y, long) {
  ctx.globalAlpha = faint ? BEHIND : 1;
  ctx.lineWidth = width;
  ctx.setLineDash(dashes ?? []);
  several.forEach((one, index) => {
    ctx.beginPath();
    ctx.moveTo(x + (long * index) / several.length, y);
    ctx.lineTo(x + (long * (index + 1)) / several.length, y);
    ctx.strokeStyle = one;
    ctx.stroke();
  });
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}
