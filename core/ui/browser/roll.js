// What lies over the piano roll: the playhead, the box, and what a pointer does there.
// Times are seconds of the sound; the timetable leads from them to the x of the figure.

const STILL = 5; // pixels that a pointer may move in a click
const WHOLE_HEIGHT = 24; // pixels up or down, below which a drag takes all pitches
const ALL = { low: 0, high: 127 };

// Reads column `to` at `value` of column `from`, in a table of pairs between which both grow evenly.
function lookUp(table, from, to, value) {
  if (table.length < 2) return null;
  const next = table.findIndex((row, index) => index > 0 && row[from] >= value);
  const right = table[next < 0 ? table.length - 1 : next];
  const left = table[(next < 0 ? table.length - 1 : next) - 1];
  const span = right[from] - left[from];
  return span ? left[to] + ((right[to] - left[to]) * (value - left[from])) / span : left[to];
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function axesOf(plot) {
  const layout = plot?._fullLayout;
  return layout?.xaxis?.l2p ? { x: layout.xaxis, y: layout.yaxis, mode: layout.dragmode } : null;
}

function newLayer(name, style) {
  const layer = document.createElement("div");
  layer.className = name;
  Object.assign(layer.style, { position: "absolute", pointerEvents: "none", zIndex: "1", display: "none", ...style });
  return layer;
}

// Lays a layer over the plot, between two x in pixels of the plot and two heights.
function lay(layer, plot, left, right, top, bottom) {
  const { x, y } = axesOf(plot);
  const canvas = plot.querySelector(".svg-container");
  if (layer.parentElement !== canvas) canvas.append(layer); // Plotly empties its canvas when it draws anew
  const [from, to] = [clamp(left, 0, x._length), clamp(right, 0, x._length)];
  const style = {
    display: right < 0 || left > x._length ? "none" : "block",
    left: `${x._offset + from}px`,
    top: `${y._offset + top}px`,
    height: `${bottom - top}px`,
  };
  if (right > left) style.width = `${to - from}px`;
  for (const [name, value] of Object.entries(style)) if (layer.style[name] !== value) layer.style[name] = value;
}

// Returns layers with `draw(plot, timetable, second, box)`, which lays them anew, and `remove()`.
function newLayers(colour) {
  const line = newLayer("playhead", { width: "2px", marginLeft: "-1px", background: colour });
  const area = newLayer("box", {
    background: `color-mix(in srgb, ${colour} 18%, transparent)`,
    border: `1.5px solid ${colour}`,
    borderRadius: "3px",
    boxSizing: "border-box",
  });
  const drawBox = (plot, timetable, box) => {
    const { x, y } = axesOf(plot);
    const [left, right] = [box.start, box.stop].map((second) => x.l2p(lookUp(timetable, 0, 1, second)));
    const [top, bottom] = [box.high + 0.5, box.low - 0.5].map((pitch) => clamp(y.l2p(pitch), 0, y._length));
    lay(area, plot, left, right, top, bottom);
  };
  return {
    draw(plot, timetable, second, box) {
      const axes = axesOf(plot);
      if (!axes || timetable.length < 2) return;
      const pixel = axes.x.l2p(lookUp(timetable, 0, 1, second));
      lay(line, plot, pixel, pixel, 0, axes.y._length);
      if (box) drawBox(plot, timetable, box);
      else area.style.display = "none";
    },
    remove() {
      line.remove();
      area.remove();
    },
  };
}

// Returns where a pointer is over the plot: the second, the pitch, and whether it is inside.
function pointedAt(plot, timetable, event) {
  const { x, y } = axesOf(plot);
  const frame = plot.getBoundingClientRect();
  const [across, down] = [event.clientX - frame.left - x._offset, event.clientY - frame.top - y._offset];
  const inside = across >= 0 && across <= x._length && down >= 0 && down <= y._length;
  const second = lookUp(timetable, 1, 0, x.p2l(clamp(across, 0, x._length)));
  return { inside, second: Math.max(0, second), pitch: clamp(Math.round(y.p2l(clamp(down, 0, y._length))), 0, 127) };
}

const nearest = (grid, second) =>
  grid.reduce((best, each) => (Math.abs(each - second) < Math.abs(best - second) ? each : best));

// Moves the edges of a span onto the grid, at least a step of it apart; without a grid it stays.
function snapped(grid, from, to) {
  if (grid.length < 2) return [from, to];
  const edges = [nearest(grid, from), nearest(grid, to)];
  if (edges[0] < edges[1]) return edges;
  const step = clamp(grid.findLastIndex((each) => each <= from), 0, grid.length - 2);
  return [grid[step], grid[step + 1]];
}

// Follows pointers over the plot of a player. `aims` has plot(), timetable, beats, pitched, bySelect();
// `seek(second)` is called after a click, `show(box)` during a drag and `take(box)` after it.
function followPointer(player, aims, { seek, show, take }, signal) {
  let pressed = null;
  let dragged = null;

  const boxTo = (event) => {
    const [one, other] = [pressed.at, pointedAt(aims.plot(), aims.timetable, event)];
    const [start, stop] = snapped(aims.beats, Math.min(one.second, other.second), Math.max(one.second, other.second));
    const all = !aims.pitched || Math.abs(event.clientY - pressed.y) < WHOLE_HEIGHT;
    const pitches = { low: Math.min(one.pitch, other.pitch), high: Math.max(one.pitch, other.pitch) };
    return { start, stop, ...(all ? ALL : pitches) };
  };
  const press = (event) => {
    const plot = aims.plot();
    const tool = event.target.closest?.(".modebar, .legend");
    if (!axesOf(plot) || tool || event.button !== 0 || !event.isPrimary || !plot.contains(event.target)) return;
    const at = pointedAt(plot, aims.timetable, event);
    const drags = axesOf(plot).mode === false && (event.pointerType === "mouse" || aims.bySelect());
    if (at.inside) pressed = { at, drags, x: event.clientX, y: event.clientY };
  };
  const move = (event) => {
    if (!pressed) return;
    const moved = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) >= STILL;
    if (moved && !pressed.drags) pressed = null; // the page scrolls, or the figure is zoomed
    else if (moved || dragged) show((dragged = boxTo(event)));
  };
  const release = () => {
    if (dragged) take(dragged);
    else if (pressed) seek(pressed.at.second);
    pressed = dragged = null;
  };
  const leave = () => {
    if (dragged) show(null);
    pressed = dragged = null;
  };
  // A press on the roll or its tools keeps no focus: the space bar plays, and the page gets no frame.
  const unfocus = (event) => {
    const focused = document.activeElement;
    const here = focused?.contains(player) || focused?.closest(".js-plotly-plot");
    if (event.detail > 0 && here && aims.plot()?.contains(event.target)) focused.blur();
  };
  listen(player, "click", unfocus, signal);
  listen(player, "pointerdown", press, signal);
  listen(document, "pointermove", move, signal);
  listen(document, "pointerup", release, signal);
  listen(document, "pointercancel", leave, signal);
}
