// A node: who says what of it.

import { river } from "./charts.js";
import { button, el, linkOut } from "../draw/dom.js";
import { symbol } from "../draw/shapes.js";
import { nodeCypher } from "../model/cypher.js";
import { change, select, state } from "../model/state.js";
import { bySupport, claimsSeen, liveClaims, saidBy } from "../model/told.js";
import { counted, idsNow, linkPasses, shown } from "../model/visible.js";
import { becameOf, model, nameOf, other } from "../rules/rows.js";
import { TYPE_RULES } from "../rules/types.js";
import { kindWords, many, push, words } from "../rules/words.js";
import { copyCypher } from "../tools/copy.js";
import { hideSelected, pinSelected } from "../tools/keep.js";
import { neighbourhood, startPath } from "../tools/walk.js";
import { claimGroups } from "./claims.js";
import { more } from "./more.js";
import { actions, chooser, countChips, heading, hedgeChip, sideBySide, valueText } from "./parts.js";

export function nodePanel(node) {
  const links = model.linksAt[node.index].filter(linkPasses);
  const title = [
    el("p", { class: "kicker" }, symbol(node.kind), kindWords(node.kind), roles(node)),
    el("h2", {}, node.name),
  ];
  if (!counted.here.has(node.index))
    return [...title, el("p", { class: "note" }, "Not part of the picture under the present lens.")];
  return [
    ...title,
    alsoKnown(node),
    facts(node, false),
    actions([
      ...more.actions.map(([text, act]) => /** @type {[string, () => any]} */ ([text, () => act(node)])),
      ["Neighbourhood", neighbourhood],
      ["Path from here", startPath],
      ["Hide", hideSelected],
      [state.pinned.includes(node.index) ? "Unpin" : "Pin", pinSelected],
      ["Copy Cypher", () => copyCypher(nodeCypher(node))],
    ]),
    competing(node),
    relationList(node, links),
    valueClaims(node),
    facts(node, true),
    madeBy(node),
  ];
}

const roles = (node) => (node.properties?.roles?.length ? ` · ${node.properties.roles.join(", ")}` : "");

function alsoKnown(node) {
  const { names } = counted.facts[node.index];
  return [
    names.length
      ? el(
          "div",
          { class: "dim" },
          "Also known as",
          namesList(names.slice(0, NAMES)),
          names.length > NAMES
            ? el("details", {}, el("summary", {}, `and ${names.length - NAMES} more`), namesList(names.slice(NAMES)))
            : null,
        )
      : null,
    mergedFrom(node),
    joinedLater(node),
  ];
}

const NAMES = 12; // more stand folded: what is said of it is not to be pushed off the screen

const namesList = (names) =>
  el("ul", { class: "names" }, names.map((name) => el("li", {}, el("bdi", {}, name))));

/** What became one here, in a sentence: records as their sources call them, else ids. */
function mergedFrom(node) {
  const ids = idsNow(node);
  if (!ids.length) return null;
  const records = [counted.facts[node.index].properties.record ?? []].flat();
  const of = records.length > 1 ? records.map(recordWords) : [node.id, ...ids];
  const list = of.map((one, at) => [at ? (at === of.length - 1 ? " and " : ", ") : "", el("bdi", {}, one)]);
  return el("p", { class: "dim" }, `${of.length} records of different lists are one here: `, list, ".");
}

/** That it is one with another only since a later day, or by what was recorded later. */
function joinedLater(node) {
  const became = becameOf(node, state);
  if (!became) return null;
  const text = became.whole === node.index ? "Others were joined to it" : "It became one with ";
  const whole = became.whole === node.index ? null : el("bdi", {}, model.entities[became.whole].today);
  const word = became.day ? `a word of ${became.day}` : `a word recorded on ${became.recorded}`;
  return el("p", { class: "note" }, text, whole, ` by ${word}, later than the day asked.`);
}

const recordWords = (record) => {
  const [, source, key] = /^([^:]+):(.*)$/.exec(record) ?? [null, "", record];
  return source ? `${key} (${source})` : key;
};

const TOLD_ELSEWHERE = new Set(["roles", "conflicts", "record"]);

