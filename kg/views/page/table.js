// The same rows as a table: for reading in order, for sorting, for the clipboard.

const COLUMNS = [
  ["From", (link) => nameOf(link.from)],
  ["Relation", (link) => words(link.kind)],
  ["To", (link) => nameOf(link.to)],
  ["When", whenSaid],
  ["Asserters", (link) => counted.counts.get(link.index)?.asserters ?? ""],
  ["Statements", (link) => counted.counts.get(link.index)?.support ?? ""],
  ["Who says so", (link) => (counted.counts.get(link.index)?.who ?? []).map(nameOf).join("; ")],
  ["Standing", (link) => standingText(link)],
  [
    "Documents",
    (link) =>
      [
        ...new Set(
          liveClaims(link)
            .map((claim) => claim.document)
            .filter((one) => one !== undefined),
        ),
      ]
        .map(nameOf)
        .join("; "),
  ],
];
const MOST_ROWS = 1000;

/** All of them: who says so is followed by what columns of claims are declared to stand in a table, where
    some claim has them. */
function columnsHere() {
  const told = model.about.columns.filter(
    ({ name, table }) => table && model.claims.some((claim) => claim[name] !== undefined),
  );
  const of = ({ name, label }) => [
    label[0].toUpperCase() + label.slice(1),
    (link) => once(liveClaims(link).map((claim) => (claim[name] === true ? "yes" : claim[name]))),
  ];
  const at = 1 + COLUMNS.findIndex(([name]) => name === "Who says so");
  return [...COLUMNS.slice(0, at), ...told.map(of), ...COLUMNS.slice(at)];
}

const timeText = (time) => (!time ? "" : time[0] === time[1] ? time[0] : `${time[0]} – ${time[1]}`);
const once = (texts) => [...new Set(texts.filter(Boolean))].join("; ");

/** When, in the words of whoever says so: `2018-09` names no day. */
function whenSaid(link) {
  const own = once(liveClaims(link).map((claim) => claim.valid)) || link.properties?.valid;
  if (own || ownTime(link)) return own || timeText(ownTime(link));
  return wordsOfTime(link.from) || wordsOfTime(link.to);
}

/** The time of a node as it was given. */
function wordsOfTime(index) {
  const { dates, properties, time } = counted.facts[index];
  const name = Object.keys(dates).find((one) => dates[one] === time);
  return properties[name] === undefined ? timeText(time) : [properties[name]].flat().join("; ");
}

const liveClaims = (link) =>
  claimsSeen(link).filter((claim) => !claim.negative && counted.live(claim.index));

function standingText(link) {
  const count = counted.counts.get(link.index);
  if (!count) return "declared";
  return count.status !== "asserted" ? count.status : count.disputed ? "disputed" : "asserted";
}

/** Visible relations as rows of cells, each with its link. */
const tableRows = (columns) =>
  [...shown.links].map((index) => ({
    link: model.links[index],
    cells: columns.map(([, cell]) => cell(model.links[index])),
  }));

let sortedBy = { column: 0, down: false };

function showTable() {
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

const compare = (one, another) =>
  typeof one === "number" && typeof another === "number"
    ? one - another
    : String(one).localeCompare(String(another));
const FORMULA = /^\s*[=+\-@＝＋－＠]/;
/** A cell for a spreadsheet: what it would take for a formula is made text (kg/base/shown.py has the same rule). */
function inert(cell) {
  const text = oneLine(cell);
  return FORMULA.test(text) ? `'${text}` : text;
}
const oneLine = (cell) => String(cell).replace(/\s+/g, " ");

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
  document.querySelector(`[data-column="${column}"]`).focus();
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
