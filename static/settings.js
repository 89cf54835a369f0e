// The settings: read before the engine begins, kept where the browser allows that, told to the page as they change.
const KEPT = "statefulset-playground.settings";
const form = document.getElementById("settings-form");
const query = new URLSearchParams(location.search);
const root = document.documentElement;
const LATENCIES = ["pull", "mount", "start", "stop", "provision"];
const plain = { theme: "auto", motion: "auto", speed: "5", world: "life" };

// Inside a sandboxed frame even looking at the storage throws; then they last as long as the page.
const storage = (act) => {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
};
const engine = (line) => document.getElementById("app").dispatchEvent(new CustomEvent("lab:do", { detail: line }));
const fields = () => [...form.elements].filter((field) => field.name);
const value = (field) => (field.type === "checkbox" ? (field.checked ? "1" : "0") : field.value);

function read() {
  const kept = new URLSearchParams(query.has("embed") ? "" : (storage((s) => s.getItem(KEPT)) ?? ""));
  for (const field of fields()) {
    const text = kept.get(field.name);
    if (text === null) continue;
    if (field.type === "checkbox") field.checked = text === "1";
    else field.value = text;
  }
}

// What the address asks for comes first.
function show() {
  const { lecture, motion } = form.elements;
  root.toggleAttribute("data-lecture", query.has("lecture") ? query.get("lecture") !== "0" : lecture.checked);
  if (!query.has("motion")) motion.value === "reduce" ? (root.dataset.motion = "reduce") : delete root.dataset.motion;
}

function tell(field) {
  if (field.name === "theme" && !query.has("theme")) engine("theme " + (field.value === "auto" ? "" : field.value));
  if (field.name === "speed" && !query.has("speed")) engine("speed " + field.value);
}

// The cluster of a fresh session: its world, and what takes another time there. Each is an act, so that a link holds it.
function cluster(anew) {
  const { world } = form.elements;
  if (anew || world.value !== plain.world) engine("world " + world.value);
  for (const name of LATENCIES) {
    const ms = form.elements[name].value;
    if (/^\d+$/.test(ms)) engine(`takes ${name} ${ms}`);
  }
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", ({ target }) => {
  const kept = new URLSearchParams(fields().map((field) => [field.name, value(field)]));
  storage((s) => s.setItem(KEPT, kept.toString()));
  show();
  tell(target);
});
document.getElementById("anew").addEventListener("click", () => {
  document.getElementById("settings").hidePopover?.();
  // What has not begun begins with it.
  if (root.dataset.engine !== "ready") return;
  cluster(true);
  fields().forEach(tell);
});
document.getElementById("settings-reset").addEventListener("click", () => {
  form.reset();
  storage((s) => s.removeItem(KEPT));
  show();
  fields().forEach(tell);
});

read();
show();
let begun = false;
const begin = () => {
  if (begun || root.dataset.engine !== "ready") return;
  begun = true;
  for (const field of fields()) if (field.name in plain && value(field) !== plain[field.name]) tell(field);
  if (!location.hash && !query.has("embed")) cluster(false);
};
new MutationObserver(begin).observe(root, { attributeFilter: ["data-engine"] });
begin();

// Ctrl-K or ⌘-K opens the commands from anywhere, ? from wherever nothing is typed; arrows go from seat to seat.
const MOVES = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  const writes = target.closest?.("textarea, select, input:not([type=range])");
  const letter = key === "?" && form.elements.letters.checked && !writes && !ctrlKey && !metaKey && !altKey;
  if ((key.toLowerCase() === "k" && (ctrlKey || metaKey) && !altKey) || letter) {
    const palette = document.getElementById("palette");
    if (!palette) return;
    event.preventDefault();
    palette.togglePopover();
  } else if (key in MOVES && target.matches?.(".seat .place")) {
    const seats = [...target.closest(".seats").querySelectorAll(".place")];
    const next = seats[Math.max(0, Math.min(seats.length - 1, seats.indexOf(target) + MOVES[key]))];
    event.preventDefault();
    next.focus();
  }
});

// Paper has the table and the story, which no screen needs all the time.
addEventListener("beforeprint", () => engine("paper 1"));
addEventListener("afterprint", () => engine("paper 0"));
