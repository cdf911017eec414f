// Starting up, and the one function that brings everything up to date with the state.

import { drawn, fit, forgetDrawn, naming, network, placeOf, redraw, startDrawing } from "./draw/canvas.js";
import { nameCommunities } from "./draw/communities.js";
import { byId } from "./draw/dom.js";
import { linksOfEdge } from "./draw/lines.js";
import { load, loadLibrary } from "./model/load.js";
import { factLine } from "./model/provenance.js";
import { haltRun, stopRun } from "./model/run.js";
import { openWith, readAddress, select, state, writeAddress } from "./model/state.js";
import { on } from "./model/tell.js";
import { counted, look, shown, timeOf } from "./model/visible.js";
import { showFilters } from "./panel/filters.js";
import { startKeys } from "./panel/keys.js";
import { saying, showNotice } from "./panel/notice.js";
import { showPanel } from "./panel/panel.js";
import { startSearch } from "./panel/search.js";
import { applyTheme, startPrinting } from "./panel/theme.js";
import { edgeTip, nodeTip, showTip } from "./panel/tip.js";
import { showTools } from "./panel/toolbar.js";
import { model } from "./rules/rows.js";
import { neighbourhood, showPath, walking } from "./tools/walk.js";

export async function start() {
  applyTheme();
  await loadLibrary();
  await load();
  showTools();
  readAddress();
  look();
  nameCommunities();
  if (!location.hash && model.about.focus) openWith(focusOf(model.about.focus));
  startDrawing();
  listen();
  startSearch();
  startKeys();
  startMouse();
  startPrinting();
  refresh();
  fit();
  window.addEventListener("hashchange", () => {
    haltRun();
    readAddress();
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
    drawnNames: () => naming.drawn,
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

/** What stands below does not know what stands above it: it tells. */
function listen() {
  on("change", refresh);
  on("replaced", showOther);
  on("lens", stopRun);
  on("window", haltRun);
  on("run", showFilters);
  on("say", saying);
}

/** Another picture has taken the place of this one. */
function showOther() {
  look();
  forgetDrawn();
  nameCommunities();
  document.title = model.about.title;
  byId("title").textContent = model.about.title;
  refresh();
  fit();
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
