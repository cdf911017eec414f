// The buttons on top.

import { fit } from "../draw/canvas.js";
import { button, byId } from "../draw/dom.js";
import { back, undo } from "../model/state.js";
import { reset } from "../tools/reset.js";
import { neighbourhood, startPath } from "../tools/walk.js";
import { showHelp } from "./keys.js";
import { togglePart } from "./parts.js";
import { showTable } from "./table.js";
import { showExport } from "./take_away.js";
import { switchTheme } from "./theme.js";

export function showTools() {
  /** @type {[string, () => any, string][]} */
  const tools = [
    ["Fit", () => fit(), "f"],
    ["Neighbourhood", neighbourhood, "n"],
    ["Path", startPath, "p"],
    ["Undo", undo, "z"],
    ["Back", back, "b"],
    ["Reset", reset, "a"],
    ["Table", showTable, "t"],
    ["Export", showExport, "e"],
    ["Theme", switchTheme, "d"],
    ["Help", showHelp, "?"],
  ];
  byId("tools").append(
    button("Filters", () => togglePart("filters"), { id: "tool-filters", class: "narrow" }),
    foldable("filters", "Legend", "◧"),
    foldable("panel", "Evidence", "◨"),
    ...tools.map(([text, act, key]) =>
      button(text, act, {
        id: `tool-${text.toLowerCase()}`,
        title: `${text} (${key})`,
        "aria-keyshortcuts": key,
      }),
    ),
  );
}

/** A button that folds a part of the page away, and back: the picture takes its room. */
function foldable(part, text, sign) {
  const state = () => String(!document.body.classList.contains(`${part}-folded`));
  const made = button(
    sign,
    () => {
      document.body.classList.toggle(`${part}-folded`);
      made.setAttribute("aria-expanded", state());
      fit();
    },
    { id: `fold-${part}`, class: "wide", "aria-controls": part, "aria-expanded": "true", "aria-label": text, title: `${text}: fold away, or back` },
  );
  return made;
}
