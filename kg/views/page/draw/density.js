// The density image: what thousands of nodes and lines look like from afar.

import { isDark } from "./colours.js";

const GRAIN = 1500; // pixels along its longer side

/** Lines as ink and nodes as their colours, summed by grain; seen through a logarithm. Given in columns:
    places `x` and `y`, `kind` as a number of `colours`, `ends` of lines two by two. */
export function density(rows) {
  const grain = grainOf(rows);
  const { width, height } = grain;
  const image = document.createElement("canvas");
  Object.assign(image, { width, height });
  const ctx = image.getContext("2d");
  const pixels = ctx.createImageData(width, height);
  paintPixels(pixels.data, inked(grain, rows), dotted(grain, rows));
  ctx.putImageData(pixels, 0, 0);
  return { image, ...grain };
}

export function drawImage(ctx, at, { image, left, top, size }) {
  const corner = at.place({ x: left, y: top });
  ctx.imageSmoothingEnabled = true;
  ctx.drawImage(image, corner.x, corner.y, image.width * size * at.across, image.height * size * at.down);
}

function grainOf({ x, y }) {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i += 1) {
    west = Math.min(west, x[i]);
    east = Math.max(east, x[i]);
    north = Math.min(north, y[i]);
    south = Math.max(south, y[i]);
  }
  const size = Math.max(east - west, south - north, 1) / (GRAIN - 4);
  const [left, top] = [west - 2 * size, north - 2 * size];
  const width = Math.ceil((east - left) / size) + 3;
  const height = Math.ceil((south - top) / size) + 3;
  return { size, left, top, width, height };
}

/** How much ink of lines lies on each grain. */
function inked({ size, left, top, width, height }, { x, y, ends }) {
  const ink = new Float32Array(width * height);
  for (let i = 0; i < ends.length; i += 2) {
    const from = ends[i];
    const to = ends[i + 1];
    let px = (x[from] - left) / size;
    let py = (y[from] - top) / size;
    const steps = Math.ceil(Math.max(Math.abs((x[to] - x[from]) / size), Math.abs((y[to] - y[from]) / size), 1));
    const dx = (x[to] - x[from]) / size / steps;
    const dy = (y[to] - y[from]) / size / steps;
    const share = Math.min(1, 40 / steps); // a long line says less of each place
    for (let step = 0; step <= steps; step += 1) {
      ink[(py | 0) * width + (px | 0)] += share;
      px += dx;
      py += dy;
    }
  }
  return ink;
}

/** Sums of the colours of nodes on each grain, and how many there are. */
function dotted({ size, left, top, width, height }, { x, y, kind, colours }) {
  const sums = new Float32Array(4 * width * height);
  const channels = colours.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
  for (let i = 0; i < x.length; i += 1) {
    const [red, green, blue] = channels[kind[i]];
    const place = 4 * (Math.floor((y[i] - top) / size) * width + Math.floor((x[i] - left) / size));
    sums[place] += red;
    sums[place + 1] += green;
    sums[place + 2] += blue;
    sums[place + 3] += 1;
  }
  return sums;
}

function paintPixels(pixels, ink, sums) {
  let most = 1;
  for (let i = 0; i < ink.length; i += 1) if (ink[i] > most) most = ink[i];
  const ground = isDark() ? 170 : 110; // of lines
  const scale = 180 / Math.log1p(most);
  for (let i = 0; i < ink.length; i += 1) {
    const p = 4 * i;
    const count = sums[p + 3];
    if (count) {
      for (let channel = 0; channel < 3; channel += 1) pixels[p + channel] = sums[p + channel] / count;
      pixels[p + 3] = Math.min(255, 150 + 60 * Math.log2(1 + count));
    } else if (ink[i] > 0) {
      pixels[p] = pixels[p + 1] = pixels[p + 2] = ground;
      pixels[p + 3] = 20 + scale * Math.log1p(ink[i]);
    }
  }
}
