// What the reader should know about what is not shown.

import { isQuiet } from "../draw/scene.js";
import { fit } from "../draw/canvas.js";
import { button, byId, el, withNames } from "../draw/dom.js";
import { change, liftLens, notOffered, state, underLens } from "../model/state.js";
import { counted, shown } from "../model/visible.js";
import { becameOf, model, named } from "../rules/rows.js";
import { many } from "../rules/words.js";
import { reset } from "../tools/reset.js";

/** What the reader should know about what is not shown. */
export function showNotice() {
  const notice = byId("notice");
  const parts = [];
  if (notice.dataset.said) parts.push(el("span", {}, withNames(notice.dataset.said)));
  for (const text of notOffered) parts.push(el("span", {}, withNames(text)));
  if (shown.nodes.size < counted.here.size) {
    parts.push(
      el(
        "span",
        {},
        `${shown.nodes.size.toLocaleString("en")} of ${counted.here.size.toLocaleString("en")} nodes shown.`,
      ),
    );
    if (model.nodes.some((node) => node.later) && !state.all)
      parts.push(
        button(
          "Show all",
          () => {
            change({ all: true, only: null, near: null });
            fit();
          },
          { id: "show-all" },
        ),
      );
    if (state.only || state.near)
      parts.push(
        button(
          "Back to the whole",
          () => {
            change({ only: null, near: null });
            fit();
          },
          { id: "whole" },
        ),
      );
  }
  if (isQuiet())
    parts.push(
      el("span", { class: "wide" }, "Lines are drawn for what is pointed at or chosen."),
      button("Draw all lines", () => change({ lines: true }), { id: "all-lines" }),
    );
  if (underLens())
    parts.push(
      el("strong", {}, [
        state.by === null ? null : withNames(`According to ${named(state.by)}.`),
        state.asOf ? ` As of ${state.asOf}.` : null,
        state.validOn ? ` In force on ${state.validOn}.` : null,
        state.knownOn ? ` Recorded by ${state.knownOn}.` : null,
      ]),
    );
  const isApart = (node) => node.stood && becameOf(node, state);
  const apart = model.became.length ? [...shown.nodes].filter((index) => isApart(model.nodes[index])).length : 0;
  if (apart)
    parts.push(el("span", {}, `${many(apart, "node")} stand${apart === 1 ? "s" : ""} apart that became part of another later.`));
  notice.replaceChildren(...parts);
  notice.hidden = !parts.length;
  showEmpty();
}

/** An empty canvas says why it is empty, and how to come back. */
function showEmpty() {
  const left = counted.here.size;
  byId("empty").hidden = shown.nodes.size > 0;
  byId("empty").replaceChildren(
    el("p", {}, left ? "Nothing passes the filters." : "Under this lens nothing is left of the picture."),
    left
      ? button("Lift all filters", () => reset(), { id: "lift" })
      : button("Everybody, at any time", liftLens, { id: "unlens" }),
  );
}

/** Said aloud by screen readers, and shown for a while to everyone else. */
export function saying(text) {
  byId("live").replaceChildren(...withNames(text));
  const notice = byId("notice");
  notice.dataset.said = text;
  showNotice();
  clearTimeout(spoken);
  spoken = setTimeout(() => {
    delete notice.dataset.said;
    showNotice();
  }, 6000);
}

let spoken = 0;
