// The start of a page of JupyterLite: first what the learner has kept, then JupyterLite, with words
// for the time until Python is there.

import { bringUpToDate, download, upload } from "./answers.js";
import { arrive } from "./cells.js";
import { alarm, lay, news, ready, words } from "./bar.js";
import { fetchRuntime, watchWorker } from "./runtime.js";

const ROOT = new URL("../", import.meta.url);
const name = new URLSearchParams(location.search).get("path");

async function course() {
  return (await fetch(new URL("nnmath/course.json", ROOT))).json();
}

async function appears(read) {
  for (;;) {
    const found = read();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function start() {
  if (document.readyState === "loading") {
    await new Promise((go) => document.addEventListener("DOMContentLoaded", go));
  }
  lay();
  const worker = await watchWorker(ROOT);
  const about = await course();
  const told = await bringUpToDate(ROOT, name).catch(() => null); // no storage, as in some windows
  if (told) news(told);
  if (!worker) await fetchRuntime(ROOT, about.runtime);
  await import(new URL("config-utils.js", ROOT));
  const app = await appears(() => window.jupyterapp);
  document.getElementById("nn-download").onclick = () => download(app, ROOT).then(words, alarm);
  const chooser = document.querySelector("#nn-upload input");
  chooser.onchange = () => upload(app, ROOT, [...chooser.files]).catch(alarm);
  // A tab that is left is saved at once; else JupyterLab does so a second after each change.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) app.commands.execute("docmanager:save").catch(() => {});
  });
  if (!name) {
    ready("Open a notebook.");
    return;
  }
  const panel = await appears(() => {
    const widget = app.shell.currentWidget;
    return widget?.sessionContext?.path === name ? widget : null;
  });
  words("Python is starting. You can read on.");
  const go = () => arrive(app, panel, about.anchors[name] ?? {}, location.hash);
  await go();
  window.addEventListener("hashchange", go);
  ready();
  worker?.keep();
}

start().catch((error) => alarm(`This page could not start (${error.message}). Load it again.`));
