// Inside another page: obeys the page around and tells it what happens. Alone, it only does what the address asks for.
//
// Messages are {ns: "statefulset-lab", v: 1, id?, type, …}; an answer carries the id of what it answers.
//   in:  load{manifest, namespace?}  load{lesson}  run{cmd}  play  pause  seek{t}  speed{speed}  theme{theme}  lang{lang}  getState  reset
//   out: ready  resize{height}  state{t, playing, speed, rest, summary, waits, narration, done, lesson, chapter, chapters}
//        marker{t, text}: the controller decided something  marker{t, chapter, lesson}: a chapter of a lesson was told
//        blocked{reason}: it waits for something  goal{id, ok}: a step of the lab is done, or taken back
//        complete{score, lesson}: all of them are, or all of a lesson was told
//        key{key}: a key that means nothing here, for slides around  error{message}
// Options of the address that are for time: autoplay=0  startAt=SECONDS  pauseOnMarkers=1: time stands still at every
// decision of the controller  loop=1: what was done is shown again and again, until somebody presses or types something
// and the heights as course systems (lti.frameResize) and asciinema's pages (bodySize) read them.
const query = new URLSearchParams(location.search);
const NAME = "statefulset-lab";
const framed = window.parent !== window;
const wanted = query.get("origin");
const flag = (name) => query.has(name) && query.get(name) !== "0";
const from = Math.round(Number(query.get("startAt") ?? 0) * 1000) || 0;
let loops = flag("loop") && {};
for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => (loops = null), true);
let last = null;
let asked = [];

const app = () => document.getElementById("app");
const ready = () => document.documentElement.dataset.engine === "ready";
const engine = (line) => app().dispatchEvent(new CustomEvent("lab:do", { detail: line }));

function say(type, more, id) {
  if (!framed) return;
  // In a sandbox the other side has no origin to name; what is told is no secret.
  window.parent.postMessage({ ns: NAME, v: 1, ...(id === undefined ? {} : { id }), type, ...more }, wanted || "*");
}

// What each message asks of the engine; null where it asks for nothing that can be done.
const ask = {
  play: () => ["play"],
  pause: () => ["pause"],
  seek: ({ t }) => Number.isFinite(t) && ["seek " + Math.round(t)],
  speed: ({ speed }) => Number.isFinite(speed) && ["speed " + Math.round(speed)],
  theme: ({ theme }) => /^(light|dark|contrast|auto)$/.test(theme) && ["theme " + (theme === "auto" ? "" : theme)],
  // Only one language is spoken here.
  lang: ({ lang }) => lang === "en" && [],
  run: ({ cmd }) => typeof cmd === "string" && [`run ${cmd}`],
  // A lesson by its name, or somebody's own: its text, a Markdown file as in static/lessons.
  load: ({ lesson, manifest, namespace }) =>
    typeof lesson === "string" ? ["lesson " + (lesson.includes("\n") ? "\n" : "") + lesson] :
    typeof manifest === "string" && [`load ${manifest}`, ...(typeof namespace === "string" ? [`namespace ${namespace}`] : [])],
  reset: () => (document.getElementById("crash-new").click(), []),
};

function obey(message) {
  if (!ready()) {
    // A lab that waits to be pressed is not pressed by looking at it, only by wanting something of it.
    if (message.type !== "getState") document.dispatchEvent(new Event("lab:start"));
    return void asked.push(message);
  }
  if (message.type === "getState") return say("state", last ?? {}, message.id);
  const lines = Object.hasOwn(ask, message.type) ? ask[message.type](message) : null;
  if (!lines) return say("error", { message: `cannot do "${message.type}" with what it came with` }, message.id);
  lines.forEach(engine);
}

window.addEventListener("message", ({ source, origin, data }) => {
  // Only the page around is obeyed, and where the address names its origin, only that one.
  if (source !== window.parent || !framed || (wanted && origin !== wanted)) return;
  if (data?.ns === NAME && data.v === 1 && typeof data.type === "string") obey(data);
});

// What is new since the last time is also told by a message of its own.
function tell(now) {
  const before = last ?? { done: [], narration: now.narration, waits: "" };
  last = now;
  say("state", now);
  const on = now.t > (before.t ?? 0);
  if (now.narration && now.narration !== before.narration) {
    say("marker", { t: now.told, text: now.narration });
    // A frame may have gone on a little further.
    if (on && now.playing && !now.chapters && flag("pauseOnMarkers")) engine("seek " + now.told);
  }
  if (now.chapter > 0 && now.chapter !== before.chapter && on) {
    say("marker", { t: now.t, lesson: now.lesson, chapter: now.chapter });
    if (now.chapter === now.chapters) say("complete", { score: 1, lesson: now.lesson });
  }
  if (loops && now.rest && now.playing && now.t > from && !now.chapters) {
    clearTimeout(loops.timer);
    loops.timer = setTimeout(() => loops && (engine("seek " + from), engine("play")), 3000);
  }
  if (now.waits && now.waits !== before.waits) say("blocked", { reason: now.waits });
  now.done.forEach((ok, id) => ok !== (before.done[id] ?? false) && say("goal", { id, ok }));
  const all = (done) => done.length > 0 && done.every(Boolean);
  if (all(now.done) && !all(before.done)) say("complete", { score: 1 });
}

// Every start of the engine, also one after a crash, has an element of its own.
function begin() {
  app().addEventListener("lab:state", (event) => tell(JSON.parse(event.detail)));
  if (framed || loops || flag("pauseOnMarkers")) engine("tell");
  say("ready", {});
  if (begin.done) return;
  begin.done = true;
  if (query.get("autoplay") === "0") engine("pause");
  for (const line of query.getAll("cmd")) engine("run " + line);
  if (from > 0) app().dispatchEvent(new CustomEvent("lab:run", { detail: "until " + from }));
  asked.splice(0).forEach(obey);
}
new MutationObserver(() => ready() && begin()).observe(document.documentElement, { attributeFilter: ["data-engine"] });
if (ready()) begin();

if (framed) {
  // Slides around ours turn by these keys; here they mean something only while something is being typed.
  document.addEventListener("keydown", (event) => {
    const { key, defaultPrevented, target } = event;
    if (defaultPrevented || !/^(PageUp|PageDown|Escape)$/.test(key) || target.closest?.("input, textarea, select, dialog, [popover]")) return;
    say("key", { key });
  });
  // The height at which nothing has to be scrolled but the terminals.
  const measure = () => {
    const scene = document.querySelector(".scene");
    const hidden = scene ? scene.scrollHeight - scene.clientHeight : 0;
    const height = Math.ceil(document.documentElement.scrollHeight + Math.max(0, hidden));
    if (height === measure.last) return;
    measure.last = height;
    say("resize", { height });
    for (const message of [{ subject: "lti.frameResize", height }, { type: "bodySize", payload: { width: innerWidth, height } }]) {
      window.parent.postMessage(message, wanted || "*");
    }
  };
  new ResizeObserver(measure).observe(document.body);
  setInterval(() => document.hidden || measure(), 1000);
  // Time does not pass where nobody looks.
  let paused = false;
  const look = (seen) => {
    if (!ready()) return;
    if (!seen && last?.playing) (paused = true), engine("pause");
    else if (seen && paused) (paused = false), engine("play");
  };
  document.addEventListener("visibilitychange", () => look(!document.hidden));
  new IntersectionObserver((entries) => look(entries.at(-1).isIntersecting)).observe(document.body);
}