/** Properties in short, or those that take several lines, most of them keys and addresses for machines. */
function facts(node, long) {
  const { properties } = counted.facts[node.index];
  const rows = Object.entries(properties)
    .filter(([name, value]) => isLong(value) === long && !TOLD_ELSEWHERE.has(name) && !isBeside(name, properties))
    .sort(([one], [another]) => (one < another ? -1 : 1));
  return rows.length
    ? el(
        "dl",
        {},
        rows.map(([name, value]) => [
          el("dt", {}, words(name)),
          el(
            "dd",
            {},
            [value]
              .flat()
              .map((one, index) => [index ? ", " : "", linkOut(saidOf(node, name, one), String(one))]),
            properties.conflicts?.includes(name)
              ? el("span", { class: "chip warn" }, "sources disagree")
              : null,
          ),
        ]),
      )
    : null;
}

const isLong = (value) => [value].flat().join(", ").length > 80;

const BESIDE = ["bound", "unit", "hedge"];

/** Whether a property only says how another is meant. */
const isBeside = (name, properties) =>
  BESIDE.some((end) => name.endsWith(`_${end}`) && name.slice(0, -end.length - 1) in properties);

/** A property's value with its hedge, bound and unit. */
function saidOf(node, name, value) {
  const { properties } = counted.facts[node.index];
  const { caption } = TYPE_RULES[model.kinds[node.kind].properties[name]?.type] ?? {};
  const [bound, unit, hedge] = BESIDE.map((end) => properties[`${name}_${end}`]);
  const text = caption ? caption({ value: String(value), bound, unit }) : valueText(value);
  return hedge ? `${hedge} ${text}` : text;
}

/** Attributions that compete: the same incident, different actors; first side by side, then in full. */
function competing(node) {
  const links = model.linksAt[node.index].filter(
    (link) => link.kind === "ATTRIBUTED_TO" && link.from === node.index && counted.counts.has(link.index),
  );
  if (!links.length) return [];
  return [
    heading("Who says who did it", ofWhichShown(links)),
    links.length > 1 ? sideBySide(links) : null,
    river(bySupport(links)),
    bySupport(links).map((link) => [
      el("h4", { class: "actor" }, "← ", chooser(nameOf(link.to), { link: link.index })),
      countChips(link),
      claimGroups(claimsSeen(link)),
    ]),
  ];
}

/** Evidence is listed whole; how much of it the filters let into the picture stands beside it. */
function ofWhichShown(links) {
  const count = links.filter((link) => shown.links.has(link.index)).length;
  return count < links.length ? `${links.length}, of which ${count} shown` : null;
}

function valueClaims(node) {
  const claims = (model.valuesOf.get(node.index) ?? []).filter((claim) => counted.present.has(claim.index));
  const groups = new Map();
  for (const claim of claims) push(groups, claim.predicate, claim);
  return [...groups].map(([predicate, some]) =>
    el(
      "details",
      { class: "fold", open: some.length <= 4 },
      el("summary", {}, heading(words(predicate), String(some.length))),
      claimGroups(some),
    ),
  );
}

const MOST_LISTED = 30;

function relationList(node, links) {
  const rest = links.filter((link) => !(link.kind === "ATTRIBUTED_TO" && link.from === node.index));
  const groups = new Map();
  for (const link of rest)
    push(groups, link.from === node.index ? `${words(link.kind)} →` : `← ${words(link.kind)}`, link);
  return [...groups].map(([title, some]) =>
    el(
      "details",
      { class: "fold", open: true },
      el("summary", {}, heading(title, String(some.length))),
      el(
        "ul",
        { class: "list" },
        some.slice(0, MOST_LISTED).map((link) => relationRow(link, node)),
      ),
      some.length > MOST_LISTED
        ? el("p", { class: "dim" }, `and ${some.length - MOST_LISTED} more in the table`)
        : null,
    ),
  );
}

function relationRow(link, node) {
  return el(
    "li",
    {},
    chooser(nameOf(other(link, node.index)), { node: other(link, node.index) }),
    " ",
    button(counted.counts.has(link.index) ? saidBy(link) : "declared", () => select({ link: link.index }), {
      class: "plain dim",
    }),
    liveClaims(link)
      .filter((claim) => claim.hedge)
      .slice(0, 3)
      .map(hedgeChip),
  );
}

/** What this asserter or document says, for whoever wants the world as it sees it. */
function madeBy(node) {
  const count = model.asserters.get(node.index);
  return count
    ? actions([[`Only what ${node.name} says (${many(count, "claim")})`, () => change({ by: node.index })]])
    : null;
}
