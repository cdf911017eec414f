// How links look, and which way they go.

import { counted, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { push } from "../rules/words.js";
import { colours, readable } from "./colours.js";

export const nodeId = (index) => `n${index}`;

/** How a link looks under the present lens: width = asserters, dashes = hedged, red = disputed. */
function styleOf(link) {
  const count = counted.counts.get(link.index);
  const look = model.relations[link.kind];
  if (!count) return { color: readable(look.colour), width: 1, dashes: false };
  const width = Math.min(9, 1.3 + 1.5 * Math.max(0, count.asserters - 1) + (count.asserters ? 0.5 : 0));
  if (count.status !== "asserted") return { color: colours.gone, width: 1.4, dashes: [2, 5] };
  const own = link.mark === "added" ? colours.accent : readable(look.colour);
  const color = count.disputed ? colours.disputed : own;
  return { color, width, dashes: count.hedged ? [8, 5] : false };
}

/** Each link as an edge; those of one collective statement share a stem up to a junction. */
export function segmentsShown() {
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

export const junctionRenderer = ({ ctx, x, y }) => ({
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
export function linksOfEdge(id) {
  const numbers = String(id).slice(1).split(".").map(Number);
  return numbers.map((index) => model.links[index]);
}

export const sampleOf = (kind) => ({ color: readable(model.relations[kind].colour), width: 2 });
