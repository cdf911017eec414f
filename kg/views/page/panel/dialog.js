// Dialogs.

import { button, byId, el } from "../draw/dom.js";

export function openDialog(title, ...content) {
  const dialog = byId("dialog");
  dialog.replaceChildren(
    el(
      "div",
      { class: "dialog-head" },
      el("h2", { id: "dialog-title" }, title),
      button("Close", () => dialog.close(), { class: "close" }),
    ),
    ...content,
  );
  if (!dialog.open) dialog.showModal();
}
