// Whose view, and when.

import { button, byId, el } from "../draw/dom.js";
import { play, playing, stopRun } from "../model/run.js";
import { change, liftLens, state, underLens } from "../model/state.js";
import { say } from "../model/tell.js";
import { day } from "../rules/days.js";
import { model, nameOf } from "../rules/rows.js";
import { daysOfWords } from "../rules/through.js";
import { plain } from "../rules/words.js";
import { slider } from "./controls.js";

export function lensControls() {
  const asserters = [...model.asserters].sort(
    (one, another) => another[1] - one[1] || nameOf(one[0]).localeCompare(nameOf(another[0])),
  );
  const days = [...new Set(model.claims.map((claim) => claim.to))].filter(Boolean).sort();
  return el(
    "div",
    { class: "controls" },
    el("label", { for: "by" }, "According to"),
    el(
      "select",
      {
        id: "by",
        onchange: (event) => change({ by: event.target.value === "" ? null : Number(event.target.value) }),
      },
      el("option", { value: "" }, "everybody"),
      asserters.map(([index, count]) =>
        el("option", { value: index, selected: state.by === index }, `${plain(nameOf(index))} (${count})`),
      ),
    ),
    el("label", { for: "as-of" }, "As of (said by that day)"),
    dayField("as-of", "asOf", days[0], days.at(-1)),
    days.length > 1 ? saidSlider() : null,
    el("label", { for: "valid-on" }, "In force on"),
    dayField("valid-on", "validOn"),
    recordedControls(),
    underLens()
      ? button(
          "Lift the lens",
          thenFocus("by", liftLens),
          { id: "no-lens" },
        )
      : null,
    givenLens(),
  );
}

/** The same day on a line of all days on which something was said, withdrawn or joined, and a play of it. */
function saidSlider() {
  const days = daysOfWords(model.claims);
  const at = state.asOf === null ? days.length : days.filter((one) => one <= state.asOf).length - 1;
  const wording = (value) => days[value] ?? "today";
  const run = playing?.name === "asOf";
  return [
    slider("said-by", "Said by", {
      min: 0,
      max: days.length,
      value: Math.max(0, at),
      wording: (value) => wording(Number(value)),
      set: (value) => change({ asOf: days[value] ?? null }),
    }),
    el(
      "div",
      { class: "actions" },
      button(run ? "Pause" : "Play what was said", () => play("asOf"), { id: "play-said" }),
      run ? button("Stop", thenFocus("play-said", stopRun), { id: "stop-said" }) : null,
    ),
  ];
}

/** When it was recorded here: a field where that was on several days, else a sentence. */
function recordedControls() {
  const [first, last] = model.about.recorded;
  if (!first) return null;
  if (first === last) return el("p", { class: "note" }, `All of this was recorded on ${first}.`);
  return [el("label", { for: "known-on" }, "Known on (recorded here by that day)"), dayField("known-on", "knownOn", first, last)];
}

/** A day that is typed counts when it is whole: on Enter, or when the field is left. */
function dayField(id, name, min = null, max = null) {
  const take = () => {
    delete input.dataset.typed;
    if (input.validity.badInput) {
      input.value = state[name] ?? "";
      return say("That is no whole day; nothing changed.");
    }
    return change({ [name]: day(input.value) });
  };
  const input = el("input", {
    id,
    type: "date",
    value: state[name] ?? "",
    min,
    max,
    onkeydown: (event) => {
      if (event.key === "Enter") take();
      else if (event.key !== "Tab" && event.key !== "Escape") input.dataset.typed = "";
    },
    onpointerdown: () => delete input.dataset.typed,
    onchange: () => input.dataset.typed === undefined && take(),
    onblur: () => input.dataset.typed !== undefined && take(),
  });
  return input;
}

function givenLens() {
  const { as_of, according_to, valid_on, known_on } = model.about.lens;
  const parts = [
    as_of ? `as of ${as_of}` : null,
    valid_on ? `of what is in force on ${valid_on}` : null,
    known_on ? `of what was recorded by ${known_on}` : null,
    according_to ? `according to ${according_to}` : null,
  ].filter(Boolean);
  return parts.length
    ? el("p", { class: "note" }, `This file was made ${parts.join(", ")}; it holds nothing else.`)
    : null;
}

/** For a button that goes with what it does: where the keyboard goes on. */
export const thenFocus = (id, act) => () => {
  act();
  byId(id).focus({ preventScroll: true });
};
