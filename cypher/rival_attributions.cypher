// title: Rival attributions
// question: For which incidents do two asserters point at different states?
// columns: incident, one, state, basis, other, other_state, other_basis, incident_id, one_id, other_id
// means: Two asserters whose attributions of the incident lead to states, and to no state in common. An
//   actor leads to the state that it is (`itself`), belongs to (`organ`), or is said to act for or to
//   be run by (`affiliated`), or else is `located` in, in up to four links: by the attribution's own
//   statement where it says anything of that, else by the asserter's word, else by that of others
//   (of whom none counts who places it in several states). An asserter whom the source does not name
//   has no name and no id here: each of its statements is a side of its own, those of equal states one.
// not: Not a dispute that either of them has declared (`disputed`). Who blames a group without a known
//   state has no row. Two who only say where an actor sits need not hold any state responsible.

MATCH (own:Claim {polarity: 'positive', status: 'asserted'})
WHERE own.predicate IN ['ATTRIBUTED_TO', 'SUBGROUP_OF', 'CONTROLLED_BY', 'PART_OF', 'LOCATED_IN']
OPTIONAL MATCH (own)-[:ASSERTED_BY]->(who)
WITH coalesce(who.id, own.statement) AS voice, who, collect(own) AS words
UNWIND words AS c
WITH voice, who, words, c
WHERE c.predicate = 'ATTRIBUTED_TO'
MATCH (c)-[:SUBJECT]->(i:Incident)
MATCH (c)-[:OBJECT]->(actor)
WITH i, voice, who, actor, c, [x IN words | x.id] AS mine,
  [x IN words WHERE x.statement = c.statement | x.id] AS told
MATCH p = (actor)-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF|LOCATED_IN*0..4]->(s:State)
WHERE all(r IN relationships(p) WHERE coalesce(r.declared, false) OR r.status = 'asserted')
WITH i, voice, who, actor, c, s, [r IN relationships(p) | type(r)] AS further,
  CASE WHEN all(r IN relationships(p) WHERE coalesce(r.declared, false) OR any(x IN r.claims WHERE x IN told))
    THEN 2
    WHEN all(r IN relationships(p) WHERE coalesce(r.declared, false) OR any(x IN r.claims WHERE x IN mine))
    THEN 1 ELSE 0 END AS own
WITH i, voice, who, actor, c, s, own,
  min(CASE WHEN 'LOCATED_IN' IN further THEN 3 WHEN any(t IN further WHERE t <> 'PART_OF') THEN 2
    WHEN size(further) > 0 THEN 1 ELSE 0 END) AS loose
WITH i, voice, who, actor, c, max(own) AS best, collect({state: s, own: own, loose: loose}) AS found
WITH i, voice, who, best, [x IN found WHERE x.own = best] AS found
WITH i, voice, who, best, found, [x IN found WHERE x.loose < 3] AS closer
WITH i, voice, who, best,
  CASE WHEN size(closer) > 0 THEN closer WHEN best = 2 OR size(found) = 1 THEN found ELSE [] END AS found
WITH i, voice, who, max(best) AS best, collect({best: best, found: found}) AS by_claim
UNWIND [x IN by_claim WHERE x.best = best] AS told
UNWIND told.found AS each
WITH i, voice, who, each.state AS s, min(each.loose) AS loose
WITH i, voice, who, s, ['itself', 'organ', 'affiliated', 'located'][loose] AS basis ORDER BY s.name, s.id
WITH i, voice, who, collect(s.id) AS ids, collect({name: s.name, basis: basis}) AS states
WITH i, collect({id: who.id, name: coalesce(who.name, ''), key: voice, ids: ids, states: states,
  rank: CASE WHEN who IS NULL THEN 1 ELSE 0 END}) AS sides
UNWIND sides AS a
UNWIND sides AS b
WITH i, a, b
WHERE none(x IN a.ids WHERE x IN b.ids)
  AND (a.rank < b.rank OR (a.rank = b.rank AND (a.name < b.name OR (a.name = b.name
    AND (CASE WHEN a.rank = 1 THEN a.ids[0] ELSE a.key END) < (CASE WHEN b.rank = 1 THEN b.ids[0] ELSE b.key END)))))
UNWIND a.states AS state
UNWIND b.states AS other_state
RETURN DISTINCT i.name AS incident, CASE WHEN a.rank = 0 THEN a.name END AS one, state.name AS state,
  state.basis AS basis, CASE WHEN b.rank = 0 THEN b.name END AS other, other_state.name AS other_state,
  other_state.basis AS other_basis, i.id AS incident_id, a.id AS one_id, b.id AS other_id
ORDER BY incident, one, other, state, other_state, incident_id, one_id, other_id, basis, other_basis;
