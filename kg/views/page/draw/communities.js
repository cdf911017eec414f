// Communities, named by their weightiest members.

import { model } from "../rules/rows.js";
import { push } from "../rules/words.js";
import { cut } from "./text.js";

export function nameCommunities() {
  const groups = new Map();
  for (const node of model.nodes) if (node.community !== undefined) push(groups, node.community, node);
  model.communities = [...groups.values()]
    .filter((group) => group.length > 2)
    .map((group) => {
      const [first] = [...group].sort(
        (one, another) => another.weight - one.weight || one.index - another.index,
      );
      const mean = (name) => group.reduce((sum, node) => sum + node[name], 0) / group.length;
      const top = Math.min(...group.map((node) => node.y));
      const alone = group.every((node) => !model.linksAt[node.index].length);
      const name = alone
        ? `${group.length.toLocaleString("en")} without a relation`
        : `${cut(first.name, 28)} +${group.length - 1}`;
      const inside = (2 * top + mean("y")) / 3;
      return { name, x: mean("x"), top, inside, nodes: group.map((node) => node.index) };
    });
}
