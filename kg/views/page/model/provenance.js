// Where what is visible comes from, and how it was filtered.

import { model, nameOf } from "../rules/rows.js";
import { LEVELS, kindWords, many, words } from "../rules/words.js";
import { state } from "./state.js";
import { counted, shown } from "./visible.js";

export function provenance() {
  const { title, date, version, manifest, sources, marking } = model.about;
  const lens = [
    state.asOf ? `as of ${state.asOf}` : null,
    state.validOn ? `in force on ${state.validOn}` : null,
    state.knownOn ? `recorded by ${state.knownOn}` : null,
    state.by === null ? null : `according to ${nameOf(state.by)}`,
    givenLensText(),
  ]
    .filter(Boolean)
    .join(", ");
  return {
    title,
    corpus_date: date,
    version,
    ledger: manifest,
    lens: lens || "none",
    filters: filtersSet().join("; ") || "none",
    counts: `${shown.nodes.size} of ${counted.here.size} nodes, ${shown.links.size} of ${counted.links.size} relations`,
    sources: sources.join(", "),
    marking,
  };
}

function givenLensText() {
  const { as_of, valid_on, known_on, according_to } = model.about.lens;
  return [
    as_of ? `as of ${as_of}` : null,
    valid_on ? `of what is in force on ${valid_on}` : null,
    known_on ? `of what was recorded by ${known_on}` : null,
    according_to ? `according to ${according_to}` : null,
  ]
    .filter(Boolean)
    .join(", ");
}

const NAMED = 12; // so many hidden or chosen nodes are named, the others counted

/** What is set besides the lens, in words: without it nobody could tell a part from the whole. */
function filtersSet() {
  const near = state.near ?? null;
  const opening = !near && !state.only && !state.all && model.nodes.some((node) => node.later);
  return [
    state.kinds.length && `without the kinds ${state.kinds.map(kindWords).join(", ")}`,
    state.relations.length && `without the relations ${state.relations.map(words).join(", ")}`,
    (state.from || state.to) && `time ${state.from ?? "open"} – ${state.to ?? "open"}`,
    !state.undated && "without undated",
    state.min && `at least ${many(state.min, "independent asserter")}`,
    state.confidence && `analytic confidence at least ${LEVELS[state.confidence - 1]}`,
    !state.unrated && "without not rated",
    state.hidden.length && `hidden: ${namesOf(state.hidden)}`,
    near && `neighbourhood of ${nameOf(near.node)}, ${many(near.hops, "step")}`,
    state.only && `only (neighbourhood or path): ${namesOf(state.only)}`,
    opening && `only the weightiest nodes${state.more.length ? ` and ${namesOf(state.more)}` : ""}`,
  ].filter(Boolean);
}

function namesOf(numbers) {
  const more = numbers.length - NAMED;
  const named = numbers.slice(0, NAMED).map(nameOf).join(", ") || "nothing";
  return more > 0 ? `${named} and ${more.toLocaleString("en")} more` : named;
}

export const factLine = () => {
  const facts = provenance();
  return `Corpus ${facts.corpus_date ?? "undated"} · kg ${facts.version} · ledger ${facts.ledger.slice(0, 12)} · ${facts.counts} · sources: ${facts.sources || "none named"} · marking: ${facts.marking}${facts.lens === "none" ? "" : ` · ${facts.lens}`}${facts.filters === "none" ? "" : ` · filtered: ${facts.filters}`}`;
};
