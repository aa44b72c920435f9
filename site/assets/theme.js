// Light or dark: the reader's choice if there is one, else the system's. Runs before the first paint.
"use strict";
window.argmapSays = (said) => { window.argmapWords = said; }; // what words.js calls
(function () {
  const key = "argmap-theme";
  const root = document.documentElement;
  function stored() {
    try { return localStorage.getItem(key); } catch { return null; }
  }
  function store(value) {
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* private window */ }
  }
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function apply(value) {
    if (value === "light" || value === "dark") root.dataset.theme = value;
    else delete root.dataset.theme;
    document.dispatchEvent(new CustomEvent("argmap-theme"));
  }
  apply(stored());
  root.classList.add("js");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply(stored()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-button]")) return;
    // The other one; back to the system's where that is the same.
    const next = dark() ? "light" : "dark";
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    store(next === system ? null : next);
    apply(next === system ? null : next);
  });
})();
