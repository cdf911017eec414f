/** Work is kept in the browser, by the document's hash; where it keeps nothing, that is told once. */
import { data } from "./text.js";
import { startOver, state, takeOver, text, ui } from "./state.js";

const KEY = `kg-review:${data.text_sha256}:${data.file}`;

function stored(run) {
  try { return run(window.localStorage); } catch { return null; }
}

let warned = false, opened = "";

/** Keep what there is now, saved or not: this page stays as it was made, and is opened again. */
export function keep() {
  const now = text();
  if (now === opened) { stored((at) => at.removeItem(KEY)); return; }
  const saved = now === ui.saved;
  const kept = stored((at) => { at.setItem(KEY, JSON.stringify({ of: data.file_sha256, when: new Date().toISOString(), saved, state: now })); return true; });
  if (kept || warned) return;
  warned = true;
  ui.notice ||= { text: "This browser keeps nothing for this page (its storage is closed to files, or full): what you do not save is lost when you leave. Press s now and then." };
}

export function dirty() { return text() !== ui.saved || !!ui.form; }

/** Take up the work that was left here; of another state of the file only if somebody says so. */
export function resume() {
  opened = ui.saved = text();
  const found = stored((at) => JSON.parse(at.getItem(KEY) || "null"));
  if (!found || typeof found.state !== "string" || found.state === ui.saved) return;
  const when = String(found.when).slice(0, 16).replace("T", " ");
  const take = () => {
    takeOver(found.state);
    if (found.saved) { ui.saved = text(); ui.saves = 1; }
    const how = found.saved ? `Your work of ${when} UTC is here again: it is what you saved.` : `Your unsaved work of ${when} UTC is here again.`;
    ui.notice = { text: how, actions: [["Start over", startOver]] };
  };
  if (found.of === data.file_sha256 && Array.isArray(state.rows)) take();
  else if (found.saved) stored((at) => at.removeItem(KEY));
  else ui.notice = { text: `The file has changed since your unsaved work of ${when} UTC.`, actions: [["Take that work up", take]] };
}
