// title: Attribution chain
// question: How does an incident lead to a state, link by link, and on how many independent asserters does each link rest?
// param incident: id, the incident
// columns: chain, asserters
// also: disputed, denied_by, unknown_asserters
// means: One row a path from the incident to the first state on it, at most six links, by attribution,
//   sub-group, control and belonging to an agency or state. `asserters` has one number a link: who
//   says so, each independent origin once; `unknown_asserters` how many more there are whom nobody
//   names. Null is a link that was declared with the entities. `disputed` is true at a link that
//   somebody denies, and at one that leads to whatever somebody denies is behind an earlier step:
//   the state at the end that denies the incident. `denied_by` is who does.
//   Two chains of the same names differ in a relation: `attribution_steps` names each.
// not: Not a proof: the weakest link counts, and numbers on a chain are never multiplied. No path
//   passes a node twice; an incident that a state and its group are both blamed for has two chains.
:param incident => 'incident:sony-pictures-2014';

MATCH p = (:Incident {id: $incident})-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF*1..6]->(:State)
WITH nodes(p) AS steps, relationships(p) AS links
WHERE size([n IN steps WHERE n.kind = 'State']) = 1
  AND all(r IN links WHERE coalesce(r.declared, false) OR r.status = 'asserted')
  AND all(n IN steps WHERE size([m IN steps WHERE m.id = n.id]) = 1)
WITH steps, links, [n IN steps | n.id] AS ids
UNWIND steps AS step
OPTIONAL MATCH (step)<-[:SUBJECT]-(d:Claim {polarity: 'negative', status: 'asserted'})-[:OBJECT]->(to)
WHERE d.predicate IN ['ATTRIBUTED_TO', 'SUBGROUP_OF', 'CONTROLLED_BY', 'PART_OF'] AND to.id IN ids
  AND COUNT { (d)-[:RETRACTS]->(:Claim {polarity: 'positive'})-[:OBJECT]->(to) } = 0
OPTIONAL MATCH (d)-[:ASSERTED_BY]->(who)
WITH steps, links, to, who ORDER BY who.name
WITH steps, links, collect(DISTINCT to.id) AS denied, collect(DISTINCT who.name) AS names
RETURN [n IN steps | n.name] AS chain,
  [r IN links | CASE WHEN r.status = 'asserted' THEN r.asserters END] AS asserters,
  CASE WHEN size(denied) > 0 THEN [n IN steps[1..] | n.id IN denied] END AS disputed,
  CASE WHEN size(names) > 0 THEN names END AS denied_by,
  CASE WHEN any(r IN links WHERE r.unknown_asserters > 0) THEN
    [r IN links | CASE WHEN r.status = 'asserted' THEN r.unknown_asserters END] END AS unknown_asserters
ORDER BY size(chain), chain;
