// title: Sectors, as each source says it
// question: Who says that a group targets which sector, and does it say so of the group alone?
// param group: id, the group
// columns: sector, asserter, together, hedge, document, sector_id
// means: One row a sector, asserter and document. `together` is true where the sentence speaks of several
//   groups at once: that each of them targets each sector is then not said.
// not: What sub-groups do is not added to the group.
:param group => 'group:lazarus-group';

MATCH (:Group {id: $group})<-[:SUBJECT]-(c:Claim {predicate: 'TARGETS_SECTOR'})-[:OBJECT]->(s:Sector)
WHERE c.polarity = 'positive' AND c.status = 'asserted'
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (c)-[:REPORTED_IN]->(d:Document)
RETURN DISTINCT s.name AS sector, who.name AS asserter, coalesce(c.collective, false) AS together,
  c.hedge AS hedge, d.name AS document, s.id AS sector_id
ORDER BY sector, asserter, together, hedge, document, sector_id;
