// title: Timeline
// question: What happened between two dates, in order, with the gap in days?
// param from: day, first day
// param to: day, last day
// columns: n, event, day, gap_days
// means: Incidents, statements, meetings, agreements, sanctions and legal actions whose date is known to
//   the day. Those of one day are in order of their names. A time of day counts in UTC.
// not: Not everything that happened: what is only known to the month or year, or went on for several
//   days, is left out.
:param from => '2019-09-01';
:param to => '2019-09-30';

MATCH (e:Incident|Statement|Meeting|Agreement|Sanction|LegalAction)
WHERE e.occurred_from = e.occurred_to AND e.occurred_from >= date($from) AND e.occurred_from <= date($to)
WITH e ORDER BY e.occurred_from, e.name, e.id
WITH collect({name: e.name, day: e.occurred_from}) AS events
UNWIND range(0, size(events) - 1) AS i
WITH i, events[i] AS event, CASE WHEN i > 0 THEN events[i - 1].day END AS before
RETURN i + 1 AS n, event.name AS event, toString(event.day) AS day,
  duration.inDays(before, event.day).days AS gap_days
ORDER BY n;
