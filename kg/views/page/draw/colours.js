// Colours of the page, for what is not styled by CSS.

export let colours = {};

const PAINTS = [
  "canvas",
  "ink",
  "muted",
  "outline",
  "accent",
  "disputed",
  "gone",
  "band",
  "rule",
];

/** Asking the style sheet is slow, and every symbol and line wants to know: asked once a theme. */
export function readColours() {
  colours = Object.fromEntries(PAINTS.map((name) => [name, paint(name)]));
}

export const paint = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const isDark = () => document.documentElement.dataset.theme === "dark";

/** A declared colour, made light enough to be seen on a dark page. */
export function readable(colour) {
  if (!isDark()) return colour;
  const parts = colour.match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16));
  return `#${parts
    .map((part) =>
      Math.round(part + (255 - part) * 0.45)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

export const BEHIND = 0.45; // how much is seen of what stands back
