// The window of time.

import { button, el } from "../draw/dom.js";
import { play, playing, stopRun, timesHere } from "../model/run.js";
import { change, state } from "../model/state.js";
import { counted } from "../model/visible.js";
import { DAY } from "../rules/days.js";
import { slider, tick } from "./controls.js";
import { thenFocus } from "./lens.js";

function timeBounds() {
  const times = timesHere();
  if (!times.length) return null;
  return [
    times.map(([start]) => start).reduce((a, b) => (a < b ? a : b)),
    times.map(([, end]) => end).reduce((a, b) => (a > b ? a : b)),
  ];
}

const toNumber = (text) => Date.parse(text) / DAY;

const toDay = (number) => new Date(number * DAY).toISOString().slice(0, 10);

export function timeControls() {
  counted.bounds ??= timeBounds();
  if (!counted.bounds)
    return el("div", { class: "controls" }, el("p", { class: "dim" }, "Nothing here carries a date."));
  const [min, max] = counted.bounds.map(toNumber);
  const from = state.from ? toNumber(state.from) : min;
  const to = state.to ? toNumber(state.to) : max;
  return el(
    "div",
    { class: "controls" },
    slider("time-from", "From", {
      min,
      max,
      value: from,
      wording: toDay,
      set: (value) => change({ from: value <= min ? null : toDay(value) }),
    }),
    slider("time-to", "To", {
      min,
      max,
      value: to,
      wording: toDay,
      set: (value) => change({ to: value >= max ? null : toDay(value) }),
    }),
    el(
      "div",
      { class: "actions" },
      button(playing?.name === "to" ? "Pause" : "Play", () => play(), { id: "play" }),
      playing?.name === "to" ? button("Stop", thenFocus("play", stopRun), { id: "stop" }) : null,
    ),
    tick("undated", "include undated", state.undated, (undated) => change({ undated })),
  );
}
