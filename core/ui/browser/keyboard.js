// A small keyboard: what is played sounds at once, is drawn on a strip, and is sent to the page in a pause.

const STEPS = [0, 2, 4, 5, 7, 9, 11]; // of the white keys
const NAMES = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
const COMPUTER = "KeyA KeyW KeyS KeyE KeyD KeyF KeyT KeyG KeyY KeyH KeyU KeyJ KeyK KeyO KeyL KeyP".split(" ");
const PARTIALS = [1, 0.45, 0.2, 0.08];
const PAUSE = 700; // milliseconds after the last key before the page is told
const LOUD = 0.22;
const NARROW = 420; // pixels of width below which one octave is shown
const keyboards = new WeakMap(); // what each remembers when Streamlit calls it again, and its end

export default function ({ data, parentElement, setTriggerValue }) {
  const before = keyboards.get(parentElement);
  before?.end();
  const state = before?.state ?? { lowest: 60, computer: false, taps: [], sent: "" };
  if (JSON.stringify(data.taps) !== state.sent) state.taps = data.taps.map((tap) => ({ ...tap }));
  state.sent = JSON.stringify(data.taps);
  keyboards.set(parentElement, { state, end: mount(parentElement, data, state, setTriggerValue) });
  return () => keyboards.get(parentElement)?.end();
}

// A struck string of a few partials, which dies away; returns what ends it.
function strike(context, pitch, when = context.currentTime, held = 8) {
  const gain = context.createGain();
  gain.connect(context.destination);
  gain.gain.setValueAtTime(0, when);
  gain.gain.linearRampToValueAtTime(LOUD, when + 0.008);
  gain.gain.exponentialRampToValueAtTime(0.001, when + 2.5);
  const waves = PARTIALS.map((strength, index) => {
    const [wave, part] = [context.createOscillator(), context.createGain()];
    wave.frequency.value = 440 * 2 ** ((pitch - 69) / 12) * (index + 1);
    part.gain.value = strength;
    wave.connect(part).connect(gain);
    wave.start(when);
    wave.stop(when + Math.min(held, 2.5) + 0.1);
    return wave;
  });
  return () => {
    gain.gain.cancelScheduledValues(context.currentTime);
    gain.gain.setTargetAtTime(0, context.currentTime, 0.04);
    waves.forEach((wave) => wave.stop(context.currentTime + 0.3));
  };
}

// Draws what was played: seconds across, pitches up.
function draw(strip, taps) {
  const last = Math.max(4, ...taps.map((tap) => tap.second + tap.seconds));
  const pitches = taps.map((tap) => tap.pitch);
  const [low, high] = taps.length ? [Math.min(...pitches) - 2, Math.max(...pitches) + 2] : [59, 73];
  strip.setAttribute("viewBox", `0 0 ${last} ${high - low + 1}`);
  strip.setAttribute("aria-label", taps.length ? `${taps.length} notes played` : "nothing played yet");
  strip.replaceChildren(
    ...taps.map((tap) => {
      const note = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const box = { x: tap.second, y: high - tap.pitch, width: tap.seconds, height: 0.9 };
      for (const [name, value] of Object.entries(box)) note.setAttribute(name, value);
      return note;
    }),
  );
}

