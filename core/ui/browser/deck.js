// Plays the sound of one player: from a place on, by bars, in a loop. Times are seconds of the sound.

const STEP = 5; // seconds that an arrow key moves where there are no bars
const JUST_BEGUN = 0.4; // seconds into a bar, up to which the way back leads to the bar before

// `state` has loop, box, wanted (play as soon as there is a sound) and last (where the sound was a moment ago).
function newDeck(player, data, state, shown) {
  const own = () => player.querySelector("audio");
  const length = () => (Number.isFinite(own()?.duration) ? own().duration : data.seconds);
  const span = () => state.box ?? { start: 0, stop: data.seconds };
  const isOutside = (second) => second < span().start - END || second >= span().stop - END;

  const seek = (second, sound = own()) => {
    if (!sound) return;
    place(sound, clamp(second, 0, length() - END));
    state.last = second;
    shown();
  };
  const toggle = () => {
    const [sound, other] = [own(), playing()];
    if (!sound) state.wanted = !state.wanted;
    else if (!sound.paused) sound.pause();
    else {
      const now = (other ?? sound).currentTime;
      if (state.loop && isOutside(now)) seek(span().start);
      else if (now >= length() - END) seek(0);
      else if (other) seek(now);
      start(sound, shown);
    }
    shown();
  };
  const toggleLatest = () => {
    const sound = latest() ?? own();
    if (sound === own()) toggle();
    else if (sound.paused) start(sound, shown);
    else sound.pause();
  };
  const step = (direction) => {
    const sound = latest() ?? own();
    if (!sound) return;
    const [now, lines] = [sound.currentTime, sound === own() ? data.bars : []];
    const on = lines.find((line) => line > now + END) ?? now + STEP;
    const back = lines.findLast((line) => line < now - JUST_BEGUN) ?? (lines.length ? 0 : now - STEP);
    seek(direction > 0 ? on : back, sound);
  };
  const setLoop = (on) => {
    state.loop = on;
    if (on && state.box && own() && !own().paused && isOutside(own().currentTime)) seek(span().start);
    shown();
  };
  // The loop also holds for a sound that was switched to at the same place.
  const keepInLoop = () => {
    const sound = playing();
    if (!sound || (sound !== own() && !("together" in sound.dataset))) return;
    if (state.loop && sound.currentTime >= span().stop && state.last < span().stop) sound.currentTime = span().start;
    state.last = sound.currentTime;
  };
  const comeRound = (event) => {
    if (!state.loop || event.target !== own()) return;
    seek(span().start);
    start(own(), shown);
  };
  const playWanted = () => {
    if (!state.wanted || !own()) return;
    state.wanted = false;
    toggle();
  };
  return { own, length, span, seek, toggle, toggleLatest, step, setLoop, keepInLoop, comeRound, playWanted };
}
