// Keeps a key in this browser that nobody can guess, and tells it to the page: the visitor's takes are stored under it.

const NAME = "encore-visitor";
const BYTES = 16;

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Returns null where the browser keeps nothing, as some do in private windows.
function kept() {
  try {
    const key = localStorage.getItem(NAME) ?? newKey();
    localStorage.setItem(NAME, key);
    return key;
  } catch (error) {
    console.info("Encore: this browser keeps no key, so takes end with the visit.", error);
    return null;
  }
}

// After a button was pressed with a pointer, the space bar plays what there is to hear, and does not press it once more.
const letGo = (event) => event.detail > 0 && event.target.closest?.(".stButton button")?.blur();
document.addEventListener("click", letGo);

// Undo and redo in a field are the field's own. Streamlit's shortcuts with Ctrl would act there too.
const PRESSED = "[type=checkbox], [type=radio], [type=range], [type=button], [type=file]";
const TYPED = `input:not(${PRESSED}), textarea, select, [contenteditable], [role=textbox], [role=combobox]`;
const typed = (node) => node instanceof Element && node.matches(TYPED);
function keep(event) {
  const combined = event.ctrlKey || event.metaKey;
  if (combined && /^[zy]$/i.test(event.key) && event.composedPath().some(typed)) event.stopImmediatePropagation();
}
window.addEventListener("keydown", keep, { capture: true });

export default function ({ data, setTriggerValue }) {
  const key = kept();
  if (key !== null && !data.known) setTriggerValue("key", key);
}
