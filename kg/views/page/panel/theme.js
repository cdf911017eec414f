// Light, dark, paper.

import { drawPaper } from "../draw/sheet.js";
import { byId, el } from "../draw/dom.js";
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

const SHEET = { width: 1060, height: 730 }; // A4 landscape within its margins, in CSS pixels

/** One sheet with caption, legend and facts, in light colours: a window's parts make no page. */
function layPaper() {
  repaint("light");
  drawNow(); // at once: the sheet is taken before the next frame
  const canvas = el("canvas", { width: 2 * SHEET.width, height: 2 * SHEET.height });
  const ctx = canvas.getContext("2d");
  drawPaper(ctx, () => ctx, SHEET, 2);
  byId("paper")?.remove();
  document.body.append(el("div", { id: "paper" }, canvas));
  document.body.classList.add("on-paper");
}

function takePaper() {
  byId("paper")?.remove();
  document.body.classList.remove("on-paper");
  repaint();
}

export function startPrinting() {
  window.addEventListener("beforeprint", layPaper);
  window.addEventListener("afterprint", takePaper);
  prefersDark.addEventListener("change", () => repaint());
}
