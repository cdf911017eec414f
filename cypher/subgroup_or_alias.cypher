// title: Sub-group or alias
// question: Where do sources disagree whether a name is a sub-group or just another name?
// columns: child, parent, says_subgroup, says_alias
// means: One row for each asserter who takes the child for a part of the parent and each who uses the
//   name of one as just another name of the other, or says that both are the same.
// not: Not which of them is right. Only display names are compared, whatever their case: a third name
//   that both carry may be a mistake about that name.

CALL {
  MATCH (child)<-[:SUBJECT]-(s:Claim {predicate: 'SUBGROUP_OF', polarity: 'positive', status: 'asserted'})-[:OBJECT]->(parent)
  WITH s, parent, child.id AS low_id, parent.id AS high_id, CASE WHEN child.id = parent.id THEN coalesce(s.subject_name, child.name) ELSE child.name END AS lower,
    CASE WHEN child.id = parent.id THEN coalesce(s.object_name, parent.name) ELSE parent.name END AS upper
  MATCH (parent)<-[:SUBJECT]-(a:Claim {predicate: 'alias', polarity: 'positive', status: 'asserted'})
  WHERE toLower(a.value) = toLower(lower)
  OPTIONAL MATCH (s)-[:ASSERTED_BY]->(one)
  OPTIONAL MATCH (a)-[:ASSERTED_BY]->(two)
  RETURN low_id, high_id, lower, upper, one, two
  UNION
  MATCH (child)<-[:SUBJECT]-(s:Claim {predicate: 'SUBGROUP_OF', polarity: 'positive', status: 'asserted'})-[:OBJECT]->(parent)
  WITH s, child, child.id AS low_id, parent.id AS high_id, CASE WHEN child.id = parent.id THEN coalesce(s.subject_name, child.name) ELSE child.name END AS lower,
    CASE WHEN child.id = parent.id THEN coalesce(s.object_name, parent.name) ELSE parent.name END AS upper
  MATCH (child)<-[:SUBJECT]-(a:Claim {predicate: 'alias', polarity: 'positive', status: 'asserted'})
  WHERE toLower(a.value) = toLower(upper)
  OPTIONAL MATCH (s)-[:ASSERTED_BY]->(one)
  OPTIONAL MATCH (a)-[:ASSERTED_BY]->(two)
  RETURN low_id, high_id, lower, upper, one, two
  UNION
  MATCH (child)<-[:SUBJECT]-(s:Claim {predicate: 'SUBGROUP_OF', polarity: 'positive', status: 'asserted'})-[:OBJECT]->(parent)
  WITH s, child, child.id AS low_id, parent.id AS high_id, CASE WHEN child.id = parent.id THEN coalesce(s.subject_name, child.name) ELSE child.name END AS lower,
    CASE WHEN child.id = parent.id THEN coalesce(s.object_name, parent.name) ELSE parent.name END AS upper
  MATCH (child)<-[:SUBJECT|OBJECT]-(a:Claim {predicate: 'SAME_AS', polarity: 'positive', status: 'asserted'})
  WHERE (a.subject = s.subject AND a.object = s.object) OR (a.subject = s.object AND a.object = s.subject)
  OPTIONAL MATCH (s)-[:ASSERTED_BY]->(one)
  OPTIONAL MATCH (a)-[:ASSERTED_BY]->(two)
  RETURN low_id, high_id, lower, upper, one, two
}
WITH DISTINCT low_id, high_id, lower, upper, one, two
RETURN lower AS child, upper AS parent, one.name AS says_subgroup, two.name AS says_alias
ORDER BY child, parent, says_subgroup, says_alias;
