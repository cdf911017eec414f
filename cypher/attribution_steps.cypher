// title: Attribution chain, step by step
// question: Through which links does an incident lead to a state, and how sure is each of them?
// param incident: id, the incident
// columns: chain, relations, asserters, hedged, collective, disputed, ids
// means: One row a chain, as in `attribution_chain`, with the relation that each link is: two chains of
//   the same names differ in one, for a group may be attributed to a state and controlled by it. All
//   lists after `chain` have one entry a link, `ids` one a name. Null is a link that was declared with the
//   entities.
// not: Not a proof: the weakest link counts, and numbers on a chain are never multiplied.
:param incident => 'incident:sony-pictures-2014';

MATCH p = (:Incident {id: $incident})-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF*1..6]->(:State)
WITH nodes(p) AS steps, relationships(p) AS links
WHERE size([n IN steps WHERE n.kind = 'State']) = 1
  AND all(r IN links WHERE coalesce(r.declared, false) OR r.status = 'asserted')
  AND all(n IN steps WHERE size([m IN steps WHERE m.id = n.id]) = 1)
RETURN [n IN steps | n.name] AS chain, [r IN links | type(r)] AS relations,
  [r IN links | CASE WHEN r.status = 'asserted' THEN r.asserters END] AS asserters,
  [r IN links | CASE WHEN r.status = 'asserted' THEN r.hedged END] AS hedged,
  [r IN links | CASE WHEN r.status = 'asserted' THEN r.collective END] AS collective,
  [r IN links | CASE WHEN r.status = 'asserted' THEN r.disputed END] AS disputed,
  [n IN steps | n.id] AS ids
ORDER BY size(chain), chain, relations, ids;
