// A relation: who says so, and who says otherwise.

import { overTime } from "./charts.js";
import { el } from "../draw/dom.js";
import { linkCypher } from "../model/cypher.js";
import { claimsSeen } from "../model/told.js";
import { counted } from "../model/visible.js";
import { model, nameOf } from "../rules/rows.js";
import { words } from "../rules/words.js";
import { copyCypher } from "../tools/copy.js";
import { claimGroups } from "./claims.js";
import { actions, chooser, countChips, heading, sideBySide, valueText } from "./parts.js";

export function linkPanel(link) {
  const count = counted.counts.get(link.index);
  return [
    el("p", { class: "kicker" }, "Relation"),
    el(
      "h2",
      {},
      chooser(nameOf(link.from), { node: link.from }),
      ` ${words(link.kind)} `,
      chooser(nameOf(link.to), { node: link.to }),
    ),
    count
      ? countChips(link)
      : el(
          "p",
          { class: "dim" },
          link.declared
            ? "Declared with the entities: structure, not somebody's claim."
            : "Nobody says this under the present lens.",
        ),
    overTime(link),
    link.mark ? el("p", { class: "note" }, `What became of it: ${link.mark}.`) : null,
    qualifiers(link),
    actions([["Copy Cypher", () => copyCypher(linkCypher(link))]]),
    together(link),
    el("h3", {}, "Who says so"),
    claimGroups(claimsSeen(link)),
    rivals(link),
  ];
}

function qualifiers(link) {
  const rows = Object.entries({ ...link.properties, ...counted.counts.get(link.index)?.properties });
  return rows.length
    ? el(
        "dl",
        {},
        rows.map(([name, value]) => [
          el("dt", {}, words(name)),
          el("dd", {}, [value].flat().map(valueText).join(", ")),
        ]),
      )
    : null;
}

function together(link) {
  const bundle = counted.bundles.find((one) => one.links.includes(link.index));
  if (!bundle) return null;
  const rest = bundle.links.filter((index) => index !== link.index);
  return el(
    "p",
    { class: "note" },
    "Blamed together, not each on its own, with ",
    rest.map((index, place) => [
      place ? ", " : "",
      chooser(nameOf(model.links[index].to), { link: index }),
    ]),
    ".",
  );
}

function rivals(link) {
  if (link.kind !== "ATTRIBUTED_TO") return [];
  const every = model.linksAt[link.from].filter(
    (one) => one.kind === link.kind && one.from === link.from && counted.counts.has(one.index),
  );
  const own = every.filter((one) => one === link); // there may be none under the lens
  const rest = every.filter((one) => one !== link);
  return rest.length ? [heading("Attributions of this, side by side"), sideBySide([...own, ...rest])] : [];
}
