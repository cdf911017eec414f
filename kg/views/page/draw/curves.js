// The ways that lines take, in the units of the layout: lists of points, close enough to look round.

const PIECES = 18;
const BEND = 0.45;

/** Points of a cubic from `a` to `d`, without its first. */
function cubic(a, b, c, d) {
  return Array.from({ length: PIECES }, (_, step) => {
    const t = (step + 1) / PIECES;
    const u = 1 - t;
    const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    return { x: p * a.x + q * b.x + r * c.x + s * d.x, y: p * a.y + q * b.y + r * c.y + s * d.y };
  });
}

/** Along the columns (`axis` x) or lanes (y) from point to point. */
function along(points, axis) {
  const way = [points[0]];
  for (let at = 1; at < points.length; at += 1) {
    const [a, d] = [points[at - 1], points[at]];
    if (Math.abs(a.y - d.y) < 0.5 || Math.abs(a.x - d.x) < 0.5) way.push(d);
    else if (axis === "x") {
      const pull = BEND * (d.x - a.x);
      way.push(...cubic(a, { x: a.x + pull, y: a.y }, { x: d.x - pull, y: d.y }, d));
    } else {
      const pull = BEND * (d.y - a.y);
      way.push(...cubic(a, { x: a.x, y: a.y + pull }, { x: d.x, y: d.y - pull }, d));
    }
  }
  return way;
}

/** An arc that leaves the straight way by a share of its length, to the left if positive. */
function arc(a, d, share) {
  const [dx, dy] = [d.x - a.x, d.y - a.y];
  const middle = { x: (a.x + d.x) / 2 + dy * share, y: (a.y + d.y) / 2 - dx * share };
  const towards = (end) => ({ x: end.x + (middle.x - end.x) * 0.8, y: end.y + (middle.y - end.y) * 0.8 });
  return [a, ...cubic(a, towards(a), towards(d), d)];
}

function loop({ x, y }) {
  const [a, reach] = [{ x, y }, 60];
  return [a, ...cubic(a, { x: x - reach, y: y - reach }, { x: x + reach, y: y - reach }, a)];
}

const ASIDE = 110; // so far out of its column, in units of the layout, an arc within it goes at most
const APART = 7; // between lines that run beside each other

/** From one end to the other. `offset`: which of several lines between them this is; `via`: points on the
    way, shared by lines that go to one end; `axis`: that of columns or lanes, where there are any. */
export function wayOf(from, to, { offset = 0, via = [], axis = null }) {
  if (from === to) return loop(from);
  if (via.length) {
    const beside = via.map(([x, y]) => ({ x, y: y + offset * APART }));
    return along([from, ...beside, to], axis ?? "x");
  }
  if (axis === "x" && Math.abs(from.x - to.x) < 40) {
    // within a column: around what stands between
    const side = from.y < to.y ? -1 : 1;
    const far = Math.abs(from.y - to.y) || 1;
    return arc(from, to, side * Math.min(0.28 + 0.14 * Math.abs(offset), (ASIDE + APART * Math.abs(offset)) / far));
  }
  if (offset) return arc(from, to, 0.14 * offset);
  return axis ? along([from, to], axis) : [from, to];
}

/** A place on a way that no other shares: where it is marked, and taken hold of. */
export const handleOf = (way) => (way.length > PIECES + 1 ? way[Math.floor(PIECES / 2)] : pointOn(way, 0.5));

/** A place on a way, `share` of its points along. */
function pointOn(way, share) {
  const at = share * (way.length - 1);
  const [before, rest] = [Math.floor(at), at % 1];
  const [a, b] = [way[before], way[Math.min(before + 1, way.length - 1)]];
  return { x: a.x + (b.x - a.x) * rest, y: a.y + (b.y - a.y) * rest };
}

const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/** A way without what lies within `radius` of its last point. */
function leaving(way, radius) {
  const end = way.at(-1);
  let last = way.length - 1;
  while (last > 0 && apart(way[last - 1], end) < radius) last -= 1;
  if (last === 0) return null;
  const [outer, inner] = [way[last - 1], way[last]];
  let [low, high] = [0, 1];
  for (let round = 0; round < 12; round += 1) {
    const middle = (low + high) / 2;
    const point = { x: outer.x + (inner.x - outer.x) * middle, y: outer.y + (inner.y - outer.y) * middle };
    if (apart(point, end) < radius) high = middle;
    else low = middle;
  }
  return [...way.slice(0, last), { x: outer.x + (inner.x - outer.x) * low, y: outer.y + (inner.y - outer.y) * low }];
}

/** A way from rim to rim; null where the symbols touch. */
export function trimmed(way, start, end) {
  const tail = end > 0 ? leaving(way, end) : way;
  if (!tail || start <= 0) return tail;
  return leaving([...tail].reverse(), start)?.reverse() ?? null;
}

/** How far a point is from a way. */
export function distanceTo(way, { x, y }) {
  let best = Infinity;
  for (let at = 1; at < way.length; at += 1) {
    const [a, b] = [way[at - 1], way[at]];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const square = dx * dx + dy * dy;
    const t = square ? Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / square)) : 0;
    const far = (a.x + t * dx - x) ** 2 + (a.y + t * dy - y) ** 2;
    if (far < best) best = far;
  }
  return Math.sqrt(best);
}
