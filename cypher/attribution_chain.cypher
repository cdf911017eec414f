// title: Attribution chain
// question: How does an incident lead to a state, link by link, and on how many independent asserters does each link rest?
// param incident: id, the incident
// columns: chain, asserters
// means: One row a path from the incident to the first state on it, at most six links, by attribution,
//   sub-group, control and belonging to an agency or state. `asserters` has one number a link: who
//   says so, each independent origin once. Null is a link that was declared with the entities.
//   Two chains of the same names differ in a relation: `attribution_steps` names each.
// not: Not a proof: the weakest link counts, and numbers on a chain are never multiplied. No path
//   passes a node twice.
:param incident => 'incident:sony-pictures-2014';

MATCH p = (:Incident {id: $incident})-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF*1..6]->(:State)
WITH nodes(p) AS steps, relationships(p) AS links
WHERE size([n IN steps WHERE n.kind = 'State']) = 1
  AND all(r IN links WHERE coalesce(r.declared, false) OR r.status = 'asserted')
  AND all(n IN steps WHERE size([m IN steps WHERE m.id = n.id]) = 1)
RETURN [n IN steps | n.name] AS chain,
  [r IN links | CASE WHEN r.status = 'asserted' THEN r.asserters END] AS asserters
ORDER BY size(chain), chain;
