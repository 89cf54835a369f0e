// Starts the engine, keeps what is pressed before it has loaded, and survives its crash.
//
// It talks with the page by events on the element `app`, each with a text as detail:
//   lab:keep     page → here   everything done so far, to be opened again after a crash
//   lab:acting   page → here   something is being done; lab:acted when it is
//   lab:link     page → here   the fragment of the address from now on
//   lab:copy     page → here   put this on the clipboard
//   lab:save     page → here   save this: a name, a media type, then the text, each in a line of its own
//   lab:point    page → here   bring what has this id into sight
//   lab:follow   page → here   the controller waits for this pod now: scroll the stage and the timeline to it
//   lab:shut     page → here   close the layer with this id
//   lab:panic    page → here   the engine's last words
//   lab:drawn    page → here   the engine's own picture stands
//   lab:part     page → here   something in this part of the engine is called, and it has not come yet
//   lab:ready    here → all    the engine listens now
//   lab:run      here → page   open this: how, and below it a link's fragment or a file's text
const engine = document.getElementById("engine");
const empty = document.getElementById("app").cloneNode(false);
let app = document.getElementById("app");
const live = () => document.getElementById("narration");
// What was done so far, and whether something is being done just now.
let kept = "";
let acting = false;
let opens = location.hash ? "open\n" + location.hash : "";
// What was pressed before this was read (early.js).
let pressed = [...new Set(early.pressed)];
document.removeEventListener("click", early.note);
let typed = new Map();
let ready = false;
let crashed = false;
let starts = 0;
// A release comes in parts (src/bin/parts): what draws the page, what the lab needs at first, the rest. Those behind the
// first by their numbers: where they are fetched, and what was made of them, also for the engine after a crash.
const addresses = [1, 2].map((part) => engine?.getAttribute("data-part-" + part)).filter(Boolean);
const compiled = [];
// What the first part exports, and what all that are there export.
let wasm;
let earlier;
// The later parts of the page in a single file, which has them all inside.
let inside = [];
// What the narration's line said before it said that the engine is loading.
let told;

// What the address asks for is obeyed by the first picture already.
const query = new URLSearchParams(location.search);
const page = document.querySelector(".page");
const embed = query.has("embed") && query.get("embed") !== "0";
if (embed) page.dataset.embed = "true";
const panes = query.get("panes") || (embed ? "stage,terminals" : "");
for (const [pane, region, mark] of [["manifest", ".left", "left"], ["stage", ".stage"], ["panel", ".side"], ["terminals", ".dock", "dock"]]) {
  if (!panes || panes.split(",").includes(pane)) continue;
  page.querySelector(region)?.remove();
  delete page.dataset[mark];
}
if (/^(light|dark|contrast)$/.test(query.get("theme"))) document.documentElement.dataset.theme = query.get("theme");
if (query.get("motion") === "reduce") document.documentElement.dataset.motion = "reduce";
if (query.get("controls") === "0") document.documentElement.dataset.controls = "none";

// Before the engine listens: remember what is pressed and typed, and say so. The page that stands already must not do it
// too: it may need a part that has not come.
const before = (name, then) => {
  const first = (event) => {
    if (ready || crashed || !event.target.closest?.("#app") || event.target.type === "file") return;
    if (document.documentElement.dataset.engine === "drawn") event.stopPropagation();
    then?.(event);
  };
  document.addEventListener(name, first, true);
};
function remember(element, event) {
  if (document.documentElement.dataset.engine === "drawn") event.preventDefault();
  if (!pressed.includes(element.id)) pressed.push(element.id);
  element.setAttribute("aria-busy", "true");
  const text = live().firstChild;
  if (told?.text !== text) told = { text, was: text.data };
  text.data = "The engine is loading; what you pressed will be done in a moment.";
}
before("click", (event) => {
  const button = event.target.closest("button[id]");
  // Settings and what is modelled need no engine.
  if (button && (!button.popoverTargetElement || button.popoverTargetElement.closest("#app"))) remember(button, event);
});
before("keydown", (event) => event.key === "Enter" && event.target.matches("input[id]") && remember(event.target, event));
for (const name of ["input", "change"]) {
  before(name, ({ target }) => {
    if (!target.id) return;
    typed.set(target.id, target.value);
    // The colours that stand behind it in the editor are the engine's.
    target.style.color = "var(--ink)";
  });
}
const rest = ["mousedown", "mouseenter", "mouseleave", "mouseover", "mouseout", "focus", "blur", "focusin", "focusout"];
for (const name of rest) before(name);

