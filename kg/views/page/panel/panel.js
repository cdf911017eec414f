// The evidence: who says it, where it is printed, in which words, and who says otherwise.

import { byId } from "../draw/dom.js";
import { state } from "../model/state.js";
import { model } from "../rules/rows.js";
import { aboutPanel } from "./about.js";
import { linkPanel } from "./link.js";
import { nodePanel } from "./node.js";

export function showPanel() {
  const { node, link } = state.selected ?? {};
  const content =
    node !== undefined
      ? nodePanel(model.nodes[node])
      : link !== undefined
        ? linkPanel(model.links[link])
        : aboutPanel();
  const panel = byId("panel");
  const subject = JSON.stringify(state.selected);
  const same = panel.dataset.subject === subject;
  const { scrollTop } = panel;
  const focus = focusIn(panel);
  panel.replaceChildren(...content.flat(9).filter(Boolean));
  panel.dataset.subject = subject;
  panel.scrollTop = same ? scrollTop : 0;
  if (focus) focusAgain(panel, same ? focus : {});
  document.body.classList.toggle("chosen", Boolean(state.selected));
}

const controlsIn = (panel) => [...panel.querySelectorAll("button, a[href], summary, h2[tabindex]")];

/** Where in the panel the keyboard is: what is written there, which of that name, and which of all. */
function focusIn(panel) {
  const controls = controlsIn(panel);
  const at = controls.indexOf(document.activeElement);
  if (at < 0) return null;
  const text = controls[at].textContent;
  const place = controls.filter((one) => one.textContent === text).indexOf(controls[at]);
  return { text, place, at, count: controls.length };
}

/** The keyboard on the same control, however its word has changed, else on the heading. */
/** @param {any} where */
function focusAgain(panel, where) {
  const { text, place, at, count } = where;
  const controls = controlsIn(panel);
  const named = controls.filter((one) => one.textContent === text);
  const again = named[place] ?? (controls.length === count ? controls[at] : null);
  const head = panel.querySelector("h2");
  if (!again) head.tabIndex = -1;
  (again ?? head).focus({ preventScroll: Boolean(again) });
}
