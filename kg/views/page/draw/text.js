// Text on the canvas.

import { colours } from "./colours.js";

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";

export function breakLines(name, most = 22) {
  const clean = name.replace(/\s+/g, " ").trim() || "(no name)";
  if ([...clean].length <= most) return [clean];
  const parts = clean.split(" ");
  let first = parts.shift();
  while (parts.length && [...first].length + 1 + [...parts[0]].length <= most) first += ` ${parts.shift()}`;
  const rest = parts.join(" ");
  return [cut(first, most), cut(rest, most)].filter(Boolean);
}

export const cut = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

export function halo(ctx, text, x, y, colour, width = 3.5) {
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

export const NARROW = 560; // a canvas of less than this is a phone's