// Only within a region that scrolls by itself, and not under somebody's hand.
function follow(pod) {
  const row = [...document.querySelectorAll(".rows li")].find((name) => name.textContent === pod);
  for (const it of [document.getElementById("seat-" + pod.split("-").pop()), row]) {
    const scrolls = (box) => box && box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY === "auto";
    const box = [".scene", ".rows", ".history"].map((name) => it?.closest(name)).find(scrolls);
    if (!box || box.matches(":hover, :focus-within")) continue;
    const [at, seen] = [it.getBoundingClientRect(), box.getBoundingClientRect()];
    if (at.top < seen.top + 28 || at.bottom > seen.bottom) box.scrollTop += at.top - seen.top - seen.height / 2;
  }
}

// A crashed engine may go on talking; it is heard only as long as its element is the page's.
function listen() {
  const mine = app;
  const hear = (name, then) => mine.addEventListener(name, (event) => mine === app && then(event.detail));
  hear("lab:keep", (text) => (kept = text));
  hear("lab:acting", () => (acting = true));
  hear("lab:acted", () => (acting = false));
  hear("lab:link", link);
  hear("lab:save", save);
  hear("lab:copy", copy);
  hear("lab:point", (name) => {
    const place = document.getElementById(name || "stage") ?? document.getElementsByClassName(name)[0];
    place?.scrollIntoView({ block: "nearest" });
  });
  hear("lab:follow", follow);
  hear("lab:shut", (id) => document.getElementById(id)?.hidePopover?.());
  hear("lab:panic", crash);
  hear("lab:drawn", fetchParts);
  hear("lab:part", (part) => {
    try {
      for (let nth = 1; nth <= part; nth += 1) {
        compiled[nth] ??= new WebAssembly.Module(inside[nth - 1] ?? readAtOnce(addresses[nth - 1]));
        take(nth);
      }
    } catch (error) {
      crash("A part of the engine could not be loaded (" + error.message + ").");
    }
  });
}

// One after the other, so that what is needed first has the line for itself. A whole session needs them all.
async function fetchParts() {
  const mine = app;
  document.documentElement.dataset.engine = "drawn";
  fields((field, value) => (field.value = value));
  const count = inside.length || addresses.length;
  const late = opens || /[?&](lesson|cmd|startAt)=/.test(location.search) ? count : 1;
  for (let nth = 1; nth <= count; nth += 1) {
    try {
      compiled[nth] ??= await WebAssembly.compile(inside[nth - 1] ?? (await bytes(addresses[nth - 1])));
      if (mine !== app || crashed) return;
      take(nth);
    } catch (error) {
      if (nth === 1) return unloaded(error);
      // It is fetched once more when something in it is called.
    }
    if (nth >= late) begin();
  }
  begin();
}

async function bytes(address) {
  const answer = await fetch(new URL(address, document.baseURI));
  if (!answer.ok) throw new Error("the server answered " + answer.status);
  return answer.arrayBuffer();
}

// Puts a part to those that are there, unless it is.
function take(nth) {
  const there = wasm["part-" + nth];
  if (there.value) return;
  const { exports } = new WebAssembly.Instance(compiled[nth], { p: earlier });
  earlier = { ...earlier, ...exports };
  there.value = 1;
}

// Somebody was faster than the network. A call into the engine cannot wait in any other way.
function readAtOnce(address) {
  document.documentElement.dataset.hurried = address;
  const request = new XMLHttpRequest();
  request.open("GET", new URL(address, document.baseURI), false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error("the server answered " + request.status);
  return Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 255);
}

// What was typed, field by field, as far as they are there.
function fields(then) {
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) then(field, value);
  }
}

