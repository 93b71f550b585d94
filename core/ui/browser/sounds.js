// The sounds of a page are its audio elements: one plays at a time, all at the chosen speed and volume.
// This part stands before every component that plays; see browser.py.

const PLAYER = "[class*='st-key-player-']";
const CARD = "[class*='st-key-listen-']";
const FIELDS =
  "input, textarea, select, canvas, [contenteditable], [role=textbox], [role=searchbox], [role=slider], " +
  "[role=spinbutton], [role=combobox], [role=listbox], [role=menu], [role=grid], [role=dialog]";
const PRESSED_BY_SPACE = "button, a[href], summary, label, [role=button], [role=tab], [role=radio], [role=checkbox]";
const MOVED_BY_ARROWS = "[role=tablist], [role=radiogroup], [role=toolbar], [role=menubar], [role=tree]";
const WAIT = 300; // milliseconds between two questions whether a sound is made
const PATIENCE = 300; // milliseconds without questions after a press elsewhere on the page, once a run has answered it
const LONGEST = 1500; // milliseconds without questions after a press that no run is seen to answer
const BUSY = "[data-test-script-state]:not([data-test-script-state=notRunning])"; // the page is being run
const REST = 100; // milliseconds between two looks at sounds that rest
const END = 0.05; // seconds from its end, a sound is over

// A question that crosses a change of page would leave that page empty. So none is asked while the page is being run, nor
// after a press elsewhere: a server that is busy may need a while until it runs the page.
let [pressed, answered] = [-Infinity, true];
const isQuiet = () => {
  const since = performance.now() - pressed;
  const runs = Boolean(document.querySelector(BUSY));
  answered ||= runs && since > PATIENCE;
  return !runs && since > (answered ? PATIENCE : LONGEST);
};
const notePress = () => ([pressed, answered] = [performance.now(), false]);
for (const name of ["pointerdown", "keydown"]) {
  const note = (event) => event.target.closest?.(`${PLAYER}, ${CARD}`) ?? notePress();
  document.addEventListener(name, note, { capture: true });
}

const chosen = document.documentElement.dataset; // as long as the tab lasts, on every page

function adjust(sound) {
  sound.preservesPitch = true;
  sound.playbackRate = Number(chosen.encoreSpeed ?? 1);
  sound.volume = Number(chosen.encoreVolume ?? 1);
}

function choose(name, value) {
  chosen[name] = value;
  document.querySelectorAll("audio").forEach(adjust);
}

const playing = () => [...document.querySelectorAll("audio")].find((sound) => !sound.paused) ?? null;

// Calls `look` again and again, and returns what ends it: with each picture of the screen while a sound plays or `busy`
// says so, else ten times a second, which costs the browser next to nothing.
function keepLooking(look, busy = () => false) {
  let [request, timer] = [0, 0];
  const again = () => {
    look();
    if (playing() || busy()) request = requestAnimationFrame(again);
    else timer = setTimeout(() => (request = requestAnimationFrame(again)), REST);
  };
  again();
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(request);
  };
}

// The sound that was started last, playing or not.
const latest = () => document.querySelector("audio[data-latest]");

// The sound of a player. A long one comes in two: first its beginning, then the whole, which takes over; see deck.js.
function soundOf(player) {
  const [first, second] = player.querySelectorAll("audio");
  return second && second.dataset.whole === second.src ? second : (first ?? null);
}

// Streamlit sets a sound to its start when its length is known, so a place is set after that.
function place(sound, second) {
  const set = () => (sound.currentTime = Math.max(0, second));
  if (sound.readyState > 0) set();
  else sound.addEventListener("loadeddata", set, { once: true });
}

// Starts a sound; one that the browser does not let sound stays where it is, and its button says so.
function start(sound, shown) {
  playAlone(sound);
  sound.play().catch(shown);
}

// Makes a sound the only one; also called for what the browser or Streamlit started.
function playAlone(sound) {
  adjust(sound);
  for (const other of document.querySelectorAll("audio")) {
    if (other === sound) sound.dataset.latest = "";
    else {
      other.pause();
      delete other.dataset.latest;
    }
  }
}

const within = (event, kinds) => event.composedPath().some((node) => node instanceof Element && node.matches(kinds));

// Tells whether a key belongs to the page: to no field, no combination of keys, nothing that was pressed on purpose.
function isFree(event) {
  const combined = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing;
  if (combined || event.defaultPrevented || within(event, FIELDS)) return false;
  if (event.key === " " && within(event, PRESSED_BY_SPACE)) return false;
  return !(event.key.startsWith("Arrow") && within(event, MOVED_BY_ARROWS));
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function label(element, words) {
  if (element.getAttribute("aria-label") !== words) element.setAttribute("aria-label", words);
}

// A button pressed with a pointer gives the focus back, so that the space bar plays again.
function letGo(event) {
  if (event.detail > 0) event.currentTarget.blur();
}

// Listens until the signal ends; `whole` also to what does not bubble.
function listen(target, names, handler, signal) {
  for (const name of names.split(" ")) target.addEventListener(name, handler, { capture: true, signal });
}
