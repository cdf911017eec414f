// Starting up, and the one function that brings everything up to date with the state.

import { sketch } from "./draw/sketch.js";
import { fit, forgetDrawn, placeOf, redraw, renew, startDrawing } from "./draw/canvas.js";
import { nameCommunities } from "./draw/communities.js";
import { byId } from "./draw/dom.js";
import { naming } from "./draw/naming.js";
import { load } from "./model/load.js";
import { factLine } from "./model/provenance.js";
import { haltRun, playing, stopRun } from "./model/run.js";
import { openWith, readAddress, state } from "./model/state.js";
import { on } from "./model/tell.js";
import { counted, look, shown, timeOf } from "./model/visible.js";
import { showFilters } from "./panel/filters.js";
import { startKeys } from "./panel/keys.js";
import { saying, showNotice } from "./panel/notice.js";
import { showPanel } from "./panel/panel.js";
import { startPointer } from "./panel/pointer.js";
import { startSearch } from "./panel/search.js";
import { applyTheme, startPrinting } from "./panel/theme.js";
import { showTools } from "./panel/toolbar.js";
import { gatherNames } from "./rules/names.js";
import { model } from "./rules/rows.js";

export async function start() {
  applyTheme();
  const stopSketching = await sketch();
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
  startPointer();
  startPrinting();
  refresh();
  const { moved } = stopSketching(); // whoever has looked around goes on from there
  if (!moved) fit();
  whenIdle(gatherNames);
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

/** What will be asked for is got ready once the reader sees the picture. */
const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 300));

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
  refreshedFor = "";
  document.title = model.about.title;
  byId("title").textContent = model.about.title;
  refresh();
  fit();
  whenIdle(gatherNames);
}

const focusOf = (id) => (model.number.get(id) < model.nodes.length ? { node: model.number.get(id) } : null);

let refreshedFor = ""; // all of the state but what is chosen

/** Everything that shows the state. Called after each change of it; what is chosen changes the least. */
function refresh() {
  const now = JSON.stringify([{ ...state, selected: null }, document.documentElement.dataset.theme, Boolean(playing)]);
  if (now === refreshedFor) redraw();
  else {
    look();
    renew();
    showFilters();
  }
  refreshedFor = now;
  showPanel();
  showNotice();
  byId("footer").textContent = factLine();
  byId("tip").hidden = true;
}
