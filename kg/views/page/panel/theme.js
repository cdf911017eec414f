// Light, dark, paper.

import { drawNow } from "../draw/canvas.js";
import { isDark, readColours } from "../draw/colours.js";
import { remember, remembered } from "../model/memory.js";
import { say, tell } from "../model/tell.js";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

let chosenTheme = remembered("theme");

/** The theme that was chosen, else the one that the reader's machine prefers. */
export function applyTheme(theme = chosenTheme ?? (prefersDark.matches ? "dark" : "light")) {
  document.documentElement.dataset.theme = theme;
}

export function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  chosenTheme = theme;
  remember("theme", theme);
  repaint();
  say(`${theme} colours`);
}

function repaint(theme) {
  applyTheme(theme);
  readColours();
  tell("change");
}

export function startPrinting() {
  window.addEventListener("beforeprint", () => {
    repaint("light");
    drawNow(); // at once: the sheet is taken before the next frame
  });
  window.addEventListener("afterprint", () => repaint());
  prefersDark.addEventListener("change", () => repaint());
}
