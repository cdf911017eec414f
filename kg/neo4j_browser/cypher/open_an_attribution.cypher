// title: Picture: open an attribution
// question: Which claims stand behind an incident's attributions, who makes them, and where are they printed?
// param incident: id, the incident
// columns: incident, claim, actor, who, document, subject, object, said, printed, disputes
// means: The claims in the middle, with the incident, whoever is blamed, the asserter and the document
//   around each. Denials are among them, joined in red to what they deny.
:param incident => 'incident:wannacry';

MATCH (incident:Incident {id: $incident})<-[subject:SUBJECT]-(claim:Claim {predicate: 'ATTRIBUTED_TO'})
MATCH (claim)-[object:OBJECT]->(actor)
OPTIONAL MATCH (claim)-[said:ASSERTED_BY]->(who)
OPTIONAL MATCH (claim)-[printed:REPORTED_IN]->(document:Document)
OPTIONAL MATCH (claim)-[disputes:DISPUTES]->(:Claim)
RETURN incident, claim, actor, who, document, subject, object, said, printed, disputes;
