// What is drawn of what is shown: a line for each link, those of one collective statement from a common stem.

import { state } from "../model/state.js";
import { counted, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { push } from "../rules/words.js";
import { BEHIND, colours, readable } from "./colours.js";
import { wayOf } from "./curves.js";

/** Lines: { links, from, to, way, width, dashes, color, opacity, arrow, stem }; junctions: { x, y, lines }. */
export const scene = { lines: [], junctions: [], lineOf: new Map() };

/** Above so many nodes or links lines are straight, thin, and drawn many at once. */
export const isCrowd = () => shown.nodes.size > 2500 || shown.links.size > 5000;

const TANGLE = 60;
/** Along time so many lines cross each other that they say nothing: they are drawn for what is pointed at. */
export const isQuiet = () => state.lines === null ? axisOf() === "y" && shown.links.size > TANGLE : !state.lines;

/** Whether a line is not drawn, for names tell what it says: who may be the same, where others say who says so. */
export const isAside = ({ links: [link] }) => isCaptioned() && state.lines === null && model.relations[link.kind].symmetric;

/** Whether all lines are drawn. */
export const isWhole = () => !isQuiet() && !scene.lines.some(isAside);

/** Where lines say who says so, all others stand back. */
export const isCaptioned = () => accusedColours().size > 0;

export const FEW = 150; // up to so many nodes each has its name, and what is said against it
/** Whether who denies is written under the names of those of whom it is denied. */
export const isDenialNamed = () => shown.nodes.size <= FEW || isCaptioned();

export const axisOf = () => model.bands[0]?.[3] ?? null;

/** Made anew whenever what is shown, or where it stands, has changed. */
export function compose() {
  scene.lines = [];
  scene.junctions = [];
  scene.lineOf = new Map();
  if (isCrowd()) return;
  const together = bundlesShown();
  const bundled = new Set(together.flatMap((bundle) => bundle.links));
  for (const [index, offset] of besideEachOther([...shown.links].filter((one) => !bundled.has(one))))
    addLine([model.links[index]], nodeOf(model.links[index].from), nodeOf(model.links[index].to), { offset });
  for (const bundle of together) addBundle(bundle);
}

const nodeOf = (index) => model.nodes[index];

/** How a link looks under the present lens: width = asserters, dashes = hedged, red = disputed (but where its
    colour says who is blamed: who denies it stands beneath). */
export function styleOf(link) {
  const count = counted.counts.get(link.index);
  const look = model.relations[link.kind];
  if (!count) return { color: readable(look.colour), width: 1.1, dashes: false };
  const width = Math.min(7, 1.7 + 1.3 * Math.max(0, count.asserters - 1));
  if (count.status !== "asserted") return { color: colours.gone, width: 1.4, dashes: [2, 5] };
  const strand = strandOf(link);
  const own = link.mark === "added" ? colours.accent : readable(strand ?? look.colour);
  const color = count.disputed && !strand ? colours.disputed : own;
  return { color, width, dashes: count.hedged ? [7, 4] : false };
}

/** Lines that say who says so are coloured by who is blamed, so that each can be followed through the rest,
    denied or not; red is left to who denies. */
const STRANDS = ["#1f5fd6", "#15803d", "#b45309", "#7c3aed", "#0e7490", "#86198f", "#4d5b00"];
const strands = { of: null, colours: new Map() };

const strandOf = (link) => (link.caption ? accusedColours().get(link.to) : undefined);

/** Who is blamed → colour: those of whom most is said. */
export function accusedColours() {
  if (strands.of === model.links) return strands.colours;
  const claims = new Map();
  for (const link of model.links)
    if (link.caption) claims.set(link.to, (claims.get(link.to) ?? 0) + link.claims.length);
  const most = [...claims.keys()].sort((one, another) => claims.get(another) - claims.get(one) || one - another);
  const found = new Map(most.slice(0, STRANDS.length).map((index, place) => [index, STRANDS[place]]));
  Object.assign(strands, { of: model.links, colours: found });
  return found;
}

export const sampleOf = (kind) => ({ color: readable(model.relations[kind].colour), width: 2 });

function addLine(links, from, to, { offset = 0, arrow = true, stem = false, via = links[0].via ?? [] }) {
  const way = wayOf(from, to, { offset, via, axis: axisOf() });
  const [first] = links;
  const looks = { opacity: opacityOf(first), ...styleOf(first) };
  const headed = arrow && !model.relations[first.kind].symmetric;
  const disputed = !stem && Boolean(counted.counts.get(first.index)?.disputed);
  const caption = stem ? undefined : first.caption;
  const line = { links, from, to, way, via, stem, arrow: headed, disputed, caption, ...looks };
  scene.lines.push(line);
  for (const link of links) if (!stem) scene.lineOf.set(link.index, line);
  return line;
}

/** Many lines are drawn faintly, those between communities more so: what is dense stays readable. Where
    a picture runs from left to right, what has no direction (who may be the same) stands back. */
function opacityOf(link) {
  const base = Math.min(1, Math.max(0.25, 22 / Math.sqrt(shown.links.size)));
  if (isCaptioned()) return link.caption ? base : BEHIND * base;
  if (axisOf() === "x" && model.relations[link.kind].symmetric) return 0.45 * base;
  const same = nodeOf(link.from).community === nodeOf(link.to).community;
  return Math.round(100 * (same ? base : Math.max(0.12, base * 0.55))) / 100;
}

const bundlesShown = () =>
  counted.bundles
    .map((bundle) => ({ ...bundle, links: bundle.links.filter((index) => shown.links.has(index)) }))
    .filter((bundle) => bundle.links.length > 1);

function addBundle(bundle) {
  const start = nodeOf(bundle.from);
  const links = bundle.links.map((index) => model.links[index]);
  const first = ({ caption, to }) => (caption ? { x: caption[0], y: caption[2] } : nodeOf(to));
  const mean = (name) => links.reduce((sum, link) => sum + first(link)[name], 0) / links.length;
  const x = start.x + (mean("x") - start.x) * 0.42;
  const y = start.y + (mean("y") - start.y) * 0.5;
  const junction = { x, y, links };
  scene.junctions.push(junction);
  addLine(links, start, junction, { arrow: false, stem: true, via: [] });
  for (const link of links) {
    // of the points on the way those that lie behind the junction
    const ahead = (link.via ?? []).filter(([at]) => (at - x) * (nodeOf(link.to).x - x) > 0);
    addLine([link], junction, nodeOf(link.to), { via: ahead });
  }
}

/** Links with the same ends side by side, one in the middle of an odd number: [link, offset]. */
function besideEachOther(links) {
  const pairs = new Map();
  for (const index of links) {
    const { from, to } = model.links[index];
    push(pairs, from < to ? `${from} ${to}` : `${to} ${from}`, index);
  }
  return [...pairs.values()].flatMap((group) =>
    group.map((index, place) => {
      const { from, to } = model.links[index];
      const offset = place - (group.length - 1) / 2;
      return [index, from < to ? offset : -offset];
    }),
  );
}

/** What the selection stands out with: nodes and lines; null where nothing is chosen. */
export function chosenNow() {
  return around(state.selected ?? {});
}

/** A node with its neighbours, or a link with its ends, and the lines of these. */
export function around({ node, link }) {
  const links =
    node !== undefined && shown.nodes.has(node)
      ? model.linksAt[node].filter((one) => shown.links.has(one.index))
      : shown.links.has(link)
        ? [model.links[link]]
        : null;
  if (!links) return null;
  const found = { nodes: new Set(node === undefined ? [] : [node]), links: new Set(links), lines: new Set(), centre: node };
  for (const one of links) found.nodes.add(one.from).add(one.to);
  for (const line of scene.lines) if (line.links.some((one) => found.links.has(one))) found.lines.add(line);
  return found;
}
