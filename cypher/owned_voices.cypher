// title: Voices with an owner
// question: Which publishers and asserters belong to a state, and how much of the corpus do they print or say?
// columns: state, voice, prints, says, voice_id
// means: Publishers and asserters that are a state, one of its agencies, or owned by it, with the number
//   of positive claims printed in what they publish and made by themselves.
// not: Not that they say what the state wants. Who owns a paper is known only where it was loaded.

MATCH (s:State)
MATCH p = (v:Source)-[:PART_OF|OWNED_BY*0..4]->(s)
WHERE all(r IN relationships(p) WHERE coalesce(r.declared, false) OR r.status = 'asserted')
WITH DISTINCT s, v
OPTIONAL MATCH (v)<-[:PUBLISHED_BY]-(:Document)<-[:REPORTED_IN]-(c:Claim {polarity: 'positive'})
WITH s, v, count(DISTINCT c) AS prints
OPTIONAL MATCH (v)<-[:ASSERTED_BY]-(c:Claim {polarity: 'positive'})
WITH s, v, prints, count(DISTINCT c) AS says
RETURN s.name AS state, v.name AS voice, prints, says, v.id AS voice_id
ORDER BY state, voice, prints, says, voice_id;
