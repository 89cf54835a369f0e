// Read before the page is: keeps what is pressed until boot.js listens.
const early = { pressed: [] };
early.note = (event) => {
  const button = event.target.closest?.("#app button[id]");
  if (button) early.pressed.push(button.id);
};
document.addEventListener("click", early.note);
