// Claims, as cards.

import { el, linkOut, webAddress } from "../draw/dom.js";
import { counted } from "../model/visible.js";
import { ruleOf } from "../rules/facts.js";
import { model, nameOf } from "../rules/rows.js";
import { many, push, words } from "../rules/words.js";
import { chooser, hedgeChip } from "./parts.js";

/** Claims by where they come from: what repeats another claim stands under it. */
export function claimGroups(claims, brief = false) {
  const shownHere = new Set(claims.map((claim) => claim.index));
  const repeats = new Map();
  for (const claim of claims) {
    const [root] = counted.roots(claim);
    if (root !== claim.index) push(repeats, root, claim);
  }
  const origins = claims.filter((claim) => counted.roots(claim)[0] === claim.index);
  for (const root of repeats.keys()) if (!shownHere.has(root)) origins.push(model.claims[root]);
  origins.sort(
    (one, another) =>
      Number(Boolean(one.negative)) - Number(Boolean(another.negative)) ||
      (one.from ?? "9").localeCompare(another.from ?? "9"),
  );
  return el(
    "div",
    { class: "claims" },
    origins.map((claim) => claimCard(claim, repeats.get(claim.index) ?? [], brief)),
  );
}

const verbOf = (claim) =>
  !claim.negative ? " says" : counted.live(claim.index) && !counted.denies(claim) ? " takes back" : " denies";

function claimCard(claim, repeats, brief) {
  const standingNow = counted.standings.get(claim.index);
  return el(
    "article",
    {
      class: `claim${claim.negative ? " denial" : ""}${standingNow !== "asserted" ? " gone" : ""}`,
      "data-claim": claim.id,
    },
    el(
      "p",
      { class: "who" },
      asserterOf(claim),
      verbOf(claim),
      claimedValue(claim),
      hedgeChip(claim),
      standingNow !== "asserted" ? el("span", { class: "chip bad" }, words(standingNow)) : null,
    ),
    ownWords(claim),
    brief ? null : wordsOf(claim),
    sourceLine(claim),
    claim.derivation === "read"
      ? el("p", { class: "dim" }, "That it goes back to another claim is our reading; its document does not say so.")
      : null,
    disputeLine(claim),
    repeats.length
      ? el(
          "div",
          { class: "repeats" },
          el("p", { class: "dim" }, `Repeated, not confirmed, by ${many(repeats.length, "claim")}:`),
          repeats.map((one) => claimCard(one, [], true)),
        )
      : null,
  );
}

/** What the source prints, word for word, and what we make of it: told apart, for only one can be cited. */
function wordsOf(claim) {
  const label = (text) => el("p", { class: "kind-of-words" }, text);
  return [
    claim.quote ? [label("Word for word"), el("blockquote", {}, claim.quote)] : null,
    claim.summary ? [label("In our words"), el("p", { class: "paraphrase" }, claim.summary)] : null,
  ];
}

function asserterOf(claim) {
  if (claim.asserter === undefined) return el("em", {}, "Unknown asserter");
  const inside = claim.asserter < model.nodes.length;
  return inside
    ? chooser(nameOf(claim.asserter), { node: claim.asserter })
    : el("strong", {}, nameOf(claim.asserter));
}

function claimedValue(claim) {
  if (claim.object !== undefined) return null;
  const kind = model.nodes[claim.subject]?.kind;
  const policy = model.kinds[kind]?.properties[claim.predicate];
  return el("strong", {}, ` ${ruleOf(policy).caption(claim)}`);
}

/** The statement with the names that its source used, and what these became here. */
function ownWords(claim) {
  if (claim.subject_name === undefined && claim.object_name === undefined) return null;
  const end = (own, entity) => [
    own ?? nameOf(entity),
    own === undefined ? "" : el("span", { class: "dim" }, ` (here: ${nameOf(entity)})`),
  ];
  return el(
    "p",
    { class: "own" },
    "In its words: ",
    end(claim.subject_name, claim.subject),
    ` ${words(claim.predicate)} `,
    claim.object === undefined ? claim.value : end(claim.object_name, claim.object),
  );
}

/** Document (linked), who published it, where in it, when said. */
function sourceLine(claim) {
  const parts = [];
  if (claim.document !== undefined) {
    const printed = model.entities[claim.document];
    const known = counted.facts[claim.document]?.properties ?? printed.properties ?? {};
    parts.push(el("cite", {}, linkOut(printed.name, known.url)));
    if (known.publisher) parts.push(String(known.publisher));
    const archived = webAddress(known.archived_url);
    if (archived) parts.push(linkOut("archived copy", archived));
  }
  if (claim.locator ?? claim.paragraph) parts.push(claim.locator ?? `paragraph ${claim.paragraph}`);
  if (claim.asserted)
    parts.push(
      `said ${claim.asserted}${claim.asserted_basis && claim.asserted_basis !== "stated" ? ` (date: ${claim.asserted_basis})` : ""}`,
    );
  if (claim.valid && claim.predicate !== "occurred") parts.push(`true ${claim.valid}`);
  if (claim.known) parts.push(`recorded here ${claim.known}`);
  const rated = ratings(claim);
  parts.push(rated.length ? rated.join(" · ") : "not rated");
  return el(
    "p",
    { class: "source" },
    parts.map((part, index) => [index ? " · " : "", part]),
  );
}

/** What stands beside a claim, as its columns are declared. F and 6 mean that it cannot be judged, which
    is not half. */
function ratings(claim) {
  return model.about.columns
    .filter(({ name, mark }) => mark && claim[name] !== undefined)
    .map(({ name, label, meanings }) => {
      if (claim[name] === true) return label;
      const meaning = meanings?.[claim[name]];
      return `${label} ${claim[name]}${meaning ? ` (${meaning})` : ""}`;
    });
}

function disputeLine(claim) {
  const by = counted.disputes.get(claim.index) ?? [];
  return by.length
    ? el(
        "p",
        { class: "bad-text" },
        "Disputed by ",
        by.map((one, index) => [
          index ? ", " : "",
          one.asserter === undefined ? "an unknown asserter" : el("bdi", {}, nameOf(one.asserter)),
          one.asserted ? ` (${one.asserted})` : "",
        ]),
      )
    : null;
}
