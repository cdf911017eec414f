// The graph behind the picture: search in all of it, expand a node, draw what a question answers,
// look through a lens. The server computes; what it answers takes the place of the page's data.

import { button, byId, el } from "../draw/dom.js";
import { replacePicture } from "../model/replace.js";
import { change } from "../model/state.js";
import { say } from "../model/tell.js";
import { more } from "../panel/more.js";
import { beyond, choose } from "../panel/search.js";
import { model } from "../rules/rows.js";
import { fold, isolated, many } from "../rules/words.js";
import { ask, unhurried } from "./ask.js";

export function startGraph() {
  more.actions.push(["Expand", (node) => expand(node.id)]);
  more.parts.push(["graph", "The whole graph", graphControls]);
  beyond.search = unhurried(searchAll);
  byId("search").placeholder = "Search the whole graph";
  window.addEventListener("popstate", () => {
    const asked = new URLSearchParams(location.search).get("picture") ?? "{}";
    if (asked !== JSON.stringify(model.wanted)) show(JSON.parse(asked), { kept: true });
  });
}

// --- another picture -------------------------------------------------------------------------------

let latest = 0; // of several pictures that were asked for, the last one is shown

/** Show the picture of a recipe (`Wanted` in kg/serve/pictures.py). `focus`: the id to select;
    `whole`: begin with nothing filtered; `kept`: the address names the picture already. */
async function show(wanted, { focus = null, whole = false, kept = false } = {}) {
  latest += 1;
  const mine = latest;
  say("Asking the graph …");
  const data = await ask("picture", wanted).catch((why) => say(why.message));
  if (!data || mine !== latest) return;
  if (!kept) {
    const text = new URLSearchParams({ picture: JSON.stringify(data.wanted) });
    history.pushState(null, "", `?${text}${whole ? "" : location.hash}`);
  }
  replacePicture(data);
  const index = model.number.get(focus ?? data.about.focus);
  if (index < model.nodes.length) choose(model.nodes[index]);
  say(`${many(model.nodes.length, "node")}, ${many(model.links.length, "relation")}.${toldOf(focus)}`);
}

/** How many of a node's neighbours are there, as the server says under its name. */
function toldOf(id) {
  const node = model.nodes[model.number.get(id)];
  return node?.note ? ` ${isolated(node.name)}: ${node.note}.` : "";
}

function expand(id) {
  change({ near: null, only: null });
  return show({ ...model.wanted, expanded: [...(model.wanted.expanded ?? []), id] }, { focus: id });
}

// --- searching everything --------------------------------------------------------------------------

/** What goes by a text in the whole graph and is not in the picture. */
async function searchAll(text, add) {
  const found = await ask("search", { text, lens: model.wanted.lens }).catch(() => null);
  if (!found) return; // nothing by that name, which the picture's own search has said
  const { entities } = found.data;
  const away = entities.filter(({ id }) => !(model.number.get(id) < model.nodes.length));
  add(
    text,
    away.map(({ id, kind, name, by }) => ({
      node: { kind, name },
      name: fold(by) === fold(name) ? name : by,
      take: () => expand(id),
    })),
    found.cut.entities ?? 0,
  );
}

// --- controls --------------------------------------------------------------------------------------

let controls = null; // made once: what is typed in them stays

function graphControls() {
  controls ??= el(
    "div",
    { class: "controls" },
    el("p", { class: "dim" }, "The field on top searches all of it; Expand, on a chosen node, adds its neighbours."),
    el(
      "div",
      { class: "actions" },
      model.offered.views.map(({ name, doc }) =>
        button(name[0].toUpperCase() + name.slice(1), () => begin({ view: name }), { title: doc, id: `view-${name}` }),
      ),
    ),
    questionControls(),
    lensOfServer(),
  );
  return controls;
}

/** Begin anew with a view or a question, under the same lens. */
const begin = (wanted) => show({ ...wanted, lens: model.wanted.lens }, { whole: true });

function questionControls() {
  const { questions } = model.offered;
  const fields = el("div", { class: "controls", id: "question-fields" });
  const means = el("p", { class: "dim" });
  const select = el(
    "select",
    { id: "question", onchange: () => offer() },
    questions.map(({ name, title }) => el("option", { value: name }, title)),
  );
  const chosen = () => questions.find(({ name }) => name === select.value);
  const offer = () => {
    fields.replaceChildren(...Object.entries(chosen().parameters).flatMap(parameterField));
    means.textContent = chosen().question;
  };
  const given = () =>
    Object.fromEntries([...fields.querySelectorAll("input")].filter((one) => one.value).map((one) => [one.name, one.value]));
  offer();
  return [
    el("label", { for: "question" }, "Draw what a question answers"),
    select,
    means,
    fields,
    button("Ask", () => begin({ question: select.value, given: given() }), { id: "ask" }),
  ];
}

const parameterField = ([name, { default: usual, doc }]) => [
  el("label", { for: `given-${name}` }, name.replaceAll("_", " ")),
  el("input", { id: `given-${name}`, name, value: String(usual ?? ""), title: doc, autocomplete: "off" }),
];

const SIDES = [
  ["as_of", "As of (said by that day)"],
  ["valid_on", "Valid on (said to hold on that day)"],
  ["known_on", "Known on (recorded here by that day)"],
  ["according_to", "According to (id or name)"],
];

/** The lens that the server computes: the picture is drawn anew from the claims that count. */
function lensOfServer() {
  const inputs = SIDES.map(([side, label]) => {
    const closed = model.offered.closed.includes(side);
    const input = el("input", {
      id: `server-${side}`,
      name: side,
      value: model.wanted.lens?.[side] ?? "",
      placeholder: closed ? "set by who started the server" : side === "according_to" ? "everybody" : "YYYY-MM-DD",
      disabled: closed,
      autocomplete: "off",
    });
    return [el("label", { for: `server-${side}` }, label), input];
  });
  const lens = () =>
    Object.fromEntries(inputs.filter(([, input]) => input.value.trim()).map(([, input]) => [input.name, input.value.trim()]));
  return el(
    "details",
    { class: "fold" },
    el("summary", {}, el("h3", {}, "A lens over the whole graph")),
    el("div", { class: "controls" }, inputs, button("Look through it", () => show({ ...model.wanted, lens: lens() }), { id: "server-lens" })),
  );
}
