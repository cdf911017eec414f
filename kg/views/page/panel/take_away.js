// What is visible, to take away.

import { button, byId, el } from "../draw/dom.js";
import { SIZES } from "../draw/sheet.js";
import { factLine } from "../model/provenance.js";
import { exportCsv, exportJson } from "../tools/export.js";
import { exportPng, exportSvg, wanted } from "../tools/picture_file.js";
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
    el("div", { class: "actions" }, sizeChoice(), scaleChoice()),
    el("p", { class: "dim" }, factLine()),
  );
}

const choice = (id, text, options, now, set) => [
  el("label", { for: id }, text),
  el(
    "select",
    { id, onchange: (event) => set(event.target.value) },
    options.map(([value, name]) => el("option", { value, selected: value === now }, name)),
  ),
];

const sizeChoice = () =>
  choice(
    "export-size",
    "Size of PNG and SVG",
    [["", "as the window shows it"], ...Object.entries(SIZES).map(([name, size]) => [name, `${name} (${size.join(" × ")})`])],
    wanted.size,
    (size) => {
      wanted.size = size;
    },
  );

const scaleChoice = () =>
  choice(
    "export-scale",
    "Pixels of a PNG",
    ["1", "2", "3", "4"].map((scale) => [scale, `${scale} ×`]),
    String(wanted.scale),
    (scale) => {
      wanted.scale = Number(scale);
    },
  );
