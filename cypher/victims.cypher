// title: Victims
// question: Who was hit in each cyber incident, and is the victim named or an unnamed set?
// columns: incident, victim, unnamed
// means: What a source names as the target of a cyber incident. `unnamed` is true for a set whose
//   members nobody names ("five exchanges").
// not: Not every victim: an incident for which no document names one has no row. Who is said to have
//   hit one of them, and who denies it, is in `said_to_have_hit`.

MATCH (i:Incident)-[:TARGETED {status: 'asserted'}]->(v)
WHERE i.category = 'cyber'
WITH DISTINCT i, v
RETURN i.name AS incident, v.name AS victim, coalesce(v.unnamed, false) AS unnamed
ORDER BY incident, victim, unnamed;
