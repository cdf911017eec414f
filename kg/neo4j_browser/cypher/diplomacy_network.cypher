// title: Picture: talks, agreements and promises
// question: Who met whom, what came of it, and who promised what?
// columns: p
// means: Meetings with those who took part, the agreements that resulted and their parties, and each
//   commitment with the state that it obliges.

MATCH p = (a)-[:PARTICIPATED_IN|RESULTED_IN|PARTY_TO|HAS_COMMITMENT|OBLIGES|STEP_OF]->(b)
RETURN p LIMIT 300;
