// title: Said to have hit
// question: Who is said to have hit a victim, in which incident, who says so, and who denies it?
// param victim: id, who was targeted
// columns: incident, actor, asserter, document, hedge, together, disputed, disputed_by
// means: One row for each incident that targeted the victim, each actor that somebody holds to be behind
//   it, asserter, document, hedge and denier. An incident that nobody attributes has one row, with a null actor.
//   Where `together` is true, the asserter blames this actor along with others, and not each alone.
// not: Not how likely it is. A null asserter or denier is one that the document does not name; where
//   `disputed` is false nobody denies it. A campaign, or what a group is said to target in general, is no
//   incident; `kg explain` of the victim tells that.
:param victim => 'organization:sony-pictures';

MATCH (:Victim {id: $victim})<-[:TARGETED {status: 'asserted'}]-(i:Incident)
OPTIONAL MATCH (i)<-[:SUBJECT]-(c:Claim {predicate: 'ATTRIBUTED_TO', polarity: 'positive', status: 'asserted'})-[:OBJECT]->(actor)
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (c)-[:REPORTED_IN]->(d:Document)
OPTIONAL MATCH (n:Claim {status: 'asserted'})-[:DISPUTES]->(c)
OPTIONAL MATCH (n)-[:ASSERTED_BY]->(denier)
WITH DISTINCT i, actor, who, d, c.hedge AS hedge, coalesce(c.collective, false) AS together,
  n IS NOT NULL AS disputed, denier
RETURN i.name AS incident, actor.name AS actor, who.name AS asserter, d.name AS document, hedge,
  together, disputed, denier.name AS disputed_by
ORDER BY incident, actor, asserter, document, hedge, together, disputed, disputed_by;