function begin() {
  if (ready) return;
  ready = true;
  if (told?.text === live().firstChild) told.text.data = told.was;
  for (const busy of document.querySelectorAll("#app [aria-busy]")) busy.removeAttribute("aria-busy");
  // For style sheets and for whoever looks from outside: the still picture has come to life.
  document.documentElement.dataset.engine = "ready";
  app.dispatchEvent(new CustomEvent("lab:ready"));
  if (opens) run(opens);
  opens = "";
  fields((field, value) => {
    field.value = value;
    field.style.color = "";
    field.dispatchEvent(new Event(field.localName === "select" ? "change" : "input", { bubbles: true }));
  });
  typed = new Map();
  const press = (element) => {
    if (element?.localName === "button") element.click();
    else element?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  };
  // What was typed is taken in first; the page redraws between the two.
  setTimeout(() => pressed.splice(0).forEach((id) => press(document.getElementById(id))));
}

const run = (text) => app.dispatchEvent(new CustomEvent("lab:run", { detail: text }));

// Inside some frames the address may not be written; then Share still copies the link.
function link(fragment) {
  try {
    history.replaceState(history.state, "", fragment || location.pathname + location.search);
  } catch {}
}

// Another link in the same window: ours are written without this event.
window.addEventListener("hashchange", () => ready && run("open\n" + location.hash));

document.addEventListener("change", async (event) => {
  if (event.target.id !== "import" || !event.target.files.length) return;
  const text = await event.target.files[0].text();
  event.target.value = "";
  document.getElementById("share-layer")?.hidePopover?.();
  run("open\n" + (text || "empty"));
});

// A file, drawn first where a picture of dots is wanted.
async function save(detail) {
  const [, name, kind, text] = /^([^\n]*)\n([^\n]*)\n([^]*)$/.exec(detail);
  let blob = new Blob([text], { type: kind });
  if (kind === "image/png") {
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    blob = await new Promise((then) => canvas.toBlob(then, kind));
  }
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
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
  const box = document.getElementById("stopped");
  box.querySelector("pre").textContent = message;
  box.showModal();
}

// A fresh engine in a fresh element, with everything done again; without the last thing, where that is what crashed it.
async function restart(anew) {
  opens = anew || !kept ? "" : (acting ? "open\n" : "undo\n") + kept;
  if (anew) link("");
  kept = "";
  acting = false;
  document.getElementById("stopped").close();
  const fresh = empty.cloneNode(false);
  app.replaceWith(fresh);
  app = fresh;
  crashed = false;
  ready = false;
  await start();
}
document.getElementById("crash-undo").addEventListener("click", () => restart(false));
document.getElementById("crash-new").addEventListener("click", () => restart(true));

async function start() {
  starts += 1;
  wasm = undefined;
  listen();
  try {
    // Another address is another instance: the memory of a crashed one is not to be trusted.
    // The page in a single file carries both inside (src/bin/dev/single.rs).
    const own = globalThis.engineInside?.();
    inside = own?.parts ?? [];
    const module = own ?? (await import(starts === 1 ? engine.href : engine.href + "?start=" + starts));
    wasm = await module.default({ module_or_path: own?.bytes ?? new URL(engine.dataset.wasm, document.baseURI) });
    earlier = wasm;
  } catch (error) {
    unloaded(error);
  }
}

function unloaded(error) {
  if (!crashed) live().textContent = "The engine could not be loaded (" + error.message + "). Reload the page to try again.";
}

// A poster waits for a press; in a frame, the engine starts when somebody looks; alone, at once.
const waits = early.poster || window.parent !== window;
let first = () => {
  first = () => {};
  document.getElementById("start")?.remove();
  early.fetch();
  start();
};
if (!waits) {
  // The still picture is painted before the engine keeps the page busy; what is in the background is not painted at all.
  if (document.hidden) first();
  else requestAnimationFrame(() => setTimeout(() => first()));
} else {
  document.addEventListener("lab:start", () => first());
  document.addEventListener("click", (event) => event.target.closest?.("button") && first());
  if (early.poster) {
    const button = document.createElement("button");
    button.id = "start";
    button.className = "main";
    button.textContent = "Start the lab";
    document.body.append(button);
  } else new IntersectionObserver((seen) => seen.at(-1).isIntersecting && first()).observe(document.documentElement);
}

// Installed, or opened once, it works without a network. In many frames even looking for this throws.
try {
  if (window.parent === window && !globalThis.engineInside && /^https?:$/.test(location.protocol)) {
    navigator.serviceWorker.register("offline.js").catch(() => {});
  }
} catch {}
