// title: Resting on one asserter
// question: How many attributions of cyber incidents are there, and how many rest on one asserter?
// columns: attributions, single_asserter
// means: An attribution is one incident and one actor, however many say so. It rests on one asserter
//   where all its claims go back to the same one.
// not: One asserter is not wrong, and two may still have read the same report without saying so.

MATCH (i:Incident)-[r:ATTRIBUTED_TO {status: 'asserted'}]->()
WHERE i.category = 'cyber'
RETURN count(r) AS attributions, sum(CASE WHEN r.asserters = 1 THEN 1 ELSE 0 END) AS single_asserter;
