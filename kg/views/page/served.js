// The page with a server behind it (`kg serve`): the same, and what asks for more than it holds.

import { start } from "./main.js";
import { startGraph } from "./served/graph.js";

export async function startServed() {
  startGraph();
  await start();
}
