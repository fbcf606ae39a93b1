// The cell that an address names: lite/notebooks/index.html?path=01_sigmoid_bce.ipynb#exercise-1.A

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function idle(panel) {
  const kernel = panel.sessionContext.session?.kernel;
  return panel.sessionContext.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}

// A kernel that is connected may still be without Python: only an answer proves it.
async function answers(panel) {
  while (!idle(panel)) await pause(100);
  const kernel = panel.sessionContext.session.kernel;
  await kernel.requestExecute({ code: "", silent: true, store_history: false }).done;
  while (!idle(panel)) await pause(20);
}

const place = (panel, id) => [...panel.content.model.cells].findIndex((cell) => cell.id === id);

// Shows the cell that the fragment names, and makes it live: all above it is run, a demo as well, and
// an exercise gets the cursor. Without a fragment the first demo is run, and nothing is scrolled.
export async function arrive(app, panel, anchors, fragment) {
  await panel.revealed;
  const asked = decodeURIComponent(fragment.slice(1));
  const id = anchors[asked] ?? asked;
  const found = place(panel, id);
  const at = found >= 0 ? found : place(panel, anchors["demo-1"]);
  const { content } = panel;
  const show = async () => {
    if (found < 0) return;
    content.activeCellIndex = found;
    await content.scrollToItem(found, "start");
  };
  await show();
  await answers(panel);
  performance.mark("nnmath: Python answers");
  if (at < 0 || content.mode === "edit") return; // whoever writes already is not disturbed
  const [before, pane] = [content.activeCellIndex, content.outerNode ?? content.node];
  const top = pane.scrollTop;
  content.activeCellIndex = at;
  if (at > 0) await app.commands.execute("notebook:run-all-above");
  content.activeCellIndex = at;
  const exercise = content.model.cells.get(at).getMetadata("tags")?.includes("exercise");
  if (!exercise) await app.commands.execute("notebook:run-cell");
  content.activeCellIndex = found < 0 ? before : found;
  if (found < 0) pane.scrollTop = top;
  await show();
  if (found >= 0 && exercise) {
    content.activate();
    content.mode = "edit";
  }
}
