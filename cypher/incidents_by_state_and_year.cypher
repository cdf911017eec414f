// title: Incidents by state and year
// question: How many cyber incidents a year are attributed to each state, on which basis, and how many of these attributions are denied?
// columns: state, year, basis, incidents, denied
// means: An incident counts for every state to which an attribution leads, in up to five links, once, on the
//   closest basis. The state `itself` is blamed, an `organ` of it, an actor that is `affiliated` (said
//   to be its, or run by it), or one that is only `located` there. The year is that in which it can
//   have begun. `denied` are those whose attribution some claim disputes.
// not: Not how active a state is: it is how much is found, told and loaded. Undated incidents are left
//   out. Rows of `located` hold no state responsible; leave them out before you add.

MATCH p = (i:Incident)-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF|LOCATED_IN*1..5]->(s:State)
WHERE i.category = 'cyber' AND i.occurred_from IS NOT NULL
WITH i, s, relationships(p) AS links
WHERE type(links[0]) = 'ATTRIBUTED_TO'
  AND all(r IN links WHERE coalesce(r.declared, false) OR r.status = 'asserted')
WITH i, s, [r IN links[1..] | type(r)] AS further, coalesce(links[0].disputed, false) AS disputed
WITH i, s,
  min(CASE WHEN 'LOCATED_IN' IN further THEN 3 WHEN any(t IN further WHERE t <> 'PART_OF') THEN 2
    WHEN size(further) > 0 THEN 1 ELSE 0 END) AS loose,
  max(CASE WHEN disputed THEN 1 ELSE 0 END) AS denied
WITH s, i.occurred_from.year AS year, ['itself', 'organ', 'affiliated', 'located'][loose] AS basis,
  count(i) AS incidents, sum(denied) AS denied
RETURN s.name AS state, year, basis, incidents, denied
ORDER BY state, year, basis, incidents;
