// The play button of a card: plays its own sound, from where another sound of the page is.

const lives = new WeakMap(); // for each button what it remembers when Streamlit calls it again, and its end

export default function ({ data, parentElement, setTriggerValue }) {
  const before = lives.get(parentElement);
  before?.end();
  const state = before?.state ?? { wanted: false };
  if (data.state === "failed") state.wanted = false;
  lives.set(parentElement, { state, end: mount(parentElement, data, state, setTriggerValue) });
  return () => lives.get(parentElement)?.end();
}

// Brings a button to life, and returns what ends it.
function mount(root, data, state, send) {
  const card = root.host.closest(CARD);
  const button = root.querySelector("button");
  const ending = new AbortController();
  const { signal } = ending;
  const own = () => card.querySelector("audio");
  const number = () => [...document.querySelectorAll(CARD)].indexOf(card) + 1;
  let question = 0;

  const refresh = () => {
    const sound = own();
    const plays = Boolean(sound && !sound.paused);
    const icon = plays ? "pause" : state.wanted ? "hourglass_top" : data.state === "failed" ? "volume_off" : "play_arrow";
    const words = plays ? clock(sound.currentTime) : state.wanted ? "making the sound" : "";
    write(button.firstElementChild, icon);
    write(button.lastElementChild, data.state === "failed" && !state.wanted ? "no sound" : words);
    button.setAttribute("aria-pressed", plays);
    label(button, data.label);
    if (number() < 10) button.setAttribute("aria-keyshortcuts", number());
    button.title = data.message || (number() < 10 ? `${data.label} (key ${number()})` : data.label);
  };
  const begin = () => {
    const [sound, other] = [own(), playing()];
    const together = other && other.currentTime < (sound.duration || Infinity) - END;
    if (together) place(sound, other.currentTime);
    else if (!("heard" in sound.dataset) || sound.ended) place(sound, data.begin);
    if (together) sound.dataset.together = "";
    else delete sound.dataset.together;
    sound.dataset.heard = "";
    start(sound, refresh);
  };
  const wait = () => {
    if (!state.wanted) clearInterval(question);
    else if (own()) {
      setWanted(false);
      begin();
    } else if (isQuiet()) send("wanted", Date.now());
  };
  const setWanted = (wanted) => {
    state.wanted = wanted;
    clearInterval(question);
    if (wanted) question = setInterval(wait, WAIT);
    refresh();
  };
  const toggle = () => {
    if (!own()) {
      if (!state.wanted) send("wanted", Date.now());
      setWanted(!state.wanted);
    } else if (own().paused) begin();
    else own().pause();
  };
  const press = (event) => {
    const digit = /^[1-9]$/.test(event.key) ? event.key : /^Digit([1-9])$/.exec(event.code)?.[1];
    if (Number(digit) === number() && isFree(event) && !event.repeat) toggle();
  };
  const heard = (event) => {
    playAlone(event.target);
    if (state.wanted && event.target !== own()) setWanted(false);
  };
  listen(button, "click", toggle, signal);
  listen(button, "click", letGo, signal);
  listen(document, "keydown", press, signal);
  listen(document, "play", heard, signal);
  listen(card, "play pause ended timeupdate", refresh, signal);
  if (state.wanted) setWanted(true);
  refresh();

  return () => {
    ending.abort();
    clearInterval(question);
  };
}
