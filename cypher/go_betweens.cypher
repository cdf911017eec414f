// title: Go-betweens
// question: Which leader is the only link between two others who have not met? Only as good as the corpus.
// columns: go_between, one, other
// means: Two leaders who have not met in this graph, and the one leader whom both of them have met.
// not: Not who carried messages. Ministers and envoys are not leaders here, and a meeting that nobody
//   loaded makes a go-between of whoever is left.

MATCH (one:Leader)-[:PARTICIPATED_IN {status: 'asserted'}]->(:Meeting)<-[:PARTICIPATED_IN {status: 'asserted'}]-(g:Leader)
WHERE one.id <> g.id
WITH DISTINCT one, g
MATCH (g)-[:PARTICIPATED_IN {status: 'asserted'}]->(:Meeting)<-[:PARTICIPATED_IN {status: 'asserted'}]-(other:Leader)
WHERE other.id <> g.id AND (one.name < other.name OR (one.name = other.name AND one.id < other.id))
WITH one, other, collect(DISTINCT g.id) AS links, collect(DISTINCT g.name) AS names
WHERE size(links) = 1
  AND COUNT { MATCH (one)-[:PARTICIPATED_IN {status: 'asserted'}]->(:Meeting)<-[:PARTICIPATED_IN {status: 'asserted'}]-(other) } = 0
RETURN names[0] AS go_between, one.name AS one, other.name AS other
ORDER BY go_between, one, other;
