// Starting up, and the one function that brings everything up to date with the state.

async function start() {
  applyTheme();
  await loadLibrary();
  await load();
  showTools();
  state = fromAddress(location.hash);
  look();
  nameCommunities();
  if (!location.hash && model.about.focus) state.selected = focusOf(model.about.focus);
  startDrawing();
  startSearch();
  startKeys();
  startMouse();
  startPrinting();
  refresh();
  fit();
  window.addEventListener("hashchange", () => {
    haltRun();
    state = fromAddress(location.hash);
    refresh();
  });
  let width = innerWidth;
  window.addEventListener("resize", () => {
    if (innerWidth !== width) fit(); // a phone's keyboard changes the height alone
    width = innerWidth;
  });
  network.once("afterDrawing", () => {
    document.body.dataset.drawn = String(Math.round(performance.now()));
  });
  window.picture = {
    placeOf,
    timeOf,
    model,
    drawnNames: () => drawnNames,
    get state() {
      return state;
    },
    get shown() {
      return shown;
    },
    get counted() {
      return counted;
    },
  };
}

const focusOf = (id) => (model.number.get(id) < model.nodes.length ? { node: model.number.get(id) } : null);

/** Everything that shows the state. Called after each change of it. */
function refresh() {
  look();
  redraw();
  showFilters();
  showPanel();
  showNotice();
  byId("footer").textContent = factLine();
  byId("tip").hidden = true;
}

function showTools() {
  const tools = [
    ["Fit", () => fit(), "f"],
    ["Neighbourhood", neighbourhood, "n"],
    ["Path", startPath, "p"],
    ["Undo", undo, "z"],
    ["Back", back, "b"],
    ["Reset", reset, "a"],
    ["Table", showTable, "t"],
    ["Export", showExport, "e"],
    ["Theme", switchTheme, "d"],
    ["Help", showHelp, "?"],
  ];
  byId("tools").append(
    button("Filters", () => togglePart("filters"), { id: "tool-filters", class: "narrow" }),
    ...tools.map(([text, act, key]) =>
      button(text, act, {
        id: `tool-${text.toLowerCase()}`,
        title: `${text} (${key})`,
        "aria-keyshortcuts": key,
      }),
    ),
  );
}

const togglePart = (name) => document.body.classList.toggle(`${name}-open`);

function reset() {
  stopRun();
  change({ ...FRESH, selected: state.selected });
  fit();
}

/** What the reader should know about what is not shown. */
function showNotice() {
  const notice = byId("notice");
  const parts = [];
  if (notice.dataset.said) parts.push(el("span", {}, withNames(notice.dataset.said)));
  for (const text of notOffered) parts.push(el("span", {}, withNames(text)));
  if (shown.nodes.size < counted.here.size) {
    parts.push(
      el(
        "span",
        {},
        `${shown.nodes.size.toLocaleString("en")} of ${counted.here.size.toLocaleString("en")} nodes shown.`,
      ),
    );
    if (model.nodes.some((node) => node.later) && !state.all)
      parts.push(
        button(
          "Show all",
          () => {
            change({ all: true, only: null, near: null });
            fit();
          },
          { id: "show-all" },
        ),
      );
    if (state.only || state.near)
      parts.push(
        button(
          "Back to the whole",
          () => {
            change({ only: null, near: null });
            fit();
          },
          { id: "whole" },
        ),
      );
  }
  if (state.by !== null || state.asOf)
    parts.push(
      el("strong", {}, [
        state.by === null ? null : withNames(`According to ${named(state.by)}.`),
        state.asOf ? ` As of ${state.asOf}.` : null,
      ]),
    );
  notice.replaceChildren(...parts);
  notice.hidden = !parts.length;
  showEmpty();
}

/** An empty canvas says why it is empty, and how to come back. */
function showEmpty() {
  const left = counted.here.size;
  byId("empty").hidden = shown.nodes.size > 0;
  byId("empty").replaceChildren(
    el("p", {}, left ? "Nothing passes the filters." : "Under this lens nothing is left of the picture."),
    left
      ? button("Lift all filters", () => reset(), { id: "lift" })
      : button("Everybody, at any time", () => change({ asOf: null, by: null }), { id: "unlens" }),
  );
}

