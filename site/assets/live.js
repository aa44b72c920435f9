// A page that follows the site: `argmap serve` says when it was built anew; any other server is asked
// now and then; where the page is a file, its data script is read again.
"use strict";
(function () {
  const html = document.documentElement;
  const root = html.dataset.root, base = html.dataset.base; // the site in this language, and all of it
  const OFTEN = 4000, SELDOM = 60000; // ms between looks at a file, at a server that says nothing
  const scriptsOf = (page) => [...page.querySelectorAll("script[src]")].map((one) => one.getAttribute("src"));
  const scripts = scriptsOf(document);
  const dataScript = scripts.find((src) => src.startsWith(root + "data/"));

  // ---- the same page, built anew ------------------------------------------------------------------

  let shown = null, looking = false, again = false;

  async function look() {
    again = looking;
    if (looking) return;
    looking = true;
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-cache" });
      if (answer.ok) await turn(await answer.text());
    } catch { /* the server is gone: the page stays as it is, and looks again when it is back */ }
    looking = false;
    if (again) look();
  }

  async function turn(text) {
    const first = shown === null, same = shown === text;
    shown = text;
    if (same) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    if (first && telling(page) === telling(document)) return;
    if (page.documentElement.lang !== html.lang || String(scriptsOf(page)) !== String(scripts)) return location.reload();
    if (dataScript) await run(dataScript);
    if (window.argmap?.refresh) return window.argmap.refresh(text);
    if (window.argmap || document.querySelector("[data-filters]")) return location.reload(); // its address holds it all
    replace(page);
  }

  // What tells two builds of a page apart, and no script of ours changes.
  const telling = (page) => page.documentElement.dataset.asOf + page.getElementById("graph")?.textContent;

  // The address is the same, so that a server may say that it is unchanged.
  const run = (src) => new Promise((done) => window.argmapSite.run(src, done));

  function replace(page) {
    const { scrollX: left, scrollY: top } = window;
    const at = document.activeElement?.getAttribute("href");
    for (const name of ["main", ".end", ".mast nav"]) {
      const fresh = page.querySelector(name);
      if (fresh) document.querySelector(name)?.replaceChildren(...document.importNode(fresh, true).childNodes);
    }
    document.title = page.title;
    html.dataset.asOf = page.documentElement.dataset.asOf;
    if (at) document.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
    scrollTo(left, top);
  }

  // ---- how it comes to know -------------------------------------------------------------------------

  async function begin() {
    if (location.protocol === "file:") return fromFile();
    const headers = await age();
    if (headers?.has("X-Argmap-Live")) listen();
    else if (headers && !("fixed" in html.dataset)) ask(headers);
  }

  function age() {
    return fetch(base + "api/graph.json", { method: "HEAD", cache: "no-cache" }).then((answer) => (answer.ok ? answer.headers : null), () => null);
  }

  // A browser keeps few connections to a server open: a page that nobody sees gives its own back.
  function listen() {
    let source = null;
    const attend = () => {
      if (document.hidden) { source?.close(); source = null; return; }
      source ??= new EventSource(base + "events");
      source.onopen = source.onmessage = look;
    };
    document.addEventListener("visibilitychange", attend);
    attend();
  }

  function ask(headers) {
    const mark = (given) => given?.get("ETag") ?? given?.get("Last-Modified") ?? null;
    let last = mark(headers);
    often(SELDOM, async () => {
      const now = mark(await age());
      if (now === null || now === last) return;
      last = now;
      look();
    });
    look();
  }

  function fromFile() {
    if (!dataScript || "fixed" in html.dataset) return;
    const first = JSON.stringify(window.argmapDebate);
    often(OFTEN, async () => {
      await run(dataScript + "?" + Date.now());
      if (JSON.stringify(window.argmapDebate) === first) return;
      if (window.argmap?.reload) window.argmap.reload(); else location.reload();
    });
  }

  function often(pause, then) {
    const now = () => { if (!document.hidden) then(); };
    setInterval(now, pause);
    document.addEventListener("visibilitychange", now);
  }

  begin();
})();
