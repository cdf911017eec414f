// title: Status of a process
// question: How did a negotiating process stand, when, as of which document?
// columns: process, status, during, as_of
// means: One row for each process, status and document. `during` is when it stood so, as precisely as
//   the document says; `as_of` is the document's date.
// not: Not how it stands now, and not one history: two documents of one day may disagree.

MATCH (p:Process)<-[:SUBJECT]-(c:Claim {predicate: 'status', polarity: 'positive', status: 'asserted'})
OPTIONAL MATCH (c)-[:REPORTED_IN]->(d:Document)
WITH p, d, c, coalesce(duration.inDays(c.valid_from, c.valid_to).days, 10000000) AS width
ORDER BY width, c.valid, c.id
WITH p, d, c.value AS status, collect(c.valid) AS times
RETURN p.name AS process, status, times[0] AS during, d.date AS as_of
ORDER BY process, as_of, status, during;
