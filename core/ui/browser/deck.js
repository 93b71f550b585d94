// Plays the sound of one player: from a place on, by bars, in a loop. Times are seconds of the sound.

const STEP = 5; // seconds that an arrow key moves where there are no bars
const JUST_BEGUN = 0.4; // seconds into a bar, up to which the way back leads to the bar before

const AHEAD = 0.15; // seconds that the whole of a sound is ahead of its beginning before it takes over

// `state` has loop, box, wanted (play as soon as there is a sound), last (where the sound was a moment ago) and goal
// (a place beyond the beginning of a sound, where it goes as soon as the whole is there).
function newDeck(player, data, state, shown) {
  const parts = () => player.querySelectorAll("audio");
  const own = () => soundOf(player);
  const isWhole = () => (parts().length > 1 ? own() === parts()[1] : data.state !== "making");
  const length = () => (isWhole() && Number.isFinite(own()?.duration) ? own().duration : data.seconds);
  const now = () => state.goal ?? own()?.currentTime ?? 0;
  const span = () => state.box ?? { start: 0, stop: data.seconds };
  const isOutside = (second) => second < span().start - END || second >= span().stop - END;

  const seek = (second, sound = own()) => {
    if (!sound) return;
    state.goal = null;
    if (sound === own() && !isWhole() && second > sound.duration - END) waitAt(clamp(second, 0, length() - END));
    else place(sound, clamp(second, 0, length() - END));
    state.last = second;
    shown();
  };
  const waitAt = (second) => {
    state.goal = second;
    state.wanted ||= !own().paused || own().ended;
    own().pause();
  };
  const toggle = () => {
    const [sound, other] = [own(), playing()];
    if (!sound || state.goal !== null) state.wanted = !state.wanted;
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
    if (event.target !== own()) return;
    if (!isWhole()) waitAt(own().duration);
    if (!isWhole() || !state.loop) return;
    seek(span().start);
    start(own(), shown);
  };
  const playWanted = () => {
    if (!state.wanted || !own() || state.goal !== null) return;
    state.wanted = false;
    toggle();
  };
  // The whole takes over where the beginning is; while that plays, at a place ahead which it will reach just then.
  const takeOver = () => {
    const [beginning, whole] = parts();
    if (!whole || own() === whole) return;
    const late = beginning.currentTime - whole.currentTime;
    if (beginning.paused) place(whole, state.goal ?? beginning.currentTime);
    else if (whole.seeking || whole.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return;
    else if (!whole.currentTime || late > END) return place(whole, beginning.currentTime + AHEAD);
    else if (late < 0) return;
    whole.dataset.whole = whole.src;
    if ("latest" in beginning.dataset) whole.dataset.latest = "";
    delete beginning.dataset.latest;
    state.goal = null;
    if (!beginning.paused) start(whole, shown);
  };
  return { own, now, takeOver, length, span, seek, toggle, toggleLatest, step, setLoop, keepInLoop, comeRound, playWanted };
}
