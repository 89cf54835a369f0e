// Starts the engine, keeps what is pressed before it has loaded, and survives its crash.
//
// It talks with the page by events on the element `app`, each with a text as detail:
//   lab:intent   page → here   the n-th thing the user did, to be kept; what was kept from the n-th on is void
//   lab:copy     page → here   put this on the clipboard
//   lab:panic    page → here   the engine's last words
//   lab:ready    page → here   the engine listens now
//   lab:run      here → page   do this again
const engine = document.getElementById("engine");
const empty = document.getElementById("app").cloneNode(false);
let app = document.getElementById("app");
const live = () => document.getElementById("narration");
let journal = [];
let until = "0";
// What was pressed before this was read (early.js).
let pressed = [...new Set(early.pressed)];
document.removeEventListener("click", early.note);
let typed = new Map();
let ready = false;
let crashed = false;
let starts = 0;

// What the address asks for is obeyed by the first picture already.
const query = new URLSearchParams(location.search);
if (query.has("embed") && query.get("embed") !== "0") document.querySelector(".page").dataset.embed = "true";
if (/^(light|dark)$/.test(query.get("theme"))) document.documentElement.dataset.theme = query.get("theme");

// Before the engine listens: remember what is pressed and typed, and say so.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#app button[id]");
  if (ready || crashed || !button) return;
  if (!pressed.includes(button.id)) pressed.push(button.id);
  button.setAttribute("aria-busy", "true");
  live().textContent = "The engine is loading; what you pressed will be done in a moment.";
});
document.addEventListener("input", (event) => {
  if (!ready && event.target.id) typed.set(event.target.id, event.target.value);
});

// A crashed engine may go on talking; it is heard only as long as its element is the page's.
function listen() {
  const mine = app;
  const hear = (name, then) => mine.addEventListener(name, (event) => mine === app && then(event.detail));
  hear("lab:intent", (detail) => {
    const [, number, act] = /^(\d+) ([^]*)$/.exec(detail);
    journal.length = Math.min(journal.length, Number(number));
    journal.push(act);
  });
  hear("lab:copy", copy);
  hear("lab:panic", crash);
  hear("lab:ready", begin);
}

function begin() {
  ready = true;
  // For style sheets and for whoever looks from outside: the still picture has come to life.
  document.documentElement.dataset.engine = "ready";
  const kept = journal;
  journal = [];
  for (const act of [...kept, "until " + until]) app.dispatchEvent(new CustomEvent("lab:run", { detail: act }));
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new Event(field.localName === "select" ? "change" : "input", { bubbles: true }));
  }
  typed = new Map();
  // What was typed is taken in first; the page redraws between the two.
  setTimeout(() => pressed.splice(0).forEach((id) => document.getElementById(id)?.click()));
}

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
  delete document.documentElement.dataset.engine;
  const box = document.getElementById("crash");
  box.querySelector("pre").textContent = message;
  box.showModal();
}

// A fresh engine in a fresh element, with everything done again but the last `dropped` things.
async function restart(dropped) {
  // Every act begins with its moment: the last one dropped was at the moment to go back to.
  const cut = Math.max(0, journal.length - dropped);
  until = cut && journal[cut] ? journal[cut].split(" ")[0] : "0";
  journal = journal.slice(0, cut);
  document.getElementById("crash").close();
  const fresh = empty.cloneNode(false);
  app.replaceWith(fresh);
  app = fresh;
  crashed = false;
  ready = false;
  await start();
}
document.getElementById("crash-undo").addEventListener("click", () => restart(1));
document.getElementById("crash-new").addEventListener("click", () => restart(Infinity));

async function start() {
  starts += 1;
  listen();
  try {
    // Another address is another instance: the memory of a crashed one is not to be trusted.
    // The page in a single file carries both inside (src/bin/dev/single.rs).
    const inside = globalThis.engineInside?.();
    const module = inside ?? (await import(starts === 1 ? engine.href : engine.href + "?start=" + starts));
    await module.default({ module_or_path: inside?.bytes ?? new URL(engine.dataset.wasm, document.baseURI) });
  } catch (error) {
    if (!crashed) live().textContent = "The engine could not be loaded (" + error.message + "). Reload the page to try again.";
  }
}
start();
