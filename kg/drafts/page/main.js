/** Review of a claim file beside its document: accept, edit, reject, add; save as a claim file. */
import { data, sentenceAt, sentences, trimmed } from "./text.js";
import { change, count, decide, decideAll, drafted, go, isSure, matesOf, onChange, redo, refresh, reviewed, state, text, ui, undo } from "./state.js";
import { written } from "./file.js";
import { dirty, keep, resume } from "./keep.js";
import { closeForm, openNew, openRow } from "./form.js";
import { byId } from "./parts.js";
import { draw, moveCursor, pointAt } from "./view.js";


// Choosing words

/** The words that are selected in the document, as a span. */
function selected() {
  const chosen = window.getSelection();
  if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return null;
  const range = chosen.getRangeAt(0);
  if (!byId("text").contains(range.commonAncestorContainer)) return null;
  const start = pointAt(range.startContainer, range.startOffset), end = pointAt(range.endContainer, range.endOffset);
  const span = start === null || end === null ? null : trimmed([start, end]);
  return span && span[0] < span[1] ? span : null;
}

byId("text").addEventListener("mouseup", (event) => {
  const span = selected();
  if (span) ui.cursor = span;
  else {
    const at = event.target.closest("[data-start]");
    if (!at) return;
    const caret = window.getSelection();
    const point = caret?.anchorNode ? pointAt(caret.anchorNode, caret.anchorOffset) : Number(at.dataset.start);
    const index = state.rows.findIndex((row) => row.state !== "rejected" && row.fields.span && row.fields.span[0] <= point && point < row.fields.span[1]);
    if (index >= 0) ui.chosen = index;
    ui.cursor = sentences[sentenceAt(point ?? Number(at.dataset.start))];
  }
  if (ui.form) { ui.form.span = ui.cursor; }
  ui.selecting = true;
  draw(ui.form ? "all" : "text");
  ui.selecting = false;
});

byId("text").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault(); event.stopPropagation();
    if (event.shiftKey && ui.cursor) extend(step); else moveCursor(step);
    draw("text");
    byId("heard").textContent = byId("text").querySelector(".here")?.textContent || "";
  } else if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); add(); }
});

/** One sentence more, or one less, of the same paragraph. */
function extend(step) {
  const last = sentenceAt(ui.cursor[1] - 1) + step;
  if (sentences[last] && sentences[last][1] > ui.cursor[0]) ui.cursor = trimmed([ui.cursor[0], sentences[last][1]]);
}

function add() {
  const span = selected() || ui.cursor || (state.rows[ui.chosen] || { fields: {} }).fields.span || sentences[0];
  openNew(span);
}

// Keys

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if ((event.ctrlKey || event.metaKey) && !typing && event.key.toLowerCase() === "z") { event.preventDefault(); if (event.shiftKey) redo(); else undo(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
  if (ui.form && event.key !== "Escape" && !byId("text").contains(event.target)) return; // no letter meant for a field decides
  const at = ui.chosen, some = state.rows.length > 0;
  const keys = {
    ...(some ? {
      j: () => go(at + (ui.cursor ? 0 : 1)), k: () => go(at - 1), ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1),
      a: () => decide(at, "accepted"), A: acceptStatement, r: () => decide(at, "rejected"), e: () => openRow(at),
      u: () => change((now) => { now.rows[at].state = "open"; }),
    } : {}),
    n: add, z: undo, s: save, Escape: () => { if (ui.form) closeForm(); else { ui.cursor = null; ui.notice = null; draw(); } },
  };
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});

/** Accept what is open of all that the same voice says in the same words. */
function acceptStatement() {
  const row = state.rows[ui.chosen];
  const open = matesOf(row).filter((one) => one.state === "open").map((one) => state.rows.indexOf(one));
  if (open.length) decideAll(open, "accepted");
}

// Saving

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([written()], { type: "application/yaml" }));
  link.download = data.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  ui.saved = text();
  ui.saves++;
  keep();
  const open = count("open");
  const folder = location.protocol === "file:" ? decodeURIComponent(location.pathname).replace(/[^/]*$/, "") : "";
  const beside = `${folder}${data.file}`;
  const quoted = /^[\w./-]+$/.test(beside) ? beside : `'${beside.replaceAll("'", "'\\''")}'`;
  ui.notice = {
    text: `Saved ${data.file} into your browser's downloads: ${count("accepted")} claims accepted, ${count("rejected")} left out`
      + (open ? `, ${open} still open: it says reviewed: ${reviewed()}, and kg load warns.` : drafted ? "; it says reviewed: true." : ".")
      + (ui.form ? " The claim that is being written is not in it." : "")
      + (data.comments ? ` Comments between its lines (${data.comments}) are not in it.` : "")
      + ` Move it beside its text${folder ? `, over ${beside}` : ""}; then:`,
    lines: [`mv ${downloaded()} ${quoted}`, `kg check ${quoted}`, `kg load claims ${quoted}`],
  };
  draw();
  byId("notice").focus();
}

/** Where the download lies; of several a browser numbers the later ones, and the newest counts. */
function downloaded() {
  const stem = data.file.replace(/\.[^.]*$/, "");
  if (ui.saves < 2 || !/^[\w.-]+$/.test(stem)) return `~/Downloads/${data.file}`;
  return `"$(ls -t ~/Downloads/${stem}*.yaml | head -n 1)"`;
}

byId("save").addEventListener("click", save);
byId("undo").addEventListener("click", undo);
byId("add").addEventListener("click", add);
byId("add").addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
byId("accept-sure").addEventListener("click", () => change((now) => { now.rows.filter(isSure).forEach((row) => { row.state = "accepted"; }); }));
for (const tab of document.querySelectorAll("[data-pane]")) tab.addEventListener("click", () => { ui.pane = tab.dataset.pane; draw(); });
window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });

/** What became of spans whose document has changed since the file was made. */
function tellMoved() {
  const { moved, gone } = data.lost;
  const told = [...(moved.length ? [`${moved.length} of its statements stand elsewhere now, and their spans went along`] : []),
    ...(gone.length ? [`the words of ${gone.length} no longer stand in it: those claims are open`] : [])];
  if (told.length) ui.notice ||= { text: `The document has changed since this file was made: ${told.join("; ")}.` };
}

onChange((what) => { keep(); draw(what); });
resume();
tellMoved();
refresh();
document.body.dataset.drawn = "true";
