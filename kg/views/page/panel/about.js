// The panel while nothing is chosen.

import { el } from "../draw/dom.js";
import { reporterNames } from "../draw/reporters.js";
import { symbol } from "../draw/shapes.js";
import { viewCypher } from "../model/cypher.js";
import { bySupport, hedgesOf, saidBy } from "../model/told.js";
import { counted, shown } from "../model/visible.js";
import { model, nameOf } from "../rules/rows.js";
import { many, push } from "../rules/words.js";
import { copyCypher } from "../tools/copy.js";
import { actions, chooser, heading } from "./parts.js";

export function aboutPanel() {
  const intro = [
    el("h2", { class: "label" }, "About this picture"),
    el("p", { class: "lead" }, model.about.about),
    el(
      "p",
      { class: "dim" },
      `${many(counted.here.size, "node")}, ${many(counted.links.size, "relation")}, ${many(counted.claims.length, "claim")}.`,
      shown.nodes.size < counted.here.size || shown.links.size < counted.links.size
        ? ` Of which ${many(shown.nodes.size, "node")} and ${many(shown.links.size, "relation")} shown.`
        : null,
    ),
  ];
  return [
    el("div", { class: "intro" }, intro),
    reporterList(),
    attributionList(),
    weightyList(),
    actions([["Copy Cypher of this view", () => copyCypher(viewCypher())]]),
  ];
}

/** Whose the raised numbers are behind the names of events. */
function reporterList() {
  const names = reporterNames();
  return names.length ? [heading("Who reports it"), el("p", { id: "reporters", class: "dim" }, names.map((name) => [el("bdi", { class: "reporter" }, name), " "]))] : [];
}

/** Who is said to be behind what, at a glance; each line opens its evidence. */
function attributionList() {
  const links = model.links.filter(
    (link) =>
      link.kind === "ATTRIBUTED_TO" && shown.links.has(link.index) && counted.counts.has(link.index),
  );
  if (!links.length) return [];
  const groups = new Map();
  const event = (link) => ["Incident", "Campaign"].includes(model.nodes[link.from].kind);
  const first = bySupport(links);
  for (const link of [...first.filter(event), ...first.filter((one) => !event(one))])
    push(groups, link.from, link);
  const most = 40;
  return [
    heading("Who says who did it"),
    el(
      "ul",
      { class: "list" },
      [...groups].slice(0, most).map(([incident, some]) =>
        el(
          "li",
          {},
          el("strong", {}, nameOf(incident)),
          some.length > 5 ? el("span", { class: "dim" }, ` (5 of ${some.length})`) : null,
          some
            .slice(0, 5)
            .map((link) =>
              el(
                "div",
                {},
                chooser(nameOf(link.to), { link: link.index }),
                el("span", { class: "dim" }, `, ${[hedgesOf(link), saidBy(link)].filter(Boolean).join(", ")}`),
              ),
            ),
        ),
      ),
    ),
    groups.size > most ? el("p", { class: "dim" }, `and ${groups.size - most} more in the table`) : null,
  ];
}

function weightyList() {
  const nodes = [...shown.nodes]
    .map((index) => model.nodes[index])
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 10);
  if (!nodes.length) return [];
  return [
    heading("Most said about"),
    el(
      "ul",
      { class: "list tight" },
      nodes.map((node) => el("li", {}, symbol(node.kind), chooser(node.name, { node: node.index }))),
    ),
  ];
}
