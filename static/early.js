// Read before the page is: fetches the engine, unless it stands behind a poster, and keeps what is pressed until boot.js
// listens.
const early = { pressed: [], poster: /[?&]poster(=(?!0)|&|$)/.test(location.search) };
early.fetch = () => {
  const engine = document.getElementById("engine");
  if (!engine || document.getElementById("engine-bytes")) return;
  const link = Object.assign(document.createElement("link"), { id: "engine-bytes", rel: "preload", as: "fetch", crossOrigin: "anonymous" });
  link.type = "application/wasm";
  link.href = engine.dataset.wasm;
  document.head.append(link);
};
// The still picture is painted first: half a megabyte on its way would hold up nothing else, but its arrival would.
if (!early.poster && window.parent === window) {
  document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(early.fetch)));
}
early.note = (event) => {
  const button = event.target.closest?.("#app button[id]");
  if (button) early.pressed.push(button.id);
};
document.addEventListener("click", early.note);
