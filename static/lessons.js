// Lessons: fetches the one that is asked for, and frames what it points at.
//
//   lab:lesson   engine → here   the lesson of this name is wanted
//   lab:point    engine → here   it points at what has this id; at nothing where empty
//   lab:do       here → engine   lesson NAME and its text below it, or the name alone
const page = () => document.getElementById("app");
const tell = (line) => page().dispatchEvent(new CustomEvent("lab:do", { detail: line }));
const hears = (name, then) => document.addEventListener(name, (event) => then(event.detail), true);

// The page in a single file carries them all inside (src/bin/dev/single.rs).
async function fetched(name) {
  const inside = globalThis.lessonsInside?.[name];
  if (inside) return inside;
  const answer = await fetch(`./lessons/${name}.md`);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.text();
}
hears("lab:lesson", async (name) => {
  try {
    tell(`lesson ${name}\n${await fetched(name)}`);
  } catch (error) {
    tell(`refuse The lesson ${name} could not be fetched (${error.message}). Try again when the network is back.`);
  }
});

// Also what is only going to be there is framed when it comes.
const frame = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, frame];
hears("lab:point", (id) => {
  if (id.startsWith("palette-")) return;
  frame.replaceSync(id ? `#${CSS.escape(id)} { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: .5rem }` : "");
});

// What the address asks for, once; a session in the fragment comes first.
const wanted = location.hash ? null : new URLSearchParams(location.search).get("lesson");
let begun = false;
hears("lab:ready", () => {
  if (wanted && !begun) tell("lesson " + wanted);
  begun = true;
});
