// What is visible, to take away.

import { button, byId, el } from "../draw/dom.js";
import { factLine } from "../model/provenance.js";
import { exportCsv, exportJson, exportPng, exportSvg } from "../tools/export.js";
import { openDialog } from "./dialog.js";

export function showExport() {
  /** @type {[string, () => void][]} */
  const files = [
    ["PNG", exportPng],
    ["SVG", exportSvg],
    ["JSON", exportJson],
    ["CSV", exportCsv],
  ];
  openDialog(
    "Export what is visible",
    el(
      "div",
      { class: "actions" },
      files.map(([text, act]) => button(text, act, { id: `export-${text.toLowerCase()}` })),
      button("Print", () => {
        byId("dialog").close();
        print();
      }),
    ),
    el("p", { class: "dim" }, factLine()),
  );
}
