// title: Sectors targeted
// question: Which sectors does a group target, according to whom?
// param group: id, the group
// columns: sector, asserter
// means: Each sector with each asserter who says that the group goes for it.
// not: A sentence about several groups together gives each of them all sectors: `sectors_claimed` says
//   where that is so. What sub-groups do is not added to the group.
:param group => 'group:lazarus-group';

MATCH (:Group {id: $group})<-[:SUBJECT]-(c:Claim {predicate: 'TARGETS_SECTOR'})-[:OBJECT]->(s:Sector)
WHERE c.polarity = 'positive' AND c.status = 'asserted'
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
WITH DISTINCT s, who
RETURN s.name AS sector, who.name AS asserter
ORDER BY sector, asserter;
