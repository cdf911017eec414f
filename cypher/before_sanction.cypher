// title: Before a sanction
// question: What happened in the 14 days before a sanction?
// param sanction: id, the sanction
// param days: integer, how many days to look back
// columns: event, days_before
// means: Incidents, statements, meetings, agreements, other sanctions and legal actions whose date is
//   known to the day, and how many days before the sanction they were; 0 is the day itself.
// not: Not why the sanction came: what is near in time need not be its cause.
:param sanction => 'sanction:us-treasury-2019';
:param days => 14;

MATCH (s:Sanction {id: $sanction})
WHERE s.occurred_from = s.occurred_to
MATCH (e:Incident|Statement|Meeting|Agreement|Sanction|LegalAction)
WHERE e.occurred_from = e.occurred_to AND e.id <> s.id AND e.occurred_from <= s.occurred_from
WITH e, duration.inDays(e.occurred_from, s.occurred_from).days AS days_before
WHERE days_before <= $days
RETURN e.name AS event, days_before
ORDER BY days_before, event;
