// The two number fields of a selected passage: whole bars where the music has bars, else seconds.

// Returns the fields with `show(box, open)`; `take(box)` is called when a number is changed.
function newPassage(root, data, take, signal) {
  const [row, first, last] = ["passage", "first", "last"].map((name) => root.querySelector(`.${name}`));
  const barred = data.bars.length > 1;
  const name = barred ? "bar" : "second";
  const limits = barred
    ? { min: data.firstBar, max: data.firstBar + data.bars.length - 2, step: 1 }
    : { min: 0, max: Math.ceil(data.seconds), step: 0.1 };
  const barAt = (second) => data.firstBar + Math.max(0, data.bars.findLastIndex((line) => line <= second + 0.001));
  const barLine = (bar) => data.bars[clamp(bar - data.firstBar, 0, data.bars.length - 1)];
  const numbers = (box) =>
    barred ? [barAt(box.start), barAt(box.stop - 0.002)] : [box.start, box.stop].map((second) => second.toFixed(1));

  write(root.querySelector(".unit"), barred ? "Bars" : "Seconds");
  [first, last].forEach((field, index) => {
    Object.assign(field, limits);
    label(field, `${index ? "Last" : "First"} ${name} of the selection`);
  });
  const read = () => {
    if (first.value === "" || last.value === "") return;
    const [one, other] = [Number(first.value), Number(last.value)].sort((a, b) => a - b);
    const [start, stop] = barred ? [barLine(one), barLine(other + 1)] : [one, Math.max(other, one + 0.1)];
    take({ start, stop });
  };
  for (const field of [first, last]) listen(field, "change", read, signal);
  return (box, open) => {
    row.hidden = !box && !open;
    const texts = box ? numbers(box).map(String) : ["", ""];
    const edited = root.activeElement === first || root.activeElement === last;
    if (!edited) [first.value, last.value] = texts;
  };
}
