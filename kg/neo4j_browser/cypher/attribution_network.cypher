// title: Picture: who is held responsible
// question: How do incidents, groups, agencies and states hang together by attribution and control?
// columns: p
// means: Each path from an incident by attribution, sub-group, control and belonging to a state, at most four
//   links. Click an edge for its asserters, dates and hedges.

MATCH p = (:Incident)-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF*1..4]->(actor)
WHERE all(r IN relationships(p) WHERE coalesce(r.declared, false) OR r.status = 'asserted')
RETURN p LIMIT 300;
