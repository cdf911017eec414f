// title: Incidents by state and year
// question: How many cyber incidents a year are attributed to each state, on which basis, how many of these attributions are denied, and how many name the state themselves?
// columns: state, year, basis, incidents, denied, own_word
// means: An incident counts for every state to which an attribution leads, in up to five links, once, on the
//   closest basis. The state `itself` is blamed, an `organ` of it, an actor that is `affiliated` (said
//   to be its, or run by it), or else one that is only `located` there. `own_word` are those whose
//   attribution says so in its own statement; for the others it follows from what is said of the actor
//   elsewhere, and of an actor that is placed in several states elsewhere it does not follow. The year
//   is that in which it can have begun. `denied` are those whose attribution some claim disputes.
// not: Not how active a state is: it is how much is found, told and loaded. Undated incidents are left
//   out. Rows of `located` hold no state responsible; leave them out before you add.

MATCH (own:Claim {polarity: 'positive', status: 'asserted'})
WHERE own.predicate IN ['ATTRIBUTED_TO', 'SUBGROUP_OF', 'CONTROLLED_BY', 'PART_OF', 'LOCATED_IN']
WITH own.statement AS statement, collect(own) AS together
UNWIND together AS c
WITH c, [x IN together | x.id] AS mine
WHERE c.predicate = 'ATTRIBUTED_TO'
MATCH (c)-[:SUBJECT]->(i:Incident)
WHERE i.category = 'cyber' AND i.occurred_from IS NOT NULL
MATCH (c)-[:OBJECT]->(actor)
MATCH (i)-[first:ATTRIBUTED_TO]->(actor)
WITH i, actor, c, mine, CASE WHEN first.disputed THEN 1 ELSE 0 END AS disputed
MATCH p = (actor)-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF|LOCATED_IN*0..4]->(s:State)
WHERE all(r IN relationships(p) WHERE coalesce(r.declared, false) OR r.status = 'asserted')
WITH i, actor, c, disputed, s, [r IN relationships(p) | type(r)] AS further,
  CASE WHEN all(r IN relationships(p) WHERE coalesce(r.declared, false) OR any(x IN r.claims WHERE x IN mine))
    THEN 1 ELSE 0 END AS own
WITH i, actor, c, disputed, s, own,
  min(CASE WHEN 'LOCATED_IN' IN further THEN 3 WHEN any(t IN further WHERE t <> 'PART_OF') THEN 2
    WHEN size(further) > 0 THEN 1 ELSE 0 END) AS loose
WITH i, actor, c, disputed, max(own) AS best, collect({state: s, own: own, loose: loose}) AS found
WITH i, actor, disputed, best, [x IN found WHERE x.own = best] AS found
WITH i, actor, disputed, best, found, [x IN found WHERE x.loose < 3] AS closer
WITH i, actor, disputed, best,
  CASE WHEN size(closer) > 0 THEN closer WHEN best = 1 OR size(found) = 1 THEN found ELSE [] END AS found
WITH i, actor, disputed, max(best) AS best, collect({best: best, found: found}) AS by_claim
UNWIND [x IN by_claim WHERE x.best = best] AS told
UNWIND told.found AS each
WITH i, disputed, best, each
WITH i, each.state AS s, min(each.loose) AS loose, max(disputed) AS denied, max(best) AS own
WITH s, i.occurred_from.year AS year, ['itself', 'organ', 'affiliated', 'located'][loose] AS basis,
  count(i) AS incidents, sum(denied) AS denied, sum(own) AS own_word
RETURN s.name AS state, year, basis, incidents, denied, own_word
ORDER BY state, year, basis, incidents;
