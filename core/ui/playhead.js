// A line over a piano roll that moves with the sound; a click in the roll moves the sound.
// Both are looked for in the nearest keyed container of a player: see player.py.

const PLAYER = "[class*='st-key-player-']";
const STILL = 5; // pixels that a pointer may move in a click

// Reads column `to` at `value` of column `from`, in a table of pairs between which both grow evenly.
function lookUp(table, from, to, value) {
  if (table.length < 2) return null;
  const next = table.findIndex((row, index) => index > 0 && row[from] >= value);
  const right = table[next < 0 ? table.length - 1 : next];
  const left = table[(next < 0 ? table.length - 1 : next) - 1];
  const span = right[from] - left[from];
  return span ? left[to] + ((right[to] - left[to]) * (value - left[from])) / span : left[to];
}

function newLine(colour) {
  const line = document.createElement("div");
  line.className = "playhead";
  Object.assign(line.style, {
    position: "absolute",
    width: "2px",
    marginLeft: "-1px",
    background: colour,
    pointerEvents: "none",
    zIndex: "1",
  });
  return line;
}

function draw(line, roll, x) {
  const { xaxis, yaxis } = roll._fullLayout;
  const pixel = xaxis.l2p(x);
  const canvas = roll.querySelector(".svg-container");
  if (line.parentElement !== canvas) canvas.append(line); // Plotly empties its canvas when it draws anew
  line.style.display = pixel >= 0 && pixel <= xaxis._length ? "block" : "none";
  line.style.left = `${xaxis._offset + pixel}px`;
  line.style.top = `${yaxis._offset}px`;
  line.style.height = `${yaxis._length}px`;
}

// Returns the x under the pointer, or null outside the plot.
function pointedAt(roll, event) {
  const { xaxis, yaxis } = roll._fullLayout;
  const box = roll.getBoundingClientRect();
  const [across, down] = [event.clientX - box.left - xaxis._offset, event.clientY - box.top - yaxis._offset];
  const inside = across >= 0 && across <= xaxis._length && down >= 0 && down <= yaxis._length;
  return inside ? xaxis.p2l(across) : null;
}

function hushOthers(event) {
  for (const audio of document.querySelectorAll(`${PLAYER} audio`)) if (audio !== event.target) audio.pause();
}

export default function ({ data, parentElement }) {
  const element = parentElement.host ?? parentElement;
  const player = element.closest(PLAYER);
  const line = newLine(getComputedStyle(element).getPropertyValue("--st-primary-color") || "crimson");
  const audio = () => player.querySelector("audio");
  const roll = () => player.querySelector(".js-plotly-plot");
  let request = 0;
  let pressed = null;

  const follow = () => {
    const [sound, plot] = [audio(), roll()];
    if (sound && plot?._fullLayout?.xaxis?.l2p) {
      const x = lookUp(data.timetable, 0, 1, sound.currentTime);
      if (x !== null) draw(line, plot, x);
    }
    request = requestAnimationFrame(follow);
  };
  const press = (event) => {
    const tool = event.target.closest(".modebar, .legend");
    pressed = roll()?.contains(event.target) && !tool ? event : null;
  };
  const release = (event) => {
    const still = pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < STILL;
    const x = still && audio() ? pointedAt(roll(), event) : null;
    pressed = null;
    if (x !== null) audio().currentTime = Math.max(0, lookUp(data.timetable, 1, 0, x));
  };

  player.addEventListener("pointerdown", press, true);
  document.addEventListener("pointerup", release, true);
  player.addEventListener("play", hushOthers, true);
  follow();

  return () => {
    cancelAnimationFrame(request);
    player.removeEventListener("pointerdown", press, true);
    document.removeEventListener("pointerup", release, true);
    player.removeEventListener("play", hushOthers, true);
    line.remove();
  };
}
