// What stands in for the kernel on a static page. Each demo was recorded from its default state, one
// control at a time; here the picture and the words of one recorded frame are put in place.
// Above this stands controls.js, whose `controls.render` makes the controls themselves.

const PLAYED = 50; // ms a picture of an animation
const still = matchMedia("(prefers-reduced-motion: reduce)");

// As much of a widget's model as the controls use.
class Model {
  constructor(values, moved = () => {}, told = () => {}) {
    Object.assign(this, { values: { ...values }, heard: [], moved, told });
  }
  get(name) {
    return this.values[name];
  }
  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const [event, listener] of [...this.heard]) {
      if (event === "change" || event === `change:${name}`) listener();
    }
  }
  save_changes() {
    this.moved();
  }
  send(content) {
    this.told(content.event);
  }
  on(event, listener) {
    this.heard.push([event, listener]);
  }
  off(event, listener) {
    this.heard = this.heard.filter(([e, l]) => e !== event || l !== listener);
  }
}

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

function demo(root) {
  const spec = JSON.parse(root.querySelector(".spec").textContent);
  const picture = root.querySelector(".layers").lastElementChild;
  const end = root.querySelector(".end");
  const models = new Map();
  let recording; // a promise, made when the demo is about to be seen
  let wish = 0; // counts what was asked for, so that only the last wish is fulfilled
  let timer;

  const load = () => (recording ??= unpacked(root.querySelector(".frames").textContent));
  const place = (model) => {
    const choices = model.get("choices");
    if (choices?.length) return choices.indexOf(model.get("value"));
    return Math.round((model.get("value") - model.get("min")) / model.get("step"));
  };
  const rest = () => {
    clearTimeout(timer);
    for (const { model, about } of models.values()) {
      if (about.kind === "button") model.set("label", about.label);
      if (about.kind === "play") model.set("playing", false);
    }
    words.set("quiet", false);
  };

  // Show what `choose` picks from the recording, unless something else was asked for meanwhile.
  const show = async (choose) => {
    const mine = ++wish;
    const data = await load();
    if (mine !== wish) return;
    const [readout, alt, moved, parts] = choose(data);
    picture.innerHTML = parts.map((part) => data.parts[part]).join("");
    picture.setAttribute("aria-label", alt);
    for (const [key, { model, about }] of models) {
      if ("value" in about) model.set("value", key in moved ? moved[key] : about.value);
    }
    words.set("value", readout);
  };

  const others = (key) => {
    for (const [name, each] of models) if (name !== key) each.pressed = 0;
    end.textContent = "";
  };
  const moved = (key) => {
    rest();
    others(undefined);
    const { model } = models.get(key);
    const at = place(model);
    show((data) => data.frames[key][at]);
  };

  const press = async (key) => {
    const button = models.get(key);
    const running = button.model.get("label") !== button.about.label;
    rest();
    if (running) return;
    others(key);
    if (key === "reset") {
      button.pressed = 0;
      show((data) => data.start);
      return;
    }
    const frames = (await load()).frames[key];
    const last = frames.length - 1;
    if (button.pressed > last && button.about.round) button.pressed = 0;
    if (button.pressed > last) {
      if (button.about.short) end.textContent = "No further press was recorded. Reset begins again.";
      return;
    }
    if (button.about.repeat === 1 || still.matches) {
      button.pressed = button.about.repeat === 1 ? button.pressed + 1 : frames.length;
      const at = button.pressed - 1;
      show((data) => data.frames[key][at]);
      return;
    }
    button.model.set("label", "Stop");
    words.set("quiet", true);
    const next = () => {
      const at = button.pressed++;
      if (at >= last) rest(); // before the last picture, so that its numbers are read out
      show((data) => data.frames[key][at]);
      if (at < last) timer = setTimeout(next, PLAYED);
    };
    next();
  };

  // What a Play button asks of the kernel, and is answered by a count.
  const play = (key, event) => {
    const { model, about } = models.get(key);
    const slider = models.get(about.slider).model;
    const choices = slider.get("choices");
    const ends = choices.length ? choices.length - 1 : place(new Model({ ...slider.values, value: slider.get("max") }));
    const at = (k) => show((data) => data.frames[about.slider][k]);
    const answer = () => model.set("answers", model.get("answers") + 1);
    const now = place(slider);
    if (event === "play") {
      rest();
      others(undefined);
      model.set("playing", true);
      words.set("quiet", true);
      at(now >= ends ? 0 : now).then(answer);
    } else if (event === "step" && model.get("playing")) {
      if (now + 1 >= ends) rest();
      at(Math.min(now + 1, ends)).then(answer);
    } else {
      rest();
      setTimeout(answer);
    }
  };

  const rows = { true: document.createElement("div"), false: document.createElement("div") };
  for (const about of spec.controls) {
    const model = new Model(
      about,
      () => moved(about.key),
      (event) => (about.kind === "play" ? play(about.key, event) : press(about.key))
    );
    models.set(about.key, { model, about, pressed: 0 });
  }
  const words = new Model({ kind: "words", role: "status", ...spec.words, quiet: false });
  for (const [, { model, about }] of models) {
    const el = document.createElement("div");
    el.style.flex = about.flex;
    if (about.wide) el.style.width = about.wide;
    controls.render({ model, el });
    rows["value" in about].append(el);
  }
  for (const value of [true, false]) {
    rows[value].className = "row";
    root.querySelector(".controls").append(rows[value]);
  }
  const readout = root.querySelector(".readout");
  readout.textContent = "";
  controls.render({ model: words, el: readout });
  new IntersectionObserver((seen, observer) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    load();
  }, { rootMargin: "100%" }).observe(root);
}

// What is wider than the window scrolls in a frame of its own, which the keyboard can reach.
function reachable() {
  for (const formula of document.querySelectorAll("main :not(.wide) > math")) {
    formula.classList.remove("wide");
    const room = formula.parentElement.closest("p, li, td, th, summary, h1, h2, h3")?.clientWidth;
    if (room && formula.getBoundingClientRect().width > room) formula.classList.add("wide");
  }
  for (const frame of document.querySelectorAll(".wide, pre")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute("tabindex");
  }
}

// A page opened from a file cannot start Python: say what can, instead of an address that stays blank.
function askForServer(event) {
  event.preventDefault();
  const [, page] = location.pathname.match(/([^/]*)$/);
  const dialog = document.createElement("dialog");
  dialog.className = "serve";
  dialog.setAttribute("aria-labelledby", "serve");
  dialog.innerHTML = `<h2 id="serve">Running needs a server</h2>
<p>This page was opened from a file. Reading works, and so do the demos; but a browser starts Python only for
a page that comes from a server. One is soon started. In a terminal, in the folder of this page:</p>
<pre>python -m http.server</pre>
<p>Then open <a></a>, and press the same button there. Nothing leaves this machine.</p>
<form method="dialog"><button class="way">Close</button></form>`;
  const link = dialog.querySelector("a");
  link.href = link.textContent = `http://localhost:8000/${page}`;
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

if (location.protocol === "file:") {
  for (const way of document.querySelectorAll("a.run")) way.addEventListener("click", askForServer);
}
document.querySelectorAll(".demo").forEach(demo);
reachable();
addEventListener("resize", reachable);
document.fonts.ready.then(reachable);
document.addEventListener("toggle", reachable, true);
