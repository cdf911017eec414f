// title: Leaders who met
// question: Which leaders met whom, between two dates?
// param from: day, first day
// param to: day, last day
// columns: leader, other, meeting, date
// means: Two people with the role Leader who took part in one meeting whose date overlaps the days asked
//   for. The date is as precise as the best source: `2018` means some time in that year.
// not: Not only what happened surely between the days: `2018` overlaps any day of it. A meeting without
//   any date is left out, and so is a visit whose list names the traveller and the host state alone.
//   Those who met one traveller on one stay need not all have met each other.
:param from => '2018-01-01';
:param to => '2018-12-31';

MATCH (a:Leader)-[:PARTICIPATED_IN {status: 'asserted'}]->(m:Meeting)<-[:PARTICIPATED_IN {status: 'asserted'}]-(b:Leader)
WHERE (a.name < b.name OR (a.name = b.name AND a.id < b.id)) AND m.occurred IS NOT NULL
  AND coalesce(m.occurred_from, date('0001-01-01')) <= date($to)
  AND coalesce(m.occurred_to, date('9999-12-31')) >= date($from)
WITH DISTINCT a, b, m
RETURN a.name AS leader, b.name AS other, m.name AS meeting, m.occurred AS date
ORDER BY date, leader, other, meeting;
