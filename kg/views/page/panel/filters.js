// Legend and filters in one: what a symbol means, how many there are, and whether they are shown.

import { togglePart } from "./parts.js";
import { button, byId, el } from "../draw/dom.js";
import { isWhole, sampleOf } from "../draw/scene.js";
import { lineSample, symbol } from "../draw/shapes.js";
import { change, state } from "../model/state.js";
import { counted } from "../model/visible.js";
import { model, nameOf } from "../rules/rows.js";
import { LEVELS, kindWords, words } from "../rules/words.js";
import { part, slider, tick } from "./controls.js";
import { legend, lineLegend, linkCounts, nodeCounts } from "./legend.js";
import { lensControls } from "./lens.js";
import { more } from "./more.js";
import { timeControls } from "./time.js";

/** Fields of a day → what they set in the state. */
const DAYS = { "as-of": "asOf", "valid-on": "validOn", "known-on": "knownOn" };

export function showFilters() {
  const open = new Set([...document.querySelectorAll("#filters details[open]")].map((one) => one.id));
  const first = !byId("filters").childElementCount;
  const focused = document.activeElement?.id;
  const parts = [
    ...more.parts.map(([id, title, content]) => part(id, title, content(), true)),
    part("lens", "Whose view, and when", lensControls(), true),
    part(
      "kinds",
      "Kinds",
      legend("kinds", model.kinds, (kind) => symbol(kind), kindWords, nodeCounts()),
      true,
    ),
    part(
      "relations",
      "Relations",
      [
        legend("relations", model.relations, (kind) => lineSample(sampleOf(kind)), words, linkCounts()),
        tick("lines", "draw all lines, not only those of what is pointed at", isWhole(), (lines) => change({ lines })),
      ],
      true,
    ),
    part("lines", "How to read a line", lineLegend(), true),
    part("time", "Time", timeControls(), true),
    part("support", "Support", supportControls(), true),
    part("hidden", "Hidden and pinned", hiddenControls(), false),
  ];
  if (!first) for (const one of parts) one.open = open.has(one.id);
  if (focused && focused in DAYS) return besideTheDay(parts, focused);
  byId("filters").replaceChildren(
    button("Close", () => togglePart("filters"), { id: "close-filters", class: "narrow" }),
    ...parts,
  );
  if (focused) byId(focused)?.focus({ preventScroll: true });
  return undefined;
}

/** The same, around a field of a day: whoever types in it keeps it. */
function besideTheDay(parts, id) {
  const lens = parts.find((one) => one.id === "part-lens");
  const rest = parts.filter((one) => one !== lens);
  const input = byId(id);
  for (const old of [...input.parentElement.children]) if (old !== input) old.remove();
  const fresh = [...lens.querySelector(".controls").children];
  const at = fresh.findIndex((one) => one.id === id);
  input.before(...fresh.slice(0, at));
  input.after(...fresh.slice(at + 1));
  if (input.dataset.typed === undefined) input.value = state[DAYS[id]] ?? "";
  for (const one of rest) byId(one.id).replaceWith(one);
}

function supportControls() {
  const most = Math.max(1, counted.counts.most());
  const level = (value) => ["any", ...LEVELS][value];
  return el(
    "div",
    { class: "controls" },
    slider("asserters", "Independent asserters, at least", {
      min: 0,
      max: most,
      value: Math.min(state.min, most),
      wording: String,
      set: (min) => change({ min }),
    }),
    slider("confidence", "Analytic confidence, at least", {
      min: 0,
      max: LEVELS.length,
      value: state.confidence,
      wording: level,
      set: (confidence) => change({ confidence }),
    }),
    tick("unrated", "include not rated", state.unrated, (unrated) => change({ unrated })),
    tick("structural", "paths may use structural relations", state.structural, (structural) =>
      change({ structural }),
    ),
  );
}

function hiddenControls() {
  const row = (index, act, text) =>
    el(
      "li",
      {},
      symbol(model.nodes[index].kind),
      el("span", { class: "grow" }, nameOf(index)),
      button(text, act),
    );
  const without = (key, index) => () => change({ [key]: state[key].filter((one) => one !== index) });
  return el(
    "div",
    { class: "controls" },
    el(
      "ul",
      { class: "list tight" },
      state.hidden.map((index) => row(index, without("hidden", index), "Show")),
      state.pinned.map((index) => row(index, without("pinned", index), "Unpin")),
    ),
    state.hidden.length + state.pinned.length ? null : el("p", { class: "dim" }, "None."),
  );
}
