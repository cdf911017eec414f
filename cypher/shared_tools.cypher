// title: Groups with the same tools
// question: Which groups are said to use the same software, and how much of it do few others use?
// param most: integer, leave out software that more groups than this use
// columns: one, other, software, one_id, other_id
// means: Two groups and the software that both are said to use, without what many groups use.
// not: Not that they are one: malware is sold, stolen and copied. What a group's sub-groups use is not
//   added to it.
:param most => 5;

MATCH (g:Group)-[:USED {status: 'asserted'}]->(w:Software)
WITH w, collect(g) AS groups
WHERE size(groups) > 1 AND size(groups) <= $most
UNWIND groups AS a
UNWIND groups AS b
WITH a, b, w
WHERE a.name < b.name OR (a.name = b.name AND a.id < b.id)
WITH a, b, w ORDER BY w.name, w.id
WITH a, b, collect(w.name) AS software
RETURN a.name AS one, b.name AS other, software, a.id AS one_id, b.id AS other_id
ORDER BY size(software) DESC, one, other, software, one_id, other_id;
