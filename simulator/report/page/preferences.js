// What a person prefers, and what both pages have for it: the theme, and the help on keys. In: nothing. Out: buttons.
import { button, patch } from "sim/dom.js";

const THEMES = { system: "light", light: "dark", dark: "system" };

/** Small preferences of this browser; a page opened from disk may not be allowed to keep any. */
export function remembered(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

export function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* the preference lasts as long as the page */ }
}

/** `help` shows the keys. */
export function showPreferences(help, theme = remembered("sim-theme") ?? "system") {
  remember("sim-theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  patch(document.getElementById("preferences"),
    button(`Theme: ${theme}`, () => showPreferences(help, THEMES[theme])),
    button("Keys", help, { class: "help", title: "?", "aria-keyshortcuts": "?" }));
}
