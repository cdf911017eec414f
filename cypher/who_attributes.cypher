// title: Who attributes
// question: Who says which actor is behind an incident, where is it printed, and in what hedged words?
// param incident: id, the incident
// columns: actor, asserter, document, hedge
// means: One row for each actor, asserter, document and hedge of a standing claim. A repeat of
//   somebody else's finding is a row too; `shared_origin` and `kg explain` tell which those are.
// not: Not how likely it is. A null asserter is one that the document does not name, a null hedge a
//   claim without a qualifying word. Actors that are blamed together have a row each (`kg explain`
//   tells those). Denials are in `disputed`.
:param incident => 'incident:wannacry';

MATCH (:Incident {id: $incident})<-[:SUBJECT]-(c:Claim {predicate: 'ATTRIBUTED_TO'})-[:OBJECT]->(actor)
WHERE c.polarity = 'positive' AND c.status = 'asserted'
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (c)-[:REPORTED_IN]->(d:Document)
WITH DISTINCT actor, who, d, c.hedge AS hedge
RETURN actor.name AS actor, who.name AS asserter, d.name AS document, hedge
ORDER BY actor, asserter, document, hedge;
