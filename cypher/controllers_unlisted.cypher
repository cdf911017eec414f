// title: Controllers not listed
// question: Who controls a sanctioned group without being sanctioned in this graph? (Not listed here is not the same as not listed.)
// columns: controller
// also: controller_id
// means: Somebody says that it controls a group which a sanction in this graph names, and no sanction in
//   this graph names the controller itself.
//   Of namesakes each is told by its id (`controller_id`).
// not: Not a gap in the law: the graph holds only what was loaded. What the controller belongs to, or
//   what belongs to it, is not looked at.

MATCH (:Sanction)-[:DESIGNATES {status: 'asserted'}]->(g:Group)-[:CONTROLLED_BY {status: 'asserted'}]->(c)
WHERE NOT EXISTS { (:Sanction)-[:DESIGNATES {status: 'asserted'}]->(c) }
WITH DISTINCT c ORDER BY c.id
WITH c.name AS controller, collect(c.id) AS ids
UNWIND ids AS id
RETURN controller, CASE WHEN size(ids) > 1 THEN id END AS controller_id
ORDER BY controller, controller_id;
