// What each type of values says of itself. This file stands for the one that is made from the ontology
// (`ValueType.page` in `kg/ontology/types/`) when a page is drawn, or when the script is checked.

/** @type {Record<string, any>} */
export const TYPE_RULES = {};
