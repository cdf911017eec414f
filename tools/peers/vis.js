// The picture of bench.pictures in vis-network: places are given, physics is off.

import { DataSet, Network } from "vis-network/standalone";

const { x, y, kind, colours, ends, names } = JSON.parse(document.getElementById("data").textContent);
const nodes = x.map((at, id) => ({ id, x: at, y: y[id], label: names[id], shape: "dot", size: 10, color: colours[kind[id]] }));
const edges = [];
for (let i = 0; i < ends.length; i += 2) edges.push({ id: i, from: ends[i], to: ends[i + 1], color: "#999999" });
const drawing = new Network(
  document.getElementById("picture"),
  { nodes: new DataSet(nodes), edges: new DataSet(edges) },
  { physics: false, layout: { improvedLayout: false }, edges: { smooth: false } },
);
drawing.fit({ animation: false });
const scale = drawing.getScale();
window.turn = (odd) => drawing.moveTo({ scale: odd ? scale : scale * 1.01 });
