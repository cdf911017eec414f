// Sliders and ticks.

import { el } from "../draw/dom.js";

export const part = (id, title, content, open) =>
  el(
    "details",
    { id: `part-${id}`, open },
    el("summary", {}, el("h2", { class: "label" }, title)),
    ...[content].flat(),
  );

/** A slider that says its value while it is moved and takes effect where it is left. */
export function slider(id, text, { min, max, value, wording, set }) {
  const now = el("output", { id: `${id}-now` }, wording(value));
  const input = el("input", {
    type: "range",
    id,
    min,
    max,
    step: 1,
    value,
    "aria-valuetext": wording(value),
    oninput: () => {
      now.textContent = wording(Number(input.value));
    },
    onchange: () => set(Number(input.value)),
  });
  return [el("label", { for: id }, `${text} `, now), input];
}

export const tick = (id, text, checked, set) =>
  el(
    "label",
    {},
    el("input", { type: "checkbox", id, checked, onchange: (event) => set(event.target.checked) }),
    text,
  );
