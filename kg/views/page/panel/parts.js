// What several panels are made of.

import { reveal } from "../draw/canvas.js";
import { button, el } from "../draw/dom.js";
import { select } from "../model/state.js";
import { bySupport } from "../model/told.js";
import { counted } from "../model/visible.js";
import { nameOf } from "../rules/rows.js";
import { many, words } from "../rules/words.js";

export const heading = (text, more) => el("h3", {}, text, more ? el("small", {}, ` ${more}`) : null);

export const chooser = (text, selected) =>
  button(
    text,
    () => {
      select(selected);
      if (selected.node !== undefined) reveal(selected.node);
    },
    { class: "plain" },
  );

export function actions(list) {
  return el(
    "div",
    { class: "actions" },
    list.map(([text, act]) => button(text, act)),
  );
}

export const valueText = (value) =>
  typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 6 }) : String(value);

export function sideBySide(links) {
  return el(
    "div",
    { class: "side" },
    bySupport(links).map((link) => {
      const { who, hedged, disputed } = counted.counts.get(link.index);
      return el(
        "div",
        { class: "column" },
        el("h4", {}, chooser(nameOf(link.to), { link: link.index })),
        el(
          "ul",
          {},
          who.map((by) => el("li", {}, nameOf(by))),
        ),
        hedged ? el("span", { class: "chip" }, "hedged") : null,
        disputed ? el("span", { class: "chip bad" }, "disputed") : null,
      );
    }),
  );
}

export function countChips(link) {
  const count = counted.counts.get(link.index);
  if (!count) return null;
  const chips = [
    el("span", { class: "chip" }, many(count.asserters, "independent asserter")),
    count.unknown ? el("span", { class: "chip" }, many(count.unknown, "unknown asserter")) : null,
    el("span", { class: "chip" }, many(count.support, "statement")),
    count.hedged ? el("span", { class: "chip" }, "hedged") : null,
    count.disputed ? el("span", { class: "chip bad" }, "disputed") : null,
    count.status !== "asserted" ? el("span", { class: "chip bad" }, words(count.status)) : null,
  ];
  return el("p", { class: "chips" }, chips);
}

export const hedgeChip = (claim) =>
  claim.hedge
    ? el("span", { class: "chip hedge", title: "the source's own qualifying words" }, `“${claim.hedge}”`)
    : null;

export const togglePart = (name) => document.body.classList.toggle(`${name}-open`);
