// Everything by keyboard. Single letters can be switched off, for those whose software speaks them.

import { fit, reveal, zoom } from "../draw/canvas.js";
import { byId, el } from "../draw/dom.js";
import { chosenCypher } from "../model/cypher.js";
import { back, select, state, undo } from "../model/state.js";
import { remember, remembered } from "../model/memory.js";
import { say } from "../model/tell.js";
import { shown } from "../model/visible.js";
import { model, named } from "../rules/rows.js";
import { isolated, kindWords, many, words } from "../rules/words.js";
import { copyCypher } from "../tools/copy.js";
import { hideSelected, pinSelected } from "../tools/keep.js";
import { reset } from "../tools/reset.js";
import { giveUpPath, neighbourhood, startPath, walking } from "../tools/walk.js";
import { openDialog } from "./dialog.js";
import { togglePart } from "./parts.js";
import { showExport } from "./take_away.js";
import { showTable } from "./table.js";
import { switchTheme } from "./theme.js";

/** @type {[string, string, () => any][]} */
const KEYS = [
  ["/", "search", () => byId("search").focus()],
  ["n", "neighbourhood of the chosen node; again for one step more", () => neighbourhood()],
  ["p", "path: from the chosen node, then choose another and press p again", () => startPath()],
  ["h", "hide the chosen node", () => hideSelected()],
  ["x", "pin the chosen node", () => pinSelected()],
  ["l", "next relation of the chosen node", () => nextLink()],
  ["z", "undo", () => undo()],
  ["b", "back to what was chosen before", () => back()],
  ["a", "all: lift every filter", () => reset()],
  ["f", "fit the picture into the window", () => fit()],
  ["+", "nearer", () => zoom(1.25)],
  ["-", "farther", () => zoom(0.8)],
  ["t", "table of what is shown", () => showTable()],
  ["c", "copy the Cypher of what is chosen", () => copyCypher(chosenCypher())],
  ["e", "export", () => showExport()],
  ["d", "light, dark", () => switchTheme()],
  ["g", "legend and filters", () => togglePart("filters")],
  ["?", "this help", () => showHelp()],
];

const ALWAYS = [
  ["Arrow keys", "on the picture: the next node in that direction"],
  ["Enter", "on the picture: read the evidence"],
  ["Escape", "let go: close, give up a path, choose nothing"],
  ["Ctrl Z", "undo"],
  ["Tab", "from one control to the next"],
];

let letters = remembered("letters") !== "off";

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return undefined;
    if (event.key === "Escape") return letGo();
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing(event)) {
      event.preventDefault();
      return undo();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || byId("dialog").open)
      return undefined;
    if (event.target === byId("canvas") && onCanvas(event)) return event.preventDefault();
    const found = letters && KEYS.find(([key]) => key === event.key);
    if (found) {
      event.preventDefault();
      found[2]();
    }
    return undefined;
  });
}

const typing = (event) =>
  event.target.matches("input:not([type=checkbox]):not([type=range]), select, textarea");

function letGo() {
  if (byId("dialog").open) return;
  document.body.classList.remove("filters-open");
  if (walking !== null) {
    giveUpPath();
    say("Path given up.");
  } else select(null);
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onCanvas(event) {
  if (event.key in STEPS) {
    walkTo(STEPS[event.key]);
    return true;
  }
  if (event.key === "Enter") {
    byId("panel").focus();
    return true;
  }
  return false;
}

/** The nearest node in a direction; from nothing chosen, the weightiest. */
function walkTo([dx, dy]) {
  const nodes = [...shown.nodes].map((index) => model.nodes[index]);
  const from = model.nodes[state.selected?.node ?? model.links[state.selected?.link]?.from];
  const cost = (node) => {
    const [along, across] = [
      (node.x - from.x) * dx + (node.y - from.y) * dy,
      Math.abs((node.x - from.x) * dy) + Math.abs((node.y - from.y) * dx),
    ];
    return along > 1 ? along + 2 * across : Infinity;
  };
  const best = from
    ? nodes.reduce((one, another) => (cost(another) < cost(one) ? another : one), from)
    : nodes.sort((a, b) => b.weight - a.weight)[0];
  if (!best || best === from) return;
  select({ node: best.index });
  reveal(best.index);
  say(
    `${isolated(best.name)}, ${kindWords(best.kind)}, ${many(model.linksAt[best.index].filter((link) => shown.links.has(link.index)).length, "relation")}.`,
  );
}

let walked = null; // the node whose relations are gone through

function nextLink() {
  const line = model.links[state.selected?.link];
  const node = state.selected?.node ?? (line && (line.to === walked ? walked : line.from));
  if (node === undefined) return say("Choose a node first.");
  const links = model.linksAt[node].filter((link) => shown.links.has(link.index));
  if (!links.length) return say("No relation of it is shown.");
  walked = node;
  const link = links[(links.indexOf(line) + 1) % links.length];
  select({ link: link.index });
  return say(`${named(link.from)} ${words(link.kind)} ${named(link.to)}.`);
}

export function showHelp() {
  const row = ([key, text]) =>
    el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, text));
  openDialog(
    "Keys",
    el(
      "label",
      {},
      el("input", {
        type: "checkbox",
        id: "letters",
        checked: letters,
        onchange: (event) => {
          letters = event.target.checked;
          remember("letters", letters ? "on" : "off");
        },
      }),
      "single-letter keys",
    ),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Keys" },
      el("table", { class: "keys" }, el("tbody", {}, [...ALWAYS, ...KEYS].map(row))),
    ),
    el(
      "p",
      { class: "dim" },
      "With the mouse: click a node or a line for its evidence, double-click a node for its neighbourhood, drag to move, wheel to zoom.",
    ),
  );
}
