// title: Commitments
// question: What did each side commit to in an agreement, how firmly, on how many asserters, and is it disputed?
// param agreement: id, the agreement
// columns: obliged, commitment, modality, asserters, disputed
// means: One row for each promise and each party that it binds. `asserters` is how many independent
//   asserters say that the promise is in the agreement; `disputed` that somebody denies just that.
// not: Not whether the promise was kept. Two asserters of one signed text are two signatories.
:param agreement => 'agreement:kim-trump-2018';

MATCH (:Agreement {id: $agreement})-[r:HAS_COMMITMENT {status: 'asserted'}]->(c:Commitment)
OPTIONAL MATCH (c)-[o:OBLIGES]->(party)
WHERE coalesce(o.declared, false) OR o.status = 'asserted'
WITH DISTINCT party, c, r
RETURN party.name AS obliged, c.name AS commitment, c.modality AS modality,
  r.asserters AS asserters, coalesce(r.disputed, false) AS disputed
ORDER BY obliged, commitment, modality, asserters, disputed;
