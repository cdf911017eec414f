/** Pieces of a page. */

export function make(tag, text, className, attributes = {}) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** What `build` made of a thing, as long as `sign` says the same of it. */
export function shelf() {
  const kept = new Map();
  return (key, sign, build) => {
    const before = kept.get(key);
    if (before && before.sign === sign) return before.element;
    const element = build();
    kept.set(key, { sign, element });
    return element;
  };
}

/** Put elements into another in this order; those that stand there already are left alone, for a page may have hundreds. */
export function arrange(home, wanted) {
  const stay = new Set(wanted);
  for (const one of [...home.childNodes]) if (!stay.has(one)) one.remove();
  let at = home.firstChild;
  for (const one of wanted) {
    if (one === at) at = at.nextSibling;
    else home.insertBefore(one, at);
  }
}

export const byId = (id) => document.getElementById(id);

export function button(text, run, title, className) {
  const element = make("button", text, className, { type: "button", ...(title ? { title } : {}) });
  element.addEventListener("click", (event) => { event.stopPropagation(); run(event); });
  return element;
}

let numbered = 0;

/**
 * An input with a list of what it may be. `options(typed)` gives `{value, text, note}`, best first; `pick(option, typed)`
 * is told what was taken. Enter and Tab take what is marked, arrows mark another.
 */
export function combobox(label, shown, options, pick) {
  const id = `box-${++numbered}`;
  const box = make("div", undefined, "combo");
  const input = make("input", undefined, "", { id, role: "combobox", "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false" });
  const list = make("ul", undefined, "", { id: `${id}-list`, role: "listbox", "aria-label": `${label}: choices`, hidden: "" });
  input.value = shown;
  let found = [], marked = 0, settled = shown;
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (index) => {
    marked = index;
    const items = [...list.querySelectorAll('[role="option"]')];
    items.forEach((one, i) => one.setAttribute("aria-selected", String(i === marked)));
    const chosen = items[marked];
    if (chosen) { input.setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
  };
  const take = (index) => {
    const option = found[index];
    if (!option) return;
    settled = input.value = option.shown ?? option.text;
    close();
    pick(option);
  };
  const open = () => {
    found = options(input.value === settled ? "" : input.value);
    list.replaceChildren(...found.map((option, i) => {
      const item = make("li", option.text, option.fresh ? "fresh" : "", { id: `${id}-${i}`, role: "option", "aria-selected": "false" });
      if (option.note) item.append(make("small", option.note));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
      return item;
    }));
    const offered = found[0]?.offered; // nothing is called so: all that there is, none of it marked
    if (offered) list.prepend(make("li", "nothing is called so; there is:", "none", { role: "presentation" }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!!found.length));
    if (found.length) mark(offered ? -1 : 0);
  };
  input.addEventListener("focus", () => { input.select(); if (!input.value) open(); });
  input.addEventListener("click", () => { if (list.hidden) open(); });
  input.addEventListener("input", open);
  input.addEventListener("blur", () => {
    if (input.value !== settled && input.value.trim() && found[marked]) take(marked);
    else if (!input.value.trim() && settled) { settled = ""; pick(null); } else input.value = settled;
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open(); else mark((Math.max(marked, event.key === "ArrowDown" ? -1 : 0) + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    } else if (event.key === "Enter" && !list.hidden) { event.preventDefault(); event.stopPropagation(); if (marked < 0) return; take(marked); following(input)?.focus(); } else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); input.value = settled; close(); }
  });
  box.append(make("label", label, "", { for: id }), input, list);
  return { box, input };
}

/** The field after one, so that taking a value leads on. */
function following(input) {
  const all = [...input.closest("form").querySelectorAll("input:not([type=checkbox]), select, button.strong")].filter((one) => one.offsetParent);
  return all[all.indexOf(input) + 1];
}

/** A label and its input. */
export function field(label, input) {
  const box = make("div", undefined, "field");
  input.id = `box-${++numbered}`;
  box.append(make("label", label, "", { for: input.id }), input);
  return box;
}

export function select(options, chosen) {
  const element = make("select");
  for (const [value, text] of options) {
    const option = make("option", text, "", { value });
    option.selected = value === chosen;
    element.append(option);
  }
  return element;
}
