// What a symbol and a line mean, how many there are, and whether they are shown.

import { button, el } from "../draw/dom.js";
import { lineEntries } from "../draw/key.js";
import { lineSample } from "../draw/shapes.js";
import { change, state } from "../model/state.js";
import { counted, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { toggle } from "../tools/keep.js";

/** @returns {Record<string, number>} */
function tally(rows, numbers) {
  const counts = {};
  for (const index of numbers) counts[rows[index].kind] = (counts[rows[index].kind] ?? 0) + 1;
  return counts;
}

/** Kind → how many are shown, and how many there are.
 * @returns {any} */
export const nodeCounts = () => [shown.nodes, counted.here].map((some) => tally(model.nodes, some));

/** The same of relations.
 * @returns {any} */
export const linkCounts = () => [shown.links, counted.links].map((some) => tally(model.links, some));

export function legend(key, kinds, sample, wording, [now, all]) {
  const rows = Object.keys(kinds).sort(
    (one, another) => (all[another] ?? 0) - (all[one] ?? 0),
  );
  return el(
    "div",
    { class: "legend" },
    rows.map((kind) =>
      el(
        "label",
        {},
        el("input", {
          type: "checkbox",
          id: `${key}-${kind}`,
          checked: !state[key].includes(kind),
          onchange: () => toggle(key, kind),
        }),
        sample(kind),
        el("span", { class: "grow" }, wording(kind)),
        el(
          "span",
          { class: "count", title: `${now[kind] ?? 0} of ${all[kind] ?? 0} shown` },
          now[kind] === all[kind] ? `${all[kind] ?? 0}` : `${now[kind] ?? 0}/${all[kind]}`,
        ),
      ),
    ),
    el(
      "div",
      { class: "actions" },
      button("All", () => change({ [key]: [] }), { id: `${key}-all` }),
      button("None", () => change({ [key]: rows }), { id: `${key}-none` }),
    ),
  );
}

/** The same entries as in the key of the picture. */
export const lineLegend = () =>
  el(
    "div",
    { class: "legend" },
    lineEntries().map(({ style, cross, junction, text }) =>
      el(
        "div",
        { class: "row" },
        style ? lineSample(style) : el("span", { class: "sign" }, junction ? "●" : "✕"),
        el("span", {}, style && cross ? `✕ ${text}` : text),
      ),
    ),
  );
