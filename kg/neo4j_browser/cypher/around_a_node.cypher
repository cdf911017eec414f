// title: Picture: around a node
// question: What is joined to a node directly, leaving aside who says so?
// param node: id, the node in the middle (its id)
// columns: p
// means: The edges of a node and what is at their other ends; claims and documents are left out.
:param node => 'group:lazarus-group';

MATCH p = (n)-[]-(m)
WHERE n.id = $node AND NOT m:Claim AND NOT m:Document
RETURN p LIMIT 300;
