// What a pointer tells.

import { byId, el } from "../draw/dom.js";
import { hedgesOf, saidBy, wordsOfTime } from "../model/told.js";
import { counted, shown } from "../model/visible.js";
import { model, nameOf } from "../rules/rows.js";
import { kindWords, many, words } from "../rules/words.js";

/** @returns {any} */
export function nodeTip(index) {
  const node = model.nodes[index];
  const counts = model.linksAt[node.index].filter((link) => shown.links.has(link.index)).length;
  const { time } = counted.facts[node.index];
  return [
    node.name,
    `${kindWords(node.kind)}${time ? ` · ${wordsOfTime(node.index)}` : ""} · ${many(counts, "relation")}`,
  ];
}

/** @returns {any} */
export function linkTip({ link: index, stem = false }) {
  const link = model.links[index];
  const together = stem && counted.bundles.find((bundle) => bundle.links.includes(index))?.links;
  const ends = (together || [index]).map((one) => nameOf(model.links[one].to)).join(", ");
  const hedges = hedgesOf(link);
  return [
    `${nameOf(link.from)} ${words(link.kind)} ${ends}`,
    `${together ? "Blamed together, not each, " : ""}${counted.counts.has(link.index) ? saidBy(link) : "declared"}${link.mark ? ` · ${link.mark}` : ""}${hedges ? ` · ${hedges}` : ""}`,
  ];
}

export function showTip([first, second], event) {
  const tip = byId("tip");
  const box = byId("main").getBoundingClientRect();
  tip.replaceChildren(el("strong", {}, first), ...(second ? [el("span", {}, second)] : []));
  tip.hidden = false;
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  tip.style.left = `${Math.max(4, Math.min(x + 14, box.width - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(4, Math.min(y + 16, box.height - tip.offsetHeight - 8))}px`;
}
