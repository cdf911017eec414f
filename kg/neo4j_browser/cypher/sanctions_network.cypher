// title: Picture: sanctions and charges
// question: Who sanctions or charges whom, and over what?
// columns: p
// means: Sanctions and legal actions with those who imposed or brought them, those whom they name, and the incidents
//   that they cite.

MATCH p = (:Sanction|LegalAction)-[:IMPOSED_BY|BROUGHT_BY|DESIGNATES|CHARGES|CITES]->(b)
RETURN p LIMIT 300;
