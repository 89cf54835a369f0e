// The editor's hands in the browser: what the engine writes into the field so that it can be undone, the line under the
// pointer, files from outside, and where the files are kept.
//
//   lab:put      engine → here   write into the field: from, to (16-bit units), and below them the text
//   lab:caret    engine → here   the caret goes there: a place, and its line
//   lab:see      engine → here   bring the list that holds this id into sight
//   lab:files    engine → here   all files, to be kept
//   lab:do       here → engine   point LINE, file NAME and text, refuse WHY, files KEPT
const KEPT = "statefulset-playground.files";
const LONGEST = 128 << 10;
const page = () => document.getElementById("app");
const tell = (line) => page().dispatchEvent(new CustomEvent("lab:do", { detail: line }));
const field = () => document.getElementById("manifest");
const hears = (name, then) => document.addEventListener(name, (event) => then(event.detail), true);

hears("lab:put", (detail) => {
  const [, from, to, text] = /^(\d+) (\d+)\n([^]*)$/.exec(detail);
  const area = field();
  if (!area) return;
  area.focus();
  area.setSelectionRange(+from, +to);
  // The one way that the browser's own undo knows of.
  if (!(text ? document.execCommand("insertText", false, text) : document.execCommand("delete"))) {
    area.setRangeText(text, +from, +to, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
});

hears("lab:caret", (detail) => {
  const [at, line] = detail.split(" ").map(Number);
  const area = field();
  area?.focus({ preventScroll: true });
  area?.setSelectionRange(at, at);
  document.querySelectorAll(".under .row")[line]?.scrollIntoView({ block: "center" });
  // A long line must not bring the numbers out of sight.
  document.getElementById("sheet").scrollLeft = 0;
});

hears("lab:see", (id) => document.getElementById(id)?.closest(".offers")?.scrollIntoView({ block: "nearest" }));

let pointed = -1;
document.addEventListener("mousemove", ({ target, offsetY }) => {
  let line = -1;
  if (target.id === "manifest") {
    const style = getComputedStyle(target);
    line = Math.floor((offsetY - parseFloat(style.paddingTop)) / parseFloat(style.lineHeight));
  }
  if (line === pointed || document.documentElement.dataset.engine !== "ready") return;
  pointed = line;
  tell("point " + line);
});

// Files: from a list, or dropped on the editor.
async function take(files) {
  for (const file of files) {
    if (file.size > LONGEST) {
      tell(`refuse ${file.name} is ${file.size >> 10} KB long; the editor takes ${LONGEST >> 10} KB at most. Nothing was opened.`);
      continue;
    }
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      tell(`file ${file.name}\n${text}`);
    } catch {
      tell(`refuse ${file.name} is no text: a manifest is YAML or JSON. Nothing was opened.`);
    }
  }
}
document.addEventListener("change", (event) => {
  if (event.target.id !== "file-open") return;
  take([...event.target.files]);
  event.target.value = "";
  document.getElementById("file-layer")?.hidePopover?.();
});
const over = (event) => (event.dataTransfer?.types.includes("Files") ? event.target.closest?.(".editor") : null);
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const editor = over(event);
    if (!editor || field().readOnly) return;
    event.preventDefault();
    editor.dataset.drop = "true";
  });
}
for (const name of ["dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const editor = over(event);
    if (editor) delete editor.dataset.drop;
    if (!editor || name !== "drop" || field().readOnly) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
}

// Inside a sandboxed frame even looking at the storage throws; then nothing is kept.
const embedded = new URLSearchParams(location.search).has("embed");
let later;
hears("lab:files", (text) => {
  if (embedded) return;
  clearTimeout(later);
  later = setTimeout(() => {
    try {
      localStorage.setItem(KEPT, text);
    } catch {}
  }, 300);
});
let restored = false;
hears("lab:ready", () => {
  if (restored || embedded || location.hash) return;
  restored = true;
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept) tell("files " + kept);
  } catch {}
});
