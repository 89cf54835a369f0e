// Inside another page: obeys the page around and tells it what happens. Alone, it only does what the address asks for.
//
// Messages are {ns: "statefulset-lab", v: 1, id?, type, …}; an answer carries the id of what it answers.
//   in:  load{manifest, namespace?}  run{cmd}  play  pause  seek{t}  speed{speed}  theme{theme}  getState  reset
//   out: ready  resize{height}  state{t, playing, speed, summary}  error{message}; and lti.frameResize for course systems
const query = new URLSearchParams(location.search);
const NAME = "statefulset-lab";
const framed = window.parent !== window;
const wanted = query.get("origin");
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
  theme: ({ theme }) => /^(light|dark|auto)$/.test(theme) && ["theme " + (theme === "auto" ? "" : theme)],
  run: ({ cmd }) => typeof cmd === "string" && [`run ${cmd}`],
  load: ({ manifest, namespace }) =>
    typeof manifest === "string" && [`load ${manifest}`, ...(typeof namespace === "string" ? [`namespace ${namespace}`] : [])],
  reset: () => (document.getElementById("crash-new").click(), []),
};

function obey(message) {
  if (!ready()) return void asked.push(message);
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

// Every start of the engine, also one after a crash, has an element of its own.
function begin() {
  app().addEventListener("lab:state", (event) => say("state", (last = JSON.parse(event.detail))));
  if (framed) engine("tell");
  say("ready", {});
  if (begin.done) return;
  begin.done = true;
  if (query.get("autoplay") === "0") engine("pause");
  for (const line of query.getAll("cmd")) engine("run " + line);
  const at = Number(query.get("startAt"));
  if (at > 0) app().dispatchEvent(new CustomEvent("lab:run", { detail: "until " + Math.round(at * 1000) }));
  asked.splice(0).forEach(obey);
}
new MutationObserver(() => ready() && begin()).observe(document.documentElement, { attributeFilter: ["data-engine"] });
if (ready()) begin();

if (framed) {
  // The height at which nothing has to be scrolled but the terminals.
  const tell = () => {
    const scene = document.querySelector(".scene");
    const hidden = scene ? scene.scrollHeight - scene.clientHeight : 0;
    const height = Math.ceil(document.documentElement.scrollHeight + Math.max(0, hidden));
    if (height === tell.last) return;
    tell.last = height;
    say("resize", { height });
    window.parent.postMessage({ subject: "lti.frameResize", height }, wanted || "*");
  };
  new ResizeObserver(tell).observe(document.body);
  setInterval(() => document.hidden || tell(), 1000);
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
