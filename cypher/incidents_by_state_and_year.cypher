// title: Incidents by state and year
// question: How many cyber incidents a year are attributed to each state, and how many of these attributions are denied?
// columns: state, year, incidents, denied
// means: An incident counts for every state to which an attribution leads, in up to five links, and for
//   the year in which it can have begun. `denied` are those whose attribution some claim disputes.
// not: Not how active a state is: it is how much is found, told and loaded. Undated incidents are left out.

MATCH p = (i:Incident)-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF*1..5]->(s:State)
WHERE i.category = 'cyber' AND i.occurred_from IS NOT NULL
  AND all(r IN relationships(p) WHERE coalesce(r.declared, false) OR r.status = 'asserted')
WITH s, i, max(CASE WHEN coalesce(relationships(p)[0].disputed, false) THEN 1 ELSE 0 END) AS denied
WITH s, i.occurred_from.year AS year, count(i) AS incidents, sum(denied) AS denied
RETURN s.name AS state, year, incidents, denied
ORDER BY state, year, incidents;
