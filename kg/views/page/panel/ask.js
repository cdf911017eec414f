// Asking the server that the page came from: questions, views, lenses, neighbours.

import { byId, button, el } from "../draw/dom.js";
import { addressOf, go, served } from "../model/served.js";
import { state } from "../model/state.js";
import { say } from "../model/tell.js";
import { shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { openDialog } from "./dialog.js";

/** The buttons that only a served page has. */
export function startAsking() {
  if (!served()) return;
  byId("tools").prepend(
    button("Ask", showAsk, { id: "tool-ask", title: "Saved questions, views and lenses over the whole graph" }),
    button("Expand", expand, { id: "tool-expand", title: "All neighbours of the chosen node, from the whole graph" }),
  );
}

/** What is shown, and all neighbours of the chosen node, from the whole graph. */
function expand() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose a node first.");
  const ids = [...shown.nodes].map((index) => model.nodes[index].id);
  return go({ nodes: ids, expand: model.nodes[node].id });
}

function showAsk() {
  const { questions, views } = served();
  openDialog(
    "Ask the whole graph",
    el(
      "div",
      { class: "scroll ask", tabindex: "0", role: "region", "aria-label": "Questions and views" },
      lensFields(),
      el("h3", {}, "Views"),
      views.map(({ name, doc, parameters }) => asking(name, doc, parameters.map((one) => ({ name: one })), { view: name })),
      el("h3", {}, "Saved questions"),
      questions.map(({ name, title, parameters }) => asking(name, title, parameters, { question: name })),
    ),
  );
}

const SIDES = [
  ["as_of", "As of (said by that day)"],
  ["valid_on", "In force on"],
  ["known_on", "Recorded here by"],
  ["according_to", "According to (any name)"],
];

/** The lens for what is asked next: the server computes it, over everything. */
function lensFields() {
  return el(
    "fieldset",
    { class: "lens" },
    el("legend", {}, "Through which lens"),
    SIDES.map(([side, text]) => [
      el("label", { for: `lens-${side}` }, text),
      el("input", { id: `lens-${side}`, value: served().lens[side] ?? "" }),
    ]),
    button("Draw this page through it", () => go(here(), chosenLens()), { id: "lens-here" }),
  );
}

const chosenLens = () => Object.fromEntries(SIDES.map(([side]) => [side, byId(`lens-${side}`).value.trim()]));

/** What this page shows, without its lens. */
function here() {
  const asked = {};
  for (const [name, value] of new URLSearchParams(location.search))
    if (!SIDES.some(([side]) => side === name)) (asked[name] ??= []).push(value);
  return asked;
}

/** One thing to ask, with a field for each of its parameters. */
function asking(name, title, parameters, asked) {
  const id = (parameter) => `ask-${name}-${parameter}`;
  const given = () => Object.fromEntries(parameters.map((one) => [`p.${one.name}`, byId(id(one.name)).value.trim()]));
  return el(
    "div",
    { class: "asking" },
    el("p", {}, title),
    el(
      "div",
      { class: "actions" },
      parameters.map((one) => [
        el("label", { for: id(one.name), title: one.doc ?? "" }, one.name),
        el("input", { id: id(one.name), value: one.default ?? "" }),
      ]),
      button("Draw", () => go({ ...asked, ...given() }, chosenLens()), { id: `draw-${name}` }),
    ),
  );
}

/** Where a name that is not in this page leads. */
export const elsewhere = (id) => addressOf({ view: "neighbourhood", "p.node": id, "p.hops": "1" });
