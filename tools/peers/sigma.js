// The picture of bench.pictures in sigma: places are given, nothing is laid out.

import Graph from "graphology";
import Sigma from "sigma";

const { x, y, kind, colours, ends, names } = JSON.parse(document.getElementById("data").textContent);
const graph = new Graph({ multi: true });
x.forEach((at, i) => graph.addNode(i, { x: at, y: -y[i], label: names[i], size: 3, color: colours[kind[i]] }));
for (let i = 0; i < ends.length; i += 2) graph.addEdge(ends[i], ends[i + 1], { size: 1, color: "#999999" });
const drawing = new Sigma(graph, document.getElementById("picture"));
const camera = drawing.getCamera();
window.turn = (odd) => camera.setState({ ratio: odd ? 1 : 1.01 });
