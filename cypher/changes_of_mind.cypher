// title: Changes of mind
// question: Whose state, parent or name did a source take back or replace, when, and with what?
// columns: entity, what, was, became, asserter, said, until, again, id, claim
// means: One row for each claim about an entity's state, parent or other name that its own asserter
//   withdrew or replaced; `became` is what took its place (of a name also another spelling), `again`
//   the day on which the same asserter said the same once more.
// not: Not why: a list may drop a name because it was wrong, spelled badly, or stood there twice, or
//   with the whole entry (`kg analyze changes_of_mind` tells these apart). What was said anew with
//   another hedge is no change of mind, nor what the same asserter says in another place all along.
//   A source of which only one version is loaded has no changes.

MATCH (s)<-[:SUBJECT]-(c:Claim)-[:ASSERTED_BY]->(who)
WHERE c.status IN ['retracted', 'superseded'] AND c.polarity = 'positive'
  AND c.predicate IN ['ATTRIBUTED_TO', 'SUBGROUP_OF', 'CONTROLLED_BY', 'FORMED_BY', 'alias']
OPTIONAL MATCH (c)-[:OBJECT]->(o)
OPTIONAL MATCH (n:Claim)-[:SUPERSEDES]->(c)
OPTIONAL MATCH (n)-[:OBJECT]->(p)
OPTIONAL MATCH (s)<-[:SUBJECT]-(a:Claim {predicate: c.predicate, status: 'asserted'})-[:ASSERTED_BY]->(who)
WHERE a.object = c.object OR a.value = c.value
WITH s, c, who, o, n, p, min(a.asserted) AS again, coalesce(c.withdrawn, n.asserted) AS until
WHERE (n IS NULL OR p.id <> o.id OR n.value <> c.value)
  AND (again IS NULL OR until IS NULL OR again > until)
RETURN s.name AS entity, c.predicate AS what, coalesce(o.name, c.value) AS was, coalesce(p.name, n.value) AS became,
  who.name AS asserter, c.asserted AS said, until, again, s.id AS id, c.id AS claim
ORDER BY until, entity, what, was, claim;
