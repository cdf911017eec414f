// title: Conflicts
// question: Where do claims disagree about the date or the number of one and the same thing?
// columns: subject, predicate, values
// means: Dates that cannot all be true because two of them do not overlap, and numbers (per unit) that
//   no number fits, each with its bound. `values` are all that were claimed, as bare numbers and dates: with unit, bound and hedge, and
//   who says which, they are in `conflicting_claims`.
// not: 2018 and June 2018 agree, and so do "over 150" and 200. Two times of day are compared in UTC; a
//   day and a time of day agree if they can, wherever on earth the day was meant. A difference of words ("stalled", "ongoing") is not looked for.

MATCH (s)<-[:SUBJECT]-(c:Claim {polarity: 'positive', status: 'asserted'})
WHERE c.number IS NOT NULL
WITH s, c ORDER BY c.number
WITH s, c.predicate AS predicate, c.unit AS unit,
  max(CASE WHEN coalesce(c.bound, 'point') <> 'upper' THEN c.number END) AS least,
  min(CASE WHEN coalesce(c.bound, 'point') <> 'lower' THEN c.number END) AS most,
  collect(DISTINCT CASE WHEN c.number = toInteger(c.number) THEN toInteger(c.number) ELSE c.number END) AS values
WHERE least > most
RETURN s.name AS subject, predicate, values
UNION ALL
MATCH (s)<-[:SUBJECT]-(c:Claim {polarity: 'positive', status: 'asserted'})
WHERE c.value = c.valid AND c.number IS NULL
WITH s, c, date('1970-01-01') AS epoch, c.valid_precision = 'instant' AS instant ORDER BY c.value
WITH s, c, CASE WHEN instant THEN datetime(c.value).epochMillis END AS moment,
  CASE WHEN NOT instant THEN duration.inDays(epoch, c.valid_from).days * 86400000 END AS earliest,
  CASE WHEN NOT instant THEN duration.inDays(epoch, c.valid_to).days * 86400000 + 86399999 END AS latest
WITH s, c.predicate AS predicate, collect(DISTINCT c.value) AS values,
  max(earliest) AS least, min(latest) AS most, max(moment) AS after, min(moment) AS before
WHERE coalesce(least > most, false) OR coalesce(after > before, false)
  OR coalesce(least - 50400000 > before, false) OR coalesce(after > most + 43200000, false)
RETURN s.name AS subject, predicate, values;
