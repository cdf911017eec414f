// title: Resting on one document
// question: What would nobody say any more if one document were taken away?
// param document: id, the document
// columns: subject, predicate, object, subject_id, object_id
// means: Relations and values for which all standing claims of this graph are printed in that document.
// not: Not what depends on the document: what merely repeats it elsewhere does not fall here. See
//   `shared_origin`.
:param document => 'document:sputnik-2019-09';

MATCH (:Document {id: $document})<-[:REPORTED_IN]-(c:Claim {polarity: 'positive', status: 'asserted'})-[:SUBJECT]->(s)
OPTIONAL MATCH (c)-[:OBJECT]->(o)
WITH DISTINCT s, c.predicate AS predicate, o, CASE WHEN o.id IS NULL THEN c.value END AS value
OPTIONAL MATCH (s)<-[:SUBJECT]-(e:Claim {predicate: predicate, polarity: 'positive', status: 'asserted'})-[:REPORTED_IN]->(d:Document)
WHERE d.id <> $document AND (e.value = value OR COUNT { (e)-[:OBJECT]->(x) WHERE x.id = o.id } > 0)
WITH s, predicate, o, value, count(e) AS elsewhere
WHERE elsewhere = 0
RETURN s.name AS subject, predicate, coalesce(o.name, value) AS object, s.id AS subject_id, o.id AS object_id
ORDER BY subject, predicate, object, subject_id, object_id;
