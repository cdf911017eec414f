// title: Rival attributions
// question: For which incidents do two asserters point at different states?
// columns: incident, one, state, basis, other, other_state, other_basis, incident_id, one_id, other_id
// means: Two asserters whose attributions of the incident lead to states, and to no state in common. An
//   actor leads to the state that it is (`itself`), belongs to (`organ`), or is said to act for or to
//   be run by (`affiliated`), or is only `located` in, in up to four links: by the asserter's own word
//   where it says anything of that, else by that of others.
// not: Not a dispute that either of them has declared (`disputed`). Who blames a group without a known
//   state has no row. Two who only say where an actor sits need not hold any state responsible.

MATCH (own:Claim {polarity: 'positive', status: 'asserted'})-[:ASSERTED_BY]->(who)
WHERE own.predicate IN ['ATTRIBUTED_TO', 'SUBGROUP_OF', 'CONTROLLED_BY', 'PART_OF', 'LOCATED_IN']
WITH who, collect(own.id) AS mine
MATCH (who)<-[:ASSERTED_BY]-(c:Claim {predicate: 'ATTRIBUTED_TO', polarity: 'positive', status: 'asserted'})
MATCH (c)-[:SUBJECT]->(i:Incident)
MATCH (c)-[:OBJECT]->(actor)
MATCH p = (actor)-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF|LOCATED_IN*0..4]->(s:State)
WHERE all(r IN relationships(p) WHERE coalesce(r.declared, false) OR r.status = 'asserted')
WITH i, who, s, [r IN relationships(p) | type(r)] AS further,
  CASE WHEN all(r IN relationships(p) WHERE coalesce(r.declared, false) OR any(x IN r.claims WHERE x IN mine))
    THEN 1 ELSE 0 END AS own
WITH i, who, s, own,
  min(CASE WHEN 'LOCATED_IN' IN further THEN 3 WHEN any(t IN further WHERE t <> 'PART_OF') THEN 2
    WHEN size(further) > 0 THEN 1 ELSE 0 END) AS loose
WITH i, who, max(own) AS best, collect({state: s, own: own, loose: loose}) AS found
UNWIND found AS each
WITH i, who, best, each, each.state AS s, each.loose AS loose
WHERE each.own = best
WITH i, who, s, ['itself', 'organ', 'affiliated', 'located'][loose] AS basis ORDER BY s.name, s.id
WITH i, who, collect(s.id) AS ids, collect({name: s.name, basis: basis}) AS states
WITH i, collect({id: who.id, name: who.name, ids: ids, states: states}) AS sides
UNWIND sides AS a
UNWIND sides AS b
WITH i, a, b
WHERE (a.name < b.name OR (a.name = b.name AND a.id < b.id)) AND none(x IN a.ids WHERE x IN b.ids)
UNWIND a.states AS state
UNWIND b.states AS other_state
RETURN i.name AS incident, a.name AS one, state.name AS state, state.basis AS basis,
  b.name AS other, other_state.name AS other_state, other_state.basis AS other_basis,
  i.id AS incident_id, a.id AS one_id, b.id AS other_id
ORDER BY incident, one, other, state, other_state, incident_id, one_id, other_id;