// Brings a keyboard to life, and returns what ends it.
function mount(root, data, state, send) {
  const find = (name) => root.querySelector(name);
  const [keys, strip] = [find(".keys"), find(".strip")];
  const ending = new AbortController();
  const { signal } = ending;
  const down = new Map(); // by what holds a key: its pitch, its tap, and what silences it
  let context = null;
  let beginning = null; // the time of the first tap
  let pause = 0;
  let ends = [];

  const sound = () => (context ??= new AudioContext());
  const now = () => performance.now() / 1000;
  const tell = () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      if (down.size) return;
      state.sent = JSON.stringify(state.taps);
      send("taps", state.taps);
    }, PAUSE);
  };
  const show = () => {
    draw(strip, state.taps);
    write(find(".octave"), `from ${NAMES[0]}${state.lowest / 12 - 1}`);
    for (const name of [".again", ".undo", ".clear"]) find(name).disabled = !state.taps.length;
    find(".lower").disabled = state.lowest <= 24;
    find(".higher").disabled = state.lowest >= 84;
  };
  const mark = (pitch, is) => root.querySelector(`[data-pitch="${pitch}"]`)?.classList.toggle("down", is);
  const begin = (holder, pitch) => {
    if (down.has(holder)) return;
    document.querySelectorAll("audio").forEach((other) => other.pause());
    const silence = strike(sound(), pitch);
    if (beginning === null) beginning = now() - (state.taps.length ? restart() : 0);
    const second = now() - beginning;
    const tap = { second, seconds: 0.05, pitch, velocity: 80 };
    if (state.taps.length < data.most && second < data.longest) state.taps.push(tap);
    down.set(holder, { pitch, tap, silence });
    mark(pitch, true);
    show();
  };
  // Notes that follow after a rerun of the page go on half a second behind the last one.
  const restart = () => Math.max(...state.taps.map((tap) => tap.second + tap.seconds)) + 0.5;
  const end = (holder) => {
    const held = down.get(holder);
    if (!held) return;
    down.delete(holder);
    held.tap.seconds = Math.max(0.05, now() - beginning - held.tap.second);
    held.silence();
    mark(held.pitch, false);
    show();
    tell();
  };
  const pitchOf = (event) => {
    const key = root.elementFromPoint?.(event.clientX, event.clientY)?.closest?.(".key");
    return key ? Number(key.dataset.pitch) : null;
  };
  const change = (taps) => {
    state.taps = taps;
    beginning = null;
    show();
    tell();
  };
  const replay = () => {
    ends.forEach((stop) => stop());
    const start = sound().currentTime + 0.05;
    ends = state.taps.map((tap) => strike(sound(), tap.pitch, start + tap.second, tap.seconds));
  };
  const build = () => {
    const octaves = keys.clientWidth && keys.clientWidth < NARROW ? 1 : 2;
    const white = [];
    for (let octave = 0; octave < octaves; octave++) for (const step of STEPS) white.push(state.lowest + 12 * octave + step);
    const blackAfter = (pitch) => [0, 2, 5, 7, 9].includes(pitch % 12);
    const width = 100 / white.length;
    const button = (pitch, kind) => {
      const key = document.createElement("button");
      key.className = `key ${kind}`;
      key.dataset.pitch = pitch;
      key.setAttribute("aria-label", `${NAMES[pitch % 12]}${Math.floor(pitch / 12) - 1}`);
      return key;
    };
    keys.replaceChildren();
    white.forEach((pitch, place) => {
      const key = button(pitch, "white");
      const name = document.createElement("span");
      name.textContent = pitch % 12 ? "" : `C${pitch / 12 - 1}`;
      key.append(name);
      keys.append(key);
      if (!blackAfter(pitch)) return;
      const black = button(pitch + 1, "black");
      black.style.left = `${width * (place + 1) - width * 0.3}%`;
      black.style.width = `${width * 0.6}%`;
      keys.append(black);
    });
    show();
  };
  const move = (octaves) => {
    state.lowest = Math.min(84, Math.max(24, state.lowest + 12 * octaves));
    build();
  };
  const pressed = (event) => {
    const inside = within(event, ".keyboard");
    const free = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    if (!free || !(inside || (state.computer && isFree(event)))) return;
    const key = event.composedPath()[0];
    if ((event.key === " " || event.key === "Enter") && key.dataset?.pitch) {
      begin(event.code, Number(key.dataset.pitch));
    } else if (event.code === "KeyZ" || event.code === "KeyX") move(event.code === "KeyX" ? 1 : -1);
    else if (COMPUTER.includes(event.code)) begin(event.code, state.lowest + COMPUTER.indexOf(event.code));
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  listen(keys, "pointerdown", (event) => {
    const pitch = pitchOf(event);
    if (pitch === null) return;
    keys.setPointerCapture(event.pointerId);
    begin(event.pointerId, pitch);
  }, signal);
  listen(keys, "pointermove", (event) => {
    const [held, pitch] = [down.get(event.pointerId), pitchOf(event)];
    if (!held || pitch === null || pitch === held.pitch) return;
    end(event.pointerId);
    begin(event.pointerId, pitch);
  }, signal);
  listen(keys, "pointerup pointercancel", (event) => end(event.pointerId), signal);
  listen(window, "keydown", pressed, signal);
  listen(window, "keyup", (event) => end(event.code), signal);
  listen(window, "blur", () => [...down.keys()].forEach(end), signal);
  listen(find(".lower"), "click", () => move(-1), signal);
  listen(find(".higher"), "click", () => move(1), signal);
  listen(find(".clear"), "click", () => change([]), signal);
  listen(find(".undo"), "click", () => change(state.taps.slice(0, -1)), signal);
  listen(find(".again"), "click", replay, signal);
  listen(find(".computer"), "change", (event) => (state.computer = event.target.checked), signal);
  find(".computer").checked = state.computer;
  const watcher = new ResizeObserver(build);
  watcher.observe(keys);
  build();

  return () => {
    ending.abort();
    watcher.disconnect();
    clearTimeout(pause);
    context?.close();
  };
}