// --- mouse ------------------------------------------------------------------------------------------------

function startMouse() {
  network.on("click", ({ nodes, edges }) => {
    byId("canvas").focus();
    click(nodes[0], edges[0]);
  });
  network.on("doubleClick", ({ nodes }) => {
    if (nodes[0]?.startsWith("n")) neighbourhood();
  });
  network.on("dragEnd", ({ nodes }) => nodes.forEach(dropped));
  network.on("hoverNode", ({ node, event }) => showTip(nodeTip(node), event));
  network.on("hoverEdge", ({ edge, event }) => showTip(edgeTip(edge), event));
  for (const gone of ["blurNode", "blurEdge", "dragStart", "zoom"])
    network.on(gone, () => {
      byId("tip").hidden = true;
    });
}

function click(node, edge) {
  if (node?.startsWith("n")) {
    const index = Number(node.slice(1));
    if (walking !== null && walking !== index) return showPath(walking, index);
    return select({ node: index });
  }
  if (edge) return select({ link: linksOfEdge(edge)[0].index });
  return select(null);
}

function dropped(id) {
  if (!id.startsWith("n")) return;
  const node = model.nodes[Number(id.slice(1))];
  if (!state.pinned.includes(node.index)) Object.assign(node, network.getPosition(id));
  drawn.signature.delete(id);
  redraw();
  writeAddress();
}

function nodeTip(id) {
  if (!id.startsWith("n")) return ["Blamed together, not each"];
  const node = model.nodes[Number(id.slice(1))];
  const counts = model.linksAt[node.index].filter((link) => shown.links.has(link.index)).length;
  const { time } = counted.facts[node.index];
  return [
    node.name,
    `${kindWords(node.kind)}${time ? ` · ${wordsOfTime(node.index)}` : ""} · ${many(counts, "relation")}`,
  ];
}

function edgeTip(id) {
  const links = linksOfEdge(id);
  const [link] = links;
  const ends = links.map((one) => nameOf(one.to)).join(", ");
  const hedges = [
    ...new Set(
      liveClaims(link)
        .map((claim) => claim.hedge)
        .filter(Boolean),
    ),
  ]
    .map((hedge) => `“${hedge}”`)
    .join(", ");
  return [
    `${nameOf(link.from)} ${words(link.kind)} ${ends}`,
    `${counted.counts.has(link.index) ? saidBy(link) : "declared"}${hedges ? ` · ${hedges}` : ""}`,
  ];
}

function showTip([first, second], event) {
  const tip = byId("tip");
  const box = byId("main").getBoundingClientRect();
  tip.replaceChildren(el("strong", {}, first), ...(second ? [el("span", {}, second)] : []));
  tip.hidden = false;
  const source = event.center ?? event;
  const x = (source.clientX ?? source.x) - box.left;
  const y = (source.clientY ?? source.y) - box.top;
  tip.style.left = `${Math.max(4, Math.min(x + 14, box.width - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(4, Math.min(y + 16, box.height - tip.offsetHeight - 8))}px`;
}

// --- light, dark, paper -------------------------------------------------------------------------------------

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
let chosenTheme = remembered("theme");

/** The theme that was chosen, else the one that the reader's machine prefers. */
function applyTheme(theme = chosenTheme ?? (prefersDark.matches ? "dark" : "light")) {
  document.documentElement.dataset.theme = theme;
}

function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  chosenTheme = theme;
  remember("theme", theme);
  repaint();
  say(`${theme} colours`);
}

function repaint(theme) {
  applyTheme(theme);
  readColours();
  drawn.signature.clear();
  refresh();
}

function startPrinting() {
  window.addEventListener("beforeprint", () => {
    repaint("light");
    network.redraw(); // at once: the sheet is taken before the next frame
  });
  window.addEventListener("afterprint", () => repaint());
  prefersDark.addEventListener("change", () => repaint());
}

/** Where a node or an edge is on the page, for scripts and tests: `placeOf({ node })`, `placeOf({ link })`. */
function placeOf({ node, link }) {
  const box = byId("canvas").getBoundingClientRect();
  const at = view().place(node === undefined ? middleOf(edgeOfLink(link), 0.5) : model.nodes[node]);
  return { x: at.x + box.left, y: at.y + box.top };
}
