// Belief over time: a small chart of a link, and a river of rival attributions.

import { paint, readable } from "../draw/colours.js";
import { el } from "../draw/dom.js";
import { accusedColours } from "../draw/scene.js";
import { svg } from "../draw/shapes.js";
import { state } from "../model/state.js";
import { model, nameOf } from "../rules/rows.js";
import { through } from "../rules/through.js";
import { many } from "../rules/words.js";
import { chooser, heading } from "./parts.js";

const WIDTH = 280;
const HEIGHT = 64;
const TIME = Date.parse;

/** A place on the axis for each day, the last one held for a tenth of the width. */
function axis(days) {
  const [first, last] = [TIME(days[0]), TIME(days.at(-1))];
  return (day) => ((TIME(day) - first) / Math.max(1, last - first)) * WIDTH * 0.9;
}

/** A line that stands between the days and jumps on them. */
function steps(points, x, y) {
  const parts = points.map(({ day, value }, index) => `${index ? "H" : "M"}${x(day)}${index ? "" : ` ${y(0)}`}V${y(value)}`);
  return `${parts.join("")}H${WIDTH}`;
}

/** How many voices were for a link, against it, and had withdrawn, from its first word on. */
export function overTime(link) {
  const series = through(link, state);
  if (series.length < 2) return null;
  const most = Math.max(...series.flatMap(({ pro, contra, gone }) => [pro, contra, gone]));
  const x = axis(series.map(({ day }) => day));
  const y = (value) => HEIGHT - 4 - (value / Math.max(1, most)) * (HEIGHT - 10);
  const lines = [
    ["pro", "for", readable(model.relations[link.kind].colour), null],
    ["contra", "against", paint("disputed"), "6 3"],
    ["gone", "withdrawn", paint("gone"), "2 3"],
  ].filter(([name]) => series.some((each) => each[name]));
  return el(
    "figure",
    { class: "over-time" },
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": inWords(series) },
      svg("path", { d: `M0 ${HEIGHT - 4}H${WIDTH}`, stroke: paint("rule"), fill: "none" }),
      ...lines.map(([name, , stroke, dashes]) =>
        svg("path", {
          d: steps(series.map((each) => ({ day: each.day, value: each[name] })), x, y),
          stroke,
          fill: "none",
          "stroke-width": 2,
          ...(dashes ? { "stroke-dasharray": dashes } : {}),
        }),
      ),
    ),
    el("figcaption", {}, `${series[0].day} to ${series.at(-1).day}, at most ${many(most, "voice")}: `,
      lines.map(([, text, stroke, dashes], index) => [index ? ", " : "", sample(stroke, dashes), text])),
  );
}

const sample = (stroke, dashes) =>
  svg(
    "svg",
    { viewBox: "0 0 22 8", class: "sample" },
    svg("path", { d: "M0 4H20", stroke, "stroke-width": 2, ...(dashes ? { "stroke-dasharray": dashes } : {}) }),
  );

/** The chart in words, for whoever does not see it. */
const inWords = (series) =>
  series
    .map(({ day, pro, contra, gone }) => `${day}: ${pro} for, ${contra} against, ${gone} withdrawn`)
    .join("; ");

/** Whom an event was laid to from day to day: each actor a band, as wide as its voices. */
export function river(links) {
  const flows = links
    .map((link) => ({ link, series: through(link, state) }))
    .filter(({ series }) => series.length);
  const days = [...new Set(flows.flatMap(({ series }) => series.map(({ day }) => day)))].sort();
  if (flows.length < 2 || days.length < 2) return [];
  const on = ({ series }, day) => series.filter((each) => each.day <= day).at(-1)?.pro ?? 0;
  const table = days.map((day) => flows.map((flow) => on(flow, day)));
  const most = Math.max(1, ...table.map((row) => row.reduce((sum, value) => sum + value, 0)));
  const x = axis(days);
  const unit = (HEIGHT * 1.6) / most;
  const tone = (index) => toneOf(flows[index].link.to, index);
  const shape = (index) => {
    const edge = (row, upTo) => {
      const total = row.reduce((sum, value) => sum + value, 0);
      const below = row.slice(0, upTo).reduce((sum, value) => sum + value, 0);
      return HEIGHT * 0.85 + (below - total / 2) * unit;
    };
    const along = (upTo) =>
      days.flatMap((day, place) => [
        [x(day), edge(table[place], upTo)],
        [place + 1 < days.length ? x(days[place + 1]) : WIDTH, edge(table[place], upTo)],
      ]);
    const points = [...along(index), ...along(index + 1).reverse()];
    return `M${points.map(([a, b]) => `${a.toFixed(1)} ${b.toFixed(1)}`).join("L")}Z`;
  };
  return [
    heading("Attributions over time", `${days[0]} to ${days.at(-1)}`),
    el(
      "figure",
      { class: "river" },
      svg(
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT * 1.7}`, role: "img", "aria-label": "rival attributions from day to day" },
        ...flows.map((_, index) => svg("path", { d: shape(index), fill: tone(index) })),
      ),
      el(
        "figcaption",
        {},
        flows.map(({ link }, index) =>
          el("span", { class: "flow" }, dot(tone(index)), chooser(nameOf(link.to), { link: link.index }),
            ` ${many(table.at(-1)[index], "voice")}`),
        ),
      ),
    ),
  ];
}

/** The colour in which the picture shows who is blamed, else one of its own. */
function toneOf(blamed, index) {
  const own = accusedColours().get(blamed);
  return own ? readable(own) : `hsl(${Math.round((index * 137.5 + 205) % 360)} 34% 56%)`;
}

const dot = (fill) =>
  svg("svg", { viewBox: "0 0 10 10", class: "sample" }, svg("circle", { cx: 5, cy: 5, r: 4, fill }));
