// What a learner wrote stays in this browser, in JupyterLite's own store. A newer version of the
// course never replaces it: it stands beside it when the learner asks for it.

import { sayLater } from "./bar.js";
import { pack, unpack } from "./zip.js";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// JupyterLite's notebooks, {name: its record}. It makes the store itself; we only look.
async function store(root, mode, act) {
  const name = `JupyterLite Storage - ${root.pathname}`;
  if (!(await indexedDB.databases()).some((one) => one.name === name)) return undefined;
  const base = await done(indexedDB.open(name));
  try {
    if (![...base.objectStoreNames].includes("files")) return undefined;
    return await act(base.transaction("files", mode).objectStore("files"));
  } finally {
    base.close();
  }
}

const kept = (root, name) => store(root, "readonly", (files) => done(files.get(name)));
const forget = (root, name) => store(root, "readwrite", (files) => done(files.delete(name)));

async function mine(root) {
  const all = (await store(root, "readonly", (files) => done(files.getAll()))) ?? [];
  return all.filter((one) => one.type === "notebook" && one.content);
}

// The cells without their outputs, as [id, source].
const written = (notebook) =>
  notebook.cells.map(({ id, source }) => [id, Array.isArray(source) ? source.join("") : source]);
const same = (some, others) => JSON.stringify(some) === JSON.stringify(others);

// Which version of a notebook the learner's copy began as.
const key = (root, name) => `nnmath ${root.pathname} ${name}`;
const origin = (root, name) => JSON.parse(localStorage.getItem(key(root, name)) ?? "null");
const note = (root, name, cells) => localStorage.setItem(key(root, name), JSON.stringify(cells));

async function published(root, name) {
  const answer = await fetch(new URL(`files/${encodeURIComponent(name)}`, root));
  return answer.ok ? answer.json() : null;
}

const heading = (source) => source.match(/^#+ +(.+)$/m)?.[1].replaceAll(/[$*`\\]/g, "");

// What the newer version says elsewhere than the older one: the headings under which it does.
function changes(older, newer) {
  const before = new Map(older);
  const found = [];
  let under = "The beginning";
  for (const [id, source] of newer) {
    under = heading(source) ?? under;
    if (before.get(id) !== source) found.push(`${under}: ${before.has(id) ? "changed" : "new"}`);
  }
  const ids = new Set(newer.map(([id]) => id));
  const gone = older.filter(([id]) => !ids.has(id)).length;
  if (gone) found.push(`${gone === 1 ? "One cell is" : `${gone} cells are`} no longer there.`);
  return [...new Set(found)];
}

const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
};

async function freeName(root, name, word) {
  const stem = name.replace(/\.ipynb$/, "");
  for (let number = 1; ; number++) {
    const free = `${stem} (${word} ${today()}${number > 1 ? `, ${number}` : ""}).ipynb`;
    if (!(await kept(root, free))) return free;
  }
}

async function save(app, name, content) {
  await app.serviceManager.contents.save(name, { type: "notebook", format: "json", content });
}

const opened = (root, name) => {
  const app = location.pathname.includes("/lab/") ? "lab" : "notebooks";
  const address = new URL(`${app}/index.html`, root);
  address.searchParams.set("path", name);
  return address.href;
};

// Before JupyterLite reads the notebook: compares the learner's copy with the course. Returns what
// there is to tell, or null.
export async function bringUpToDate(root, name) {
  const course = name && (await published(root, name));
  if (!course) return null;
  const newer = written(course);
  const copy = (await kept(root, name))?.content;
  const older = origin(root, name);
  if (!copy || !older) {
    note(root, name, newer);
    return null;
  }
  if (same(older, newer)) return null;
  const list = changes(older, newer);
  note(root, name, newer); // told once
  if (same(written(copy), older)) {
    await forget(root, name);
    return { text: `${name} was brought up to date; you had written nothing in it. What is new:`, list };
  }
  const open = async () => {
    const beside = await freeName(root, name, "newer,");
    await save(window.jupyterapp, beside, course);
    location.assign(opened(root, beside));
  };
  return {
    text: `${name} has a newer version in the course. Your copy has changes of your own, so it was kept. What is new:`,
    list,
    acts: { "Open the newer version beside it": open },
  };
}

async function saved(app) {
  if (app.shell.currentWidget?.context?.model.dirty) await app.commands.execute("docmanager:save");
}

// All notebooks that are kept in this browser, as one zip archive.
export async function download(app, root) {
  const current = app.shell.currentWidget?.context;
  if (current && !(await kept(root, current.path))) await current.save();
  await saved(app);
  const notebooks = await mine(root);
  if (!notebooks.length) return "There is no notebook of yours yet: open one first.";
  const texts = notebooks.map((one) => [one.path, `${JSON.stringify(one.content, null, 1)}\n`]);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(pack(Object.fromEntries(texts)));
  link.download = `my-notebooks-${today()}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return `${texts.length === 1 ? "One notebook is" : `${texts.length} notebooks are`} in ${link.download}.`;
}

function notebook(name, text) {
  try {
    const content = JSON.parse(text);
    if (Array.isArray(content.cells) && content.nbformat) return content;
  } catch {}
  throw new Error(`${name} is no notebook, so nothing was uploaded.`);
}

// Puts notebooks, or an archive of them, where JupyterLite finds them. A copy with other answers of
// one's own is kept under another name.
export async function upload(app, root, files) {
  const found = {};
  for (const file of files) {
    const texts = file.name.endsWith(".zip")
      ? await unpack(file).catch((error) => {
          throw new Error(`${file.name} could not be read: ${error.message}.`);
        })
      : { [file.name]: await file.text() };
    for (const [path, text] of Object.entries(texts)) {
      const name = path.split("/").pop();
      if (name.endsWith(".ipynb")) found[name] = notebook(name, text);
    }
  }
  if (!Object.keys(found).length) throw new Error("There is no notebook among these files.");
  await saved(app);
  const aside = [];
  for (const [name, content] of Object.entries(found)) {
    const before = (await kept(root, name))?.content;
    const course = await published(root, name);
    const touched = before && !(course && same(written(before), written(course)));
    if (touched && !same(written(before), written(content))) {
      const other = await freeName(root, name, "kept");
      await save(app, other, before);
      aside.push(other);
    }
    await save(app, name, content);
    if (course) note(root, name, written(course));
  }
  const names = Object.keys(found).join(", ");
  sayLater(`Uploaded: ${names}.${aside.length ? ` What you had is kept as ${aside.join(", ")}.` : ""}`);
  const current = app.shell.currentWidget?.context;
  if (current && !found[current.path]) location.assign(opened(root, Object.keys(found)[0]));
  else location.reload();
}
