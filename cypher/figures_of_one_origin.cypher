// title: One origin, figure by figure
// question: Which figures, with unit, bound and hedge, look corroborated but go back to one origin?
// columns: subject, predicate, figure, repeated_by, origin, subject_id
// means: As `shared_origin`, with each figure as whoever repeats it says it (`at least 11,000,000 USD`). Figures
//   of another unit or bound are other figures.
// not: Not that the figure is wrong. Only repetition that a source admits, or that an analyst recorded
//   as such, is known here.

MATCH (s)<-[:SUBJECT]-(c:Claim {polarity: 'positive', status: 'asserted'})
WHERE c.number IS NOT NULL
OPTIONAL MATCH p = (c)-[:DERIVED_FROM*1..12]->(r:Claim)
WHERE NOT EXISTS { (r)-[:DERIVED_FROM]->(:Claim) }
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (r)-[:ASSERTED_BY]->(first)
WITH s, c, who, coalesce(who.id, c.id) AS sayer,
  CASE WHEN r.id IS NULL THEN who.name
    WHEN any(x IN nodes(p) WHERE x.derivation = 'read') THEN first.name + ' (as we read it)'
    ELSE first.name END AS origin,
  CASE WHEN r.id IS NULL THEN coalesce(who.id, c.id) ELSE coalesce(first.id, r.id) END AS source
WITH s, c.predicate AS predicate, c.number AS number, c.unit AS unit, c.bound AS bound,
  count(DISTINCT source) AS sources, count(DISTINCT sayer) AS sayers,
  collect({sayer: sayer, name: who.name, origin: origin, source: source, figure: c.said}) AS said
WHERE sources = 1 AND sayers > 1
UNWIND said AS each
WITH s, predicate, each
WHERE each.sayer <> each.source
RETURN DISTINCT s.name AS subject, predicate, each.figure AS figure, each.name AS repeated_by,
  each.origin AS origin, s.id AS subject_id
ORDER BY subject, predicate, figure, repeated_by, origin, subject_id;
