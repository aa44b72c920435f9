// The reader's language, and light or dark: as chosen here, else as the browser says. Runs before the
// first paint.
"use strict";
window.argmapSays = (said) => { window.argmapWords = said; }; // what words.js calls
(function () {
  const root = document.documentElement;
  function stored(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  }
  function store(key, value) {
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* private window */ }
  }

  // ---- the language: a site that is in two leads to the page in the other ------------------------

  const other = document.querySelector("link[hreflang]");
  if (other) toLanguage(other, [root.lang, other.hreflang]);

  function toLanguage(link, both) {
    const key = "argmap-language", asked = new URLSearchParams(location.search).get("lang");
    const chosen = both.includes(asked) ? asked : stored(key);
    const spoken = navigator.languages.map((one) => one.slice(0, 2).toLowerCase()).find((one) => both.includes(one));
    if (asked === chosen && asked) {
      store(key, asked);
      if (stored(key) === asked && root.lang === asked) history.replaceState(null, "", location.pathname + location.hash);
    }
    if ((both.includes(chosen) ? chosen : spoken ?? "en") === link.hreflang) {
      root.style.visibility = "hidden"; // until the other is there; it may not be
      setTimeout(() => { root.style.visibility = ""; }, 2000);
      location.replace(link.href + location.search + location.hash);
    }
  }

  document.addEventListener("click", (event) => {
    const to = event.target.closest("[data-language]");
    if (to) to.hash = location.hash; // what is shown stays
  });

  // ---- light or dark -------------------------------------------------------------------------------

  const key = "argmap-theme";
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function apply(value) {
    if (value === "light" || value === "dark") root.dataset.theme = value;
    else delete root.dataset.theme;
    document.dispatchEvent(new CustomEvent("argmap-theme"));
  }
  apply(stored(key));
  root.classList.add("js");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply(stored(key)));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-button]")) return;
    // The other one; back to the system's where that is the same.
    const next = dark() ? "light" : "dark";
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    store(key, next === system ? null : next);
    apply(next === system ? null : next);
  });
})();
