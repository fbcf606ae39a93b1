// What our bar says. Nothing in it moves JupyterLite more often than a line comes or goes.

const part = (id) => document.getElementById(`nn-${id}`);
const LATER = "nnmath said";

export function lay() {
  // JupyterLite draws itself anew when the window changes, and does not see that the bar did.
  new ResizeObserver(() => window.dispatchEvent(new Event("resize"))).observe(part("bar"));
  const text = sessionStorage.getItem(LATER);
  if (text) news({ text });
  sessionStorage.removeItem(LATER);
}

export function words(text) {
  if (part("words").textContent !== text) part("words").textContent = text;
}

// For after the page has been loaded again.
export function sayLater(text) {
  sessionStorage.setItem(LATER, text);
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

// The bar moves all the time; the words do once a second, for they are read out.
let spoken = 0;

export function progress(done, total) {
  part("progress").value = done / total;
  if (done < total) {
    if (performance.now() - spoken < 1000) return;
    spoken = performance.now();
    words(`Loading Python: ${megabytes(done)} of ${megabytes(total)} MB. You can read on.`);
  } else {
    words("Python is starting. You can read on.");
  }
}

export function ready(text = "Python is ready. Your answers stay in this browser.") {
  part("progress").hidden = true;
  words(text);
}

export function alarm(error) {
  const text = error.message ?? error;
  if (part("alarm").textContent) return; // the first one is the cause of the others
  part("progress").hidden = true;
  words("");
  part("alarm").textContent = `${text} `;
  part("alarm").append(button("Load the page again", () => location.reload()));
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.onclick = act;
  return made;
}

// A text, a list of what it is about, and what can be done, {label: function}.
export function news({ text, list = [], acts = {} }) {
  const box = part("news");
  const said = document.createElement("p");
  said.textContent = text;
  const lines = document.createElement("ul");
  for (const one of list) lines.append(Object.assign(document.createElement("li"), { textContent: one }));
  const buttons = Object.entries(acts).map(([label, act]) => button(label, act));
  buttons.push(button("Close", () => (box.hidden = true)));
  box.replaceChildren(said, ...(list.length ? [lines] : []), ...buttons);
  box.hidden = false;
}
