// title: Sub-group or alias
// question: Where do sources disagree whether a name is a sub-group or just another name?
// columns: child, parent, says_subgroup, says_alias
// means: One row for each asserter who takes the child for a part of the parent and each who uses one
//   of its names as just another name of the parent, or says that both are the same.
// not: Not which of them is right. A name that is also in use for a third thing may be meant otherwise.

MATCH (child)<-[:SUBJECT]-(s:Claim {predicate: 'SUBGROUP_OF', polarity: 'positive', status: 'asserted'})-[:OBJECT]->(parent)
WITH s, parent, CASE WHEN child.id = parent.id THEN s.subject_name ELSE child.name END AS child_name,
  CASE WHEN child.id = parent.id THEN s.object_name ELSE parent.name END AS parent_name,
  CASE WHEN child.id = parent.id THEN [s.subject_name] ELSE child.names END AS names
MATCH (parent)<-[:SUBJECT]-(a:Claim {predicate: 'alias', polarity: 'positive', status: 'asserted'})
WHERE toLower(a.value) IN [x IN names | toLower(x)]
OPTIONAL MATCH (s)-[:ASSERTED_BY]->(one)
OPTIONAL MATCH (a)-[:ASSERTED_BY]->(two)
RETURN DISTINCT child_name AS child, parent_name AS parent, one.name AS says_subgroup, two.name AS says_alias
UNION
MATCH (child)<-[:SUBJECT]-(s:Claim {predicate: 'SUBGROUP_OF', polarity: 'positive', status: 'asserted'})-[:OBJECT]->(parent)
WITH s, child, CASE WHEN child.id = parent.id THEN s.subject_name ELSE child.name END AS child_name,
  CASE WHEN child.id = parent.id THEN s.object_name ELSE parent.name END AS parent_name,
  CASE WHEN child.id = parent.id THEN [s.object_name] ELSE parent.names END AS names
MATCH (child)<-[:SUBJECT]-(a:Claim {predicate: 'alias', polarity: 'positive', status: 'asserted'})
WHERE toLower(a.value) IN [x IN names | toLower(x)]
OPTIONAL MATCH (s)-[:ASSERTED_BY]->(one)
OPTIONAL MATCH (a)-[:ASSERTED_BY]->(two)
RETURN DISTINCT child_name AS child, parent_name AS parent, one.name AS says_subgroup, two.name AS says_alias
UNION
MATCH (child)<-[:SUBJECT]-(s:Claim {predicate: 'SUBGROUP_OF', polarity: 'positive', status: 'asserted'})-[:OBJECT]->(parent)
MATCH (child)<-[:SUBJECT|OBJECT]-(a:Claim {predicate: 'SAME_AS', polarity: 'positive', status: 'asserted'})
WHERE (a.subject = s.subject AND a.object = s.object) OR (a.subject = s.object AND a.object = s.subject)
OPTIONAL MATCH (s)-[:ASSERTED_BY]->(one)
OPTIONAL MATCH (a)-[:ASSERTED_BY]->(two)
RETURN DISTINCT CASE WHEN child.id = parent.id THEN s.subject_name ELSE child.name END AS child,
  CASE WHEN child.id = parent.id THEN s.object_name ELSE parent.name END AS parent,
  one.name AS says_subgroup, two.name AS says_alias;
