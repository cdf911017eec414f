// title: One origin
// question: Which figures look corroborated but go back to one origin?
// columns: subject, predicate, value, repeated_by, origin
// means: A figure that several give alike, and all of them have it from one and the same: who repeats it,
//   and who first said it; "as we read it" where the document that repeats it does not say so.
//   With unit, bound and hedge: `figures_of_one_origin`.
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
WITH s, c.predicate AS predicate, c.number AS number, c.unit AS unit,
  count(DISTINCT source) AS sources, count(DISTINCT sayer) AS sayers,
  collect({sayer: sayer, name: who.name, origin: origin, source: source}) AS said
WHERE sources = 1 AND sayers > 1
UNWIND said AS each
WITH s, predicate, number, each
WHERE each.sayer <> each.source
WITH DISTINCT s, predicate, number, each.name AS repeated_by, each.origin AS origin,
  CASE WHEN each.name IS NOT NULL THEN each.sayer END AS sayer
RETURN s.name AS subject, predicate,
  CASE WHEN number = toInteger(number) THEN toInteger(number) ELSE number END AS value,
  repeated_by, origin
ORDER BY subject, predicate, value, repeated_by;
