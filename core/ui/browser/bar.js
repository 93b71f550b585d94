// What the transport bar shows: place and length, what is pressed, speed and volume.

const SPEEDS = [0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2];

// Returns `refresh()`, which shows the sound and the state as they are now.
function newBar(root, data, deck, state) {
  const part = (name) => root.querySelector(`.${name}`);
  const [bar, seeker] = [part("transport"), part("seek")];
  part("speed").replaceChildren(...SPEEDS.map((speed) => new Option(`${speed} ×`, speed)));

  const showPlace = (now) => {
    const long = Math.max(deck.length(), END);
    const number = data.bars.findLastIndex((line) => line <= now + 0.001);
    const inBar = number >= 0 && number < data.bars.length - 1 ? `, bar ${data.firstBar + number}` : "";
    write(part("now"), clock(now));
    write(part("all"), clock(long));
    seeker.max = long;
    seeker.value = now;
    seeker.setAttribute("aria-valuetext", `${clock(now)} of ${clock(long)}${inBar}`);
    seeker.style.setProperty("--done", `${(100 * now) / long}%`);
  };
  return () => {
    const sound = deck.own();
    const waits = !sound && data.state !== "failed";
    const plays = sound && state.goal === null ? !sound.paused : state.wanted && data.state !== "failed";
    bar.dataset.state = sound ? "ready" : waits ? "making" : "failed";
    write(part("status"), sound ? "" : waits ? "Making the sound …" : "No sound");
    write(part("play").firstElementChild, plays ? "pause" : "play_arrow");
    label(part("play"), plays ? "Pause" : "Play");
    part("play").disabled = !sound && !waits;
    for (const name of ["back", "seek", "loop"]) part(name).disabled = !sound;
    part("loop").setAttribute("aria-pressed", state.loop);
    part("select").setAttribute("aria-pressed", state.selects);
    part("speed").value = chosen.encoreSpeed ?? 1;
    part("volume").querySelector("input").value = chosen.encoreVolume ?? 1;
    showPlace(deck.now());
  };
}
