// title: Picture: what is disputed, and by whom
// question: Which claims does another one deny or dispute, what are they about, and who says either?
// columns: denial, disputes, claim, subject, about, object, whom, who, said, denier, denied
// means: Red lines run from a claim to the one that it disputes; each stands beside whoever makes it. A denial by
//   the accused counts like any other.
// not: Rival claims are not disputes: two different actors blamed, or two different numbers.

MATCH (denial:Claim {status: 'asserted'})-[disputes:DISPUTES]->(claim:Claim {status: 'asserted'})
MATCH (claim)-[about:SUBJECT]->(subject)
OPTIONAL MATCH (claim)-[whom:OBJECT]->(object)
OPTIONAL MATCH (claim)-[said:ASSERTED_BY]->(who)
OPTIONAL MATCH (denial)-[denied:ASSERTED_BY]->(denier)
RETURN denial, disputes, claim, subject, about, object, whom, who, said, denier, denied
LIMIT 300;
