// What a model expects while a piece plays: chances over a keyboard and over gaps, with what came.

const ends = new WeakMap(); // for each keyboard what ends it

export default function ({ data, parentElement }) {
  ends.get(parentElement)?.();
  ends.set(parentElement, mount(parentElement, data));
  return () => ends.get(parentElement)?.();
}

// `data` has player (the key of the player that is followed), lowest, names (of the pitches from the lowest on), and for
// each note: times (seconds), pitches and gaps ([what, per cent] of the likeliest), came and gap (what came), words.
function mount(root, data) {
  const keys = root.querySelector(".keys");
  const bars = data.names.map((name) => {
    const key = document.createElement("span");
    key.className = name.length > 2 ? "key black" : "key";
    key.append(document.createElement("i"));
    if (name.startsWith("C") && name.length === 2) key.append(Object.assign(document.createElement("b"), { textContent: name }));
    return key;
  });
  keys.replaceChildren(...bars);
  let shown = -1;

  const show = (number) => {
    for (const bar of bars) {
      bar.firstElementChild.style.height = "0";
      bar.classList.remove("came");
    }
    for (const [pitch, share] of data.pitches[number]) bars[pitch - data.lowest].firstElementChild.style.height = `${share}%`;
    bars[data.came[number] - data.lowest].classList.add("came");
    const gaps = data.gaps[number].map(([words, share]) => {
      const came = words === data.gap[number] ? "came" : "";
      return Object.assign(document.createElement("span"), { textContent: `${words} ${share} %`, className: came });
    });
    root.querySelector(".lengths").replaceChildren(...gaps);
    write(root.querySelector(".words"), data.words[number]);
    label(keys, data.words[number]);
  };
  const follow = () => {
    const player = document.querySelector(`.st-key-player-${data.player}`);
    const now = (player && soundOf(player)?.currentTime) ?? 0;
    const number = Math.max(0, data.times.findLastIndex((time) => time <= now + 0.02));
    if (number !== shown) show(number);
    shown = number;
  };
  return keepLooking(follow);
}
