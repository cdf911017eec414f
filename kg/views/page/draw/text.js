// Text on a sheet.

import { colours } from "./colours.js";

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";

export const NARROW = 560; // a sheet of less than this is a phone's

export const cut = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

/** As much of a text as there is room for. */
export function fitted(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  let [least, most] = [1, [...text].length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (ctx.measureText(cut(text, middle)).width <= room) least = middle;
    else most = middle - 1;
  }
  return cut(text, least);
}

/** A name in at most `most` lines, none wider than `room`; what finds no room is cut off. */
export function breakLines(ctx, name, room, most = 2) {
  const whole = name.replace(/\s+/g, " ").trim() || "(no name)";
  if (ctx.measureText(whole).width <= room) return [whole];
  const parts = whole.split(" ");
  const lines = [];
  while (parts.length && lines.length < most) {
    let line = parts.shift();
    while (parts.length && ctx.measureText(`${line} ${parts[0]}`).width <= room) line += ` ${parts.shift()}`;
    lines.push(line);
  }
  if (parts.length) lines.push([lines.pop(), ...parts].join(" "));
  return lines.map((line) => fitted(ctx, line, room));
}

/** Text with a seam of the ground around it, so that lines do not run through its letters. */
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
