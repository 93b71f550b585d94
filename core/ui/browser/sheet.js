// Sheet music that follows the sound of its player: the notes that sound are marked, a press on a note goes there.

const LEAST = 640; // pixels: a wide page is not made smaller than this, but scrolled
const FONT = "encore-score-font";
const NEAR = 40; // pixels between a press and the note that is meant
const ends = new WeakMap(); // for each sheet what ends it

export default function ({ data, parentElement }) {
  ends.get(parentElement)?.();
  ends.set(parentElement, mount(parentElement, data));
  return () => ends.get(parentElement)?.();
}

// Fonts are known to a whole document only: a font inside the pages is of no use in a part of it.
function share(style) {
  const font = document.createElement("style");
  font.id = FONT;
  font.textContent = style.textContent;
  document.getElementById(FONT) ?? document.head.append(font);
  style.remove();
}

// Reads a page of SVG, without anything in it that could act.
function readPage(text) {
  const page = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
  page.querySelectorAll("script, foreignObject").forEach((node) => node.remove());
  [...page.querySelectorAll("style")].filter((style) => style.textContent.includes("@font-face")).forEach(share);
  return page;
}

// Brings a sheet to life, and returns what ends it.
function mount(root, data) {
  const player = root.host.closest(PLAYER);
  const sheet = root.querySelector(".sheet");
  const ending = new AbortController();
  let shown = -1;

  const pages = data.pages.map(readPage);
  for (const page of pages) page.style.minWidth = data.width > LEAST ? `${LEAST}px` : "";
  sheet.replaceChildren(...pages);
  const begins = new Map();
  for (const [second, ids] of data.times) for (const id of ids) if (!begins.has(id)) begins.set(id, second);
  const headsAt = (index) => (data.times[index]?.[1] ?? []).map((id) => root.getElementById(id)).filter(Boolean);

  // Scrolls to the line of a note, if it is out of sight.
  const reveal = (head) => {
    const [line, frame] = [head.closest(".system") ?? head, sheet].map((node) => node.getBoundingClientRect());
    if (line.top >= frame.top && line.bottom <= frame.bottom) return;
    sheet.scrollTop += line.top - frame.top - 8;
  };
  const follow = () => {
    const sound = soundOf(player);
    const now = sound?.currentTime ?? 0;
    const index = now > 0 ? data.times.findLastIndex(([second]) => second <= now + 0.01) : -1;
    if (index === shown) return;
    for (const head of headsAt(shown)) head.classList.remove("sounds");
    const heads = headsAt(index);
    for (const head of heads) head.classList.add("sounds");
    if (heads.length && !sound.paused) reveal(heads[0]);
    shown = index;
  };
  const distance = (head, event) => {
    const { left, right, top, bottom } = head.getBoundingClientRect();
    return Math.hypot(event.clientX - (left + right) / 2, event.clientY - (top + bottom) / 2);
  };
  const press = (event) => {
    let [nearest, least] = [null, NEAR];
    for (const id of begins.keys()) {
      const head = root.getElementById(id);
      const away = head ? distance(head, event) : NEAR;
      if (away < least) [nearest, least] = [id, away];
    }
    if (event.detail > 0) sheet.blur(); // the space bar plays
    if (nearest) player.dispatchEvent(new CustomEvent("seek", { detail: begins.get(nearest) }));
  };
  listen(sheet, "click", press, ending.signal);
  const endLooking = keepLooking(follow);

  return () => {
    ending.abort();
    endLooking();
  };
}
