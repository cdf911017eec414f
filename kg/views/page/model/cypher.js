// The Cypher that gives what is seen.

import { model } from "../rules/rows.js";
import { state, underLens } from "./state.js";
import { counted, shown } from "./visible.js";

export function chosenCypher() {
  const { node, link } = state.selected ?? {};
  if (node !== undefined) return nodeCypher(model.nodes[node]);
  return link !== undefined ? linkCypher(model.links[link]) : viewCypher();
}

const quoted = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

export const nodeCypher = (node) => `MATCH (n:${node.kind} {id: ${quoted(node.id)}})-[r]-(m)\nRETURN n, r, m`;

export function linkCypher(link) {
  const [from, to] = [model.nodes[link.from], model.nodes[link.to]];
  return `MATCH (a:${from.kind} {id: ${quoted(from.id)}})-[r:${link.kind}]->(b:${to.kind} {id: ${quoted(to.id)}})\nRETURN a, r, b`;
}

/** The view's own query; once the reader has narrowed it, one for the nodes and kinds that are left. */
export function viewCypher() {
  const whole = !underLens() && shown.nodes.size === counted.here.size && shown.links.size === counted.links.size;
  if (whole && model.about.cypher) return model.about.cypher;
  const list = [...shown.nodes].map((index) => quoted(model.nodes[index].id)).join(", ");
  if (!shown.links.size) return `MATCH (n)\nWHERE n.id IN [${list}]\nRETURN n`;
  const kinds = kindsOfLinks().join("|");
  return `MATCH (a)-[r:${kinds}]->(b)\nWHERE a.id IN [${list}]\n  AND b.id IN [${list}]\nRETURN a, r, b`;
}

const kindsOfLinks = () => [...new Set([...shown.links].map((index) => model.links[index].kind))].sort();
