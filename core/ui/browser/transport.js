// The transport of a player: its bar, its keys, and what lies over its roll.

const lives = new WeakMap(); // for each transport what it remembers when Streamlit calls it again, and its end

export default function ({ data, parentElement, setTriggerValue }) {
  const before = lives.get(parentElement);
  before?.end();
  const state = before?.state ?? { loop: false, selects: false, wanted: false, box: null, given: "null", last: 0, goal: null };
  const given = JSON.stringify(data.box);
  if (given !== state.given) Object.assign(state, { box: data.box, given });
  lives.set(parentElement, { state, end: mount(parentElement, data, state, setTriggerValue) });
  return () => lives.get(parentElement)?.end();
}

// Brings a transport to life, and returns what ends it.
function mount(root, data, state, send) {
  const player = root.host.closest(PLAYER);
  const plot = () => player.querySelector(".js-plotly-plot");
  const layers = newLayers(getComputedStyle(root.host).getPropertyValue("--st-primary-color").trim() || "crimson");
  const ending = new AbortController();
  const { signal } = ending;
  let [dragged, drawn] = [null, ""];

  const refresh = () => {
    showBar();
    showPassage(dragged ?? state.box, state.selects);
    if (plot()) plot().style.touchAction = state.selects ? "none" : "";
  };
  const show = (box) => {
    dragged = box;
    refresh();
  };
  const take = (box) => {
    dragged = null;
    state.box = box && { ...ALL, ...state.box, ...box };
    if (data.boxes) send("box", { box: state.box });
    else if (box) deck.setLoop(true);
    refresh();
  };
  const deck = newDeck(player, data, state, refresh);
  const showBar = newBar(root, data, deck, state);
  const showPassage = newPassage(root, data, take, signal);
  const aims = { plot, timetable: data.timetable, beats: data.beats, pitched: data.boxes, bySelect: () => state.selects };
  followPointer(player, aims, { seek: deck.seek, show, take }, signal);
  answerKeys(player, state, deck, () => take(null), signal);
  answerBar(root, state, deck, refresh, () => take(null), signal);

  const follow = () => {
    deck.takeOver();
    deck.playWanted();
    deck.keepInLoop();
    const sound = deck.own();
    const now = [deck.now(), deck.length(), sound?.paused].join();
    if (now !== drawn) refresh();
    drawn = now;
    if (plot()) layers.draw(plot(), data.timetable, deck.now(), dragged ?? state.box);
  };
  const heard = (event) => {
    playAlone(event.target);
    if (event.target !== deck.own()) state.wanted = false;
  };
  listen(player, "seek", (event) => deck.seek(event.detail), signal); // the sheet music asks for it
  listen(document, "play", heard, signal);
  const goOn = () => {
    deck.takeOver();
    deck.keepInLoop();
  };
  listen(document, "timeupdate", goOn, signal); // in a hidden tab nothing is drawn
  listen(document, "ended", deck.comeRound, signal);
  const question = data.state === "making" && setInterval(() => isQuiet() && send("wanted", Date.now()), WAIT);
  const endLooking = keepLooking(follow, () => state.wanted || dragged);

  return () => {
    ending.abort();
    clearInterval(question);
    endLooking();
    layers.remove();
  };
}

function answerKeys(player, state, deck, clear, signal) {
  const keys = {
    " ": deck.toggleLatest,
    arrowleft: () => deck.step(-1),
    arrowright: () => deck.step(1),
    l: () => deck.setLoop(!state.loop),
    escape: () => state.box && clear(),
  };
  const press = (event) => {
    const act = keys[event.key.toLowerCase()];
    const repeats = event.repeat && !event.key.startsWith("Arrow");
    if (!act || repeats || !isFree(event) || document.querySelector(PLAYER) !== player) return;
    if (event.key !== "Escape") event.preventDefault();
    act();
  };
  listen(document, "keydown", press, signal);
}

// The parts of the bar, and what a press or a change of each does.
function answerBar(root, state, deck, refresh, clear, signal) {
  const part = (name) => root.querySelector(`.${name}`);
  const select = () => {
    state.selects = !state.selects;
    refresh();
  };
  const presses = { back: () => deck.seek(state.box ? deck.span().start : 0), play: deck.toggle, select, clear };
  presses.loop = () => deck.setLoop(!state.loop);
  for (const [name, act] of Object.entries(presses)) {
    listen(part(name), "click", act, signal);
    listen(part(name), "click", letGo, signal);
  }
  const volume = part("volume").querySelector("input");
  listen(part("seek"), "input", () => deck.seek(part("seek").valueAsNumber), signal);
  listen(part("speed"), "change", () => choose("encoreSpeed", part("speed").value), signal);
  listen(volume, "input", () => choose("encoreVolume", volume.value), signal);
  for (const slider of [part("seek"), volume]) listen(slider, "pointerup", () => slider.blur(), signal);
  const steps = { ArrowLeft: () => deck.step(-1), ArrowRight: () => deck.step(1), " ": deck.toggle };
  const pressOnSeek = (event) => {
    if (!steps[event.key]) return;
    event.preventDefault();
    steps[event.key]();
  };
  listen(part("seek"), "keydown", pressOnSeek, signal);
}
