// title: Resting on one asserter
// question: How many attributions of cyber incidents are there, and how many rest on one asserter?
// columns: attributions, single_asserter
// also: no_known_asserter
// means: An attribution is one incident and one actor, however many say so. It rests on one asserter
//   where all its claims go back to the same one, a body and its parts being one; claims of unknown
//   asserters beside it may be others, so it is not counted then. `no_known_asserter` counts those
//   that nobody who is named stands behind.
// not: One asserter is not wrong, and two may still have read the same report without saying so.

MATCH (i:Incident)-[r:ATTRIBUTED_TO {status: 'asserted'}]->()
WHERE i.category = 'cyber'
WITH count(r) AS attributions,
  sum(CASE WHEN r.asserters = 1 AND r.unknown_asserters = 0 THEN 1 ELSE 0 END) AS single_asserter,
  sum(CASE WHEN r.asserters = 0 THEN 1 ELSE 0 END) AS none
RETURN attributions, single_asserter, CASE WHEN none > 0 THEN none END AS no_known_asserter;
