// Python's way into the browser: by the service worker, which keeps it, or by this page alone.

import { alarm, news, progress } from "./bar.js";

const broken = (name, why) =>
  `Python cannot start here: of the file ${name.split("/").pop()} ${why}. ` +
  "If that stays so, whoever runs this site must put the file there anew.";

// Returns what the page can ask of the worker, or null where no worker is allowed.
export async function watchWorker(root) {
  const workers = navigator.serviceWorker;
  if (!workers || !globalThis.crypto?.subtle) return null;
  const known = workers.controller !== null;
  let started = false;
  workers.addEventListener("controllerchange", () => {
    if (!known && !started) return; // the first one
    // A newer version of the course took over. Nothing is lost: all is saved a second after a change.
    if (!started) location.reload();
    else {
      news({
        text: "A newer version of the course has arrived.",
        acts: { "Load it": () => location.reload() },
      });
    }
  });
  workers.addEventListener("message", ({ data }) => {
    const { done, total, failed, why, kept } = data?.nnmath ?? {};
    if (failed && !started) alarm(broken(failed, why === "it did not arrive" ? "nothing arrived" : "another one arrived than was published"));
    else if (total && !started) progress(done, total);
    if (kept) document.documentElement.dataset.nnKept = "";
  });
  try {
    // JupyterLite asks for this very address, and would replace a worker that it does not know.
    const address = new URL("service-worker.js?enableCache=false", root).href;
    const lite = await (await fetch(new URL("jupyter-lite.json", root))).json();
    localStorage.setItem(`${address}-version`, lite["jupyter-config-data"].appVersion);
    const registration = await workers.register(address);
    registration.update().catch(() => {}); // without a network there is nothing newer
    const { active } = await workers.ready;
    if (!workers.controller) {
      await new Promise((resolve) => {
        workers.addEventListener("controllerchange", resolve, { once: true });
        if (workers.controller) resolve();
      });
    }
    const worker = workers.controller ?? active;
    worker.postMessage({ nnmath: { ask: "runtime" } });
    return {
      keep() {
        started = true;
        const names = performance.getEntriesByType("resource").map((entry) => entry.name);
        worker.postMessage({ nnmath: { ask: "keep", names: [...names, location.href] } });
      },
    };
  } catch {
    return null; // a private window, say
  }
}

// Without a worker: the browser's own cache holds the files until Python asks for them.
export async function fetchRuntime(root, files) {
  const total = files.reduce((sum, [, size]) => sum + size, 0);
  let done = 0;
  progress(0, total);
  for (const [name, size, integrity] of files) {
    const address = new URL(name, root);
    const answer = await fetch(address, { integrity }).catch(() => null);
    if (!answer?.ok) {
      alarm(broken(name, "nothing arrived, or another one than was published"));
      throw new Error("Python is not complete");
    }
    await answer.arrayBuffer();
    done += size;
    progress(done, total);
  }
}
