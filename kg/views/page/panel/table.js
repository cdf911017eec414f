// The same rows as a table: for reading in order, for sorting, for the clipboard.

import { button, byId, el } from "../draw/dom.js";
import { select } from "../model/state.js";
import { inert } from "../model/told.js";
import { copy } from "../tools/copy.js";
import { exportCsv } from "../tools/export.js";
import { MOST_ROWS, columnsHere, compare, tableRows } from "../tools/rows.js";
import { openDialog } from "./dialog.js";

let sortedBy = { column: 0, down: false };

export function showTable() {
  const columns = columnsHere();
  const rows = tableRows(columns);
  const { column, down } = sortedBy;
  rows.sort((one, another) => compare(one.cells[column], another.cells[column]) * (down ? -1 : 1));
  const text = () =>
    [columns.map(([name]) => name), ...rows.map((row) => row.cells)]
      .map((cells) => cells.map(inert).join("\t"))
      .join("\n");
  openDialog(
    `Relations shown (${rows.length})`,
    el(
      "div",
      { class: "actions" },
      button("Copy table", () => copy(text(), "Table"), { id: "copy-table" }),
      button("CSV", exportCsv),
      rows.length > MOST_ROWS
        ? el("span", { class: "dim" }, `First ${MOST_ROWS} rows; the copy and the CSV hold all.`)
        : null,
    ),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" },
      el("table", {}, tableHead(columns), el("tbody", {}, rows.slice(0, MOST_ROWS).map(tableRow))),
    ),
  );
}

function tableHead(columns) {
  return el(
    "thead",
    {},
    el(
      "tr",
      {},
      columns.map(([name], index) =>
        el(
          "th",
          {
            scope: "col",
            "aria-sort": sortedBy.column !== index ? "none" : sortedBy.down ? "descending" : "ascending",
          },
          button(name, () => sortTable(index), { class: "plain", "data-column": index }),
        ),
      ),
    ),
  );
}

function sortTable(column) {
  sortedBy = { column, down: sortedBy.column === column && !sortedBy.down };
  showTable();
  /** @type {HTMLElement} */ (document.querySelector(`[data-column="${column}"]`)).focus();
}

function tableRow({ link, cells }) {
  return el(
    "tr",
    {},
    cells.map((cell, index) =>
      el(
        "td",
        {},
        index === 1
          ? button(
              String(cell),
              () => {
                byId("dialog").close();
                select({ link: link.index });
              },
              { class: "plain" },
            )
          : String(cell),
      ),
    ),
  );
}
