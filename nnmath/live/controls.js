// The controls of a demo, as the browser's own elements: it gives them their keys, their focus and
// their names. `data-lm-suppress-shortcuts` tells Jupyter to leave the keys to the element itself.

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const ours = { "data-lm-suppress-shortcuts": "true" };

// A slider. Over explicit choices the browser moves an index, else the number itself.
function slider(model, el) {
  const choices = model.get("choices");
  const input = make("input", {
    type: "range",
    min: choices.length ? 0 : model.get("min"),
    max: choices.length ? choices.length - 1 : model.get("max"),
    step: choices.length ? 1 : model.get("step"),
    ...ours,
  });
  const value = make("span", { className: "nn-value", "aria-hidden": "true" });
  const label = make("label", {}, make("span", { className: "nn-name" }, model.get("label")), input);
  el.append(make("div", { className: "nn-control nn-slider" }, label, value));
  value.style.minWidth = `${model.get("width")}ch`;

  const show = () => {
    const now = model.get("value");
    input.value = choices.length ? choices.indexOf(now) : now;
    const text = written(now, model);
    value.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    const at = Number(input.value);
    model.set("value", choices.length ? choices[at] : at);
    model.save_changes();
  });
  model.on("change:value", show);
  show();
  return () => model.off("change:value", show);
}

// The same text as `Slider.text` in controls.py. A number that shows as zero has no sign.
function written(value, model) {
  const at = model.get("choices").indexOf(value);
  const digits = at < 0 ? rounded(value, model.get("decimals")) : model.get("texts")[at];
  const text = Number(digits) === 0 ? digits.replace("-", "") : digits.replace("-", "−");
  return [text, model.get("unit")].filter(Boolean).join(" ");
}

// As Python rounds: 0.125 lies between 0.12 and 0.13, and goes to the even digit, not up.
function rounded(value, decimals) {
  const up = value.toFixed(decimals);
  const halfWay = /50{29}$/.test(value.toFixed(decimals + 30));
  if (!halfWay || !/[13579]$/.test(up)) return up;
  return (value - Math.sign(value) * 0.5 * 10 ** -decimals).toFixed(decimals);
}

function choice(model, el) {
  const group = `nn${Math.random().toString(36).slice(2)}`;
  const inputs = model.get("choices").map((name) =>
    make("input", { type: "radio", name: group, value: name, ...ours })
  );
  const labels = inputs.map((input) => make("label", {}, input, input.value));
  const legend = make("legend", { className: "nn-name" }, model.get("label"));
  el.append(make("fieldset", { className: "nn-control nn-choice" }, legend, ...labels));
  const show = () => inputs.forEach((input) => (input.checked = input.value === model.get("value")));
  for (const input of inputs) {
    input.addEventListener("change", () => {
      model.set("value", input.value);
      model.save_changes();
    });
  }
  model.on("change:value", show);
  show();
  return () => model.off("change:value", show);
}

function button(model, el) {
  const node = make("button", { type: "button", className: "nn-control nn-button", ...ours });
  const show = () => (node.textContent = model.get("label"));
  el.append(node);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  node.addEventListener("click", () => model.send({ event: "click", still: still.matches }));
  model.on("change:label", show);
  show();
  return () => model.off("change:label", show);
}

// A button that keeps the time of an animation. It sends one message, and the next one only when
// the kernel has answered the last and the eye had its rest. Without an answer it is not shown.
function play(model, el) {
  const node = make("button", { type: "button", className: "nn-control nn-button", ...ours });
  node.style.visibility = "hidden"; // and keeps its place
  el.append(node);
  let mine = false; // of several views of one demo, the one that was pressed keeps the time
  let pressed = false; // what the last press asked for, while messages are open
  let open = 0; // messages that were not answered yet
  let timer;
  const say = (event) => {
    open += 1;
    model.send({ event });
  };
  const playing = () => (open ? pressed : model.get("playing"));
  const show = () => (node.textContent = playing() ? "Pause" : model.get("label"));
  const answered = () => {
    node.style.visibility = "visible";
    open = Math.max(0, open - 1);
    show();
    if (open) return; // an answer to what was said before the last press
    mine = mine && model.get("playing");
    if (mine) timer = setTimeout(() => say("step"), model.get("rest"));
  };
  const changed = () => {
    if (!open && !model.get("playing")) clearTimeout(timer); // a hand on the slider, or Reset
    show();
  };
  node.addEventListener("click", () => {
    pressed = mine = !playing();
    clearTimeout(timer);
    say(pressed ? "play" : "pause");
    show();
  });
  model.on("change:playing", changed);
  model.on("change:answers", answered);
  show();
  say("here");
  return () => {
    clearTimeout(timer);
    model.off("change:playing", changed);
    model.off("change:answers", answered);
  };
}

// A text that a screen reader speaks when it changes. While it changes faster than anyone can
// listen (a key is held), it is busy: the first change is spoken, and the last one when it is calm.
const CALM = 500; // ms
function words(model, el) {
  const node = make("div", { className: `nn-words nn-${model.get("role")}`, role: model.get("role") });
  node.style.minHeight = `${1.5 * model.get("lines")}em`;
  const loud = model.get("role") === "alert" ? "assertive" : "polite";
  el.append(node);
  let timer;
  const calm = () => {
    timer = undefined;
    node.setAttribute("aria-busy", "false");
  };
  const show = () => {
    node.setAttribute("aria-live", model.get("quiet") ? "off" : loud);
    if (node.textContent === model.get("value")) return;
    node.setAttribute("aria-busy", timer ? "true" : "false");
    node.textContent = model.get("value");
    clearTimeout(timer);
    timer = setTimeout(calm, CALM);
  };
  model.on("change", show);
  show();
  return () => {
    clearTimeout(timer);
    model.off("change", show);
  };
}

const kinds = { slider, choice, button, play, words };

export default {
  render({ model, el }) {
    el.classList.add("nn");
    return kinds[model.get("kind")](model, el);
  },
};
