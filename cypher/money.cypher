// title: Money
// question: What was stolen and what was merely attempted? Never added together.
// columns: incident, kind, usd, bound, hedge
// means: Every figure in US dollars that somebody gives. `bound` says how it is meant: this much
//   (point), at least (lower), at most (upper).
// not: Do not add rows: figures of one incident are rival statements, and stolen and attempted
//   overlap. Other currencies are not converted. A figure that several give alike is one row.

MATCH (i:Incident)<-[:SUBJECT]-(c:Claim {polarity: 'positive', status: 'asserted'})
WHERE c.unit = 'USD' AND c.predicate IN ['amount_stolen', 'amount_attempted']
WITH DISTINCT i, CASE c.predicate WHEN 'amount_stolen' THEN 'stolen' ELSE 'attempted' END AS kind,
  toInteger(c.number) AS usd, coalesce(c.bound, 'point') AS bound, c.hedge AS hedge
RETURN i.name AS incident, kind, usd, bound, hedge
ORDER BY incident, kind DESC, usd, bound, hedge;
