// Runs the rules of the page without a page: node rules.mjs TREE < {"data": …, "lenses": [[day, asserter, day of recording]…],
// "searches": [text…], "days": whether to tell what was believed from day to day, "known": as known on which day}.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const tree = pathToFileURL(`${process.argv[2]}/`);
const { index, model } = await import(new URL("rules/rows.js", tree));
const { recount } = await import(new URL("rules/counts.js", tree));
const { holding, likest } = await import(new URL("rules/names.js", tree));
const { through } = await import(new URL("rules/through.js", tree));

/** What tests/browser/test_recount.py asks of a page. */
function told(counted) {
  const counts = [...counted.counts].map(([number, count]) => {
    const link = model.links[number];
    const { who: _, validFrom, validTo, properties, confidence, ...plain } = count;
    const key = [model.nodes[link.from].id, link.kind, model.nodes[link.to].id].join(" ");
    const from = validFrom ?? link.time?.[0] ?? null;
    const to = validTo ?? link.time?.[1] ?? null;
    const level = model.about.scales.confidence[confidence] ?? null;
    return [key, { ...plain, confidence: level, from, to, told: { ...link.properties, ...properties } }];
  });
  const facts = [...counted.here].map((number) => {
    const { names, properties, time } = counted.facts[number];
    return [model.nodes[number].id, { names, properties, time: time ?? null }];
  });
  const drawn = [...counted.links].map((number) => model.links[number]);
  const links = drawn.map((link) => [model.nodes[link.from].id, link.kind, model.nodes[link.to].id]);
  return { counts: Object.fromEntries(counts), facts: Object.fromEntries(facts), links };
}

/** Link → [day, voices for it, voices against it] from day to day. */
const believed = (knownOn) =>
  Object.fromEntries(
    model.links.map((link) => [
      [model.nodes[link.from].id, link.kind, model.nodes[link.to].id].join(" "),
      through(link, { knownOn }).map(({ day, pro, contra }) => [day, pro, contra]),
    ]),
  );

/** What a search finds where everything may be found: id, name and how much it weighs. */
const found = (rows) => rows.map(([node, name, rank]) => [node.id, name, rank]);

const { data, lenses, searches, days, known = null } = JSON.parse(readFileSync(0, "utf8"));
index(data);
const answers = lenses.map(([asOf, by, knownOn]) =>
  told(recount({ asOf, by: by === null ? null : model.number.get(by), knownOn })),
);
const { counts } = recount({ asOf: null, by: null, knownOn: known }); // a node weighs what is said of it
const unasked = [counts.known.size, [...model.links].filter(({ index: link }) => counts.asserters(link) !== (counts.get(link)?.asserters ?? 0)).length];
const searched = searches.map((text) => [found(holding(text, 5, () => true)), found(likest(text, 3, () => true))]);
process.stdout.write(JSON.stringify({ answers, believed: days ? believed(known) : {}, searched, unasked }));
