// Starts the engine, keeps what is pressed before it has loaded, and survives its crash.
//
// It talks with the page by events on `document`, each with a text as detail:
//   lab:intent   page → here   one thing the user did, to be kept
//   lab:copy     page → here   put this on the clipboard
//   lab:panic    page → here   the engine's last words
//   lab:ready    page → here   the engine listens now
//   lab:run      here → page   do this: what was pressed or kept
const engine = document.getElementById("engine");
const empty = document.getElementById("app").cloneNode(false);
let journal = [];
let pressed = [];
let ready = false;
let crashed = false;
let starts = 0;

const send = (text) =>
  document.dispatchEvent(new CustomEvent("lab:run", { detail: text }));

// Before the engine listens: remember the first press of each button, and say so.
function remember(event) {
  if (ready || crashed) return;
  const button = event.target.closest?.("button[data-press]");
  if (!button) return;
  if (!pressed.includes(button.dataset.press)) pressed.push(button.dataset.press);
  button.setAttribute("aria-busy", "true");
  const line = document.getElementById("narration");
  if (line) line.textContent = "The engine is loading; what you pressed will be done in a moment.";
}
document.addEventListener("click", remember);

document.addEventListener("lab:intent", (event) => journal.push(event.detail));
document.addEventListener("lab:copy", (event) => copy(event.detail));
document.addEventListener("lab:panic", (event) => crash(event.detail));
document.addEventListener("lab:ready", () => {
  ready = true;
  const kept = journal;
  journal = [];
  kept.forEach(send);
  pressed.forEach((press) => send("press " + press));
  pressed = [];
});
window.addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) crash(event.message);
});

// The clipboard is forbidden in many frames; the old way of copying often is not.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    before?.focus();
  }
}

function crash(message) {
  if (crashed) return;
  crashed = true;
  const box = document.getElementById("crash");
  box.querySelector("pre").textContent = message;
  box.showModal();
}

// A fresh engine in a fresh page, with everything done again but the last `dropped` things.
async function restart(dropped) {
  journal = dropped < journal.length ? journal.slice(0, journal.length - dropped) : [];
  document.getElementById("crash").close();
  document.getElementById("app").replaceWith(empty.cloneNode(false));
  crashed = false;
  ready = false;
  await start();
}
document.getElementById("crash-undo").addEventListener("click", () => restart(1));
document.getElementById("crash-new").addEventListener("click", () => restart(Infinity));

async function start() {
  starts += 1;
  // Text typed into the still picture must not be lost.
  const typed = document.getElementById("manifest")?.value;
  if (typed !== undefined) document.documentElement.dataset.manifest = typed;
  try {
    // Another address is another instance: the memory of a crashed one is not to be trusted.
    const module = await import(starts === 1 ? engine.href : engine.href + "?start=" + starts);
    await module.default({ module_or_path: new URL(engine.dataset.wasm, document.baseURI) });
  } catch (error) {
    if (crashed) return;
    const line = document.getElementById("narration");
    if (line) line.textContent = "The engine could not be loaded (" + error.message + "). Reload the page to try again.";
  }
}
start();
