// What every page does: says when its last run is long ago, copies links and references, and, on the
// index, finds and filters. What a reader saw last time is kept in the browser and nowhere else.
"use strict";
window.argmapSite = (function () {
  const html = document.documentElement;
  const root = html.dataset.root, said = window.argmapWords, words = said.words, find = window.argmapFind;
  const OVERDUE = 7; // days after the last run, where no check says how often it is to run

  function plural(number, key) {
    const forms = said.forms[key];
    if (said.language !== "ru") return number + "\u00a0" + forms[number === 1 ? 0 : 1];
    const teen = number % 100 > 10 && number % 100 < 15;
    return number + "\u00a0" + forms[number % 10 === 1 && !teen ? 0 : number % 10 > 1 && number % 10 < 5 && !teen ? 1 : 2];
  }

  function day(iso) {
    const [year, month, date] = iso.split("-").map(Number);
    return date + "\u00a0" + said.months[month - 1] + "\u00a0" + year;
  }

  function ago(iso) {
    const now = new Date();
    return Math.floor((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - Date.parse(iso + "T00:00Z")) / 864e5);
  }

  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private window */ } },
    // What was there when this tab was opened, kept until it is closed.
    before(key, now) {
      let then = null;
      try {
        then = sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? "null";
        sessionStorage.setItem(key, then);
      } catch { /* private window */ }
      store.set(key, now);
      try { return JSON.parse(then); } catch { return null; }
    },
    forget(key) { try { sessionStorage.setItem(key, localStorage.getItem(key) ?? "null"); } catch { /* private window */ } },
  };
  const siteKey = "argmap-seen:" + new URL(html.dataset.base || ".", location.href).pathname;

  function banner(text, name, actions = []) {
    const bar = document.createElement("p");
    bar.className = "banner " + name;
    bar.setAttribute("role", "status");
    bar.append(Object.assign(document.createElement("span"), { textContent: text }), ...actions);
    const holder = document.querySelector(".modes") ?? document.querySelector("main");
    holder.prepend(bar);
    return bar;
  }

  function button(text, action) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.addEventListener("click", action);
    return made;
  }

  // A classic script, since a page that is a file has no other way to read.
  function run(src, then) {
    const script = Object.assign(document.createElement("script"), { src });
    script.onload = script.onerror = () => { script.remove(); then(); };
    document.head.append(script);
  }

  function overdueChecks() {
    const link = Object.assign(document.createElement("a"), { href: root + "checks.html", textContent: words.checks });
    return document.querySelector(".board") ? [] : [link];
  }

  // A page that was built to stay at its date stays; any other says when it has grown old.
  const late = "fixed" in html.dataset ? 0 : ago(html.dataset.asOf);
  const due = late > 0 ? html.dataset.due : ""; // when the first source was to be asked again
  if (due && ago(due) > 0) banner(words.due_checks + ": " + day(due), "late", overdueChecks());
  else if (!html.dataset.due && late > OVERDUE) banner(words.overdue + ": " + plural(late, "day") + (said.language === "ru" ? " назад" : " ago"), "late");
  if (late > 0) {
    for (const one of document.querySelectorAll("[data-age]")) one.textContent = plural(Math.max(0, ago(one.dataset.age)), "day");
  }

  // ---- copying -----------------------------------------------------------------------------------

  async function copy(text, from) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text, className: "away" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      from.focus();
    }
    const before = from.textContent;
    from.textContent = words.copied;
    setTimeout(() => { from.textContent = before; }, 1400);
  }

  const address = (path) => new URL(root + path, location.href).href;
  document.addEventListener("click", (event) => {
    const from = event.target.closest("button");
    if (from?.dataset.copyLink) copy(address(from.dataset.copyLink), from);
    if (from && "copyCite" in from.dataset) {
      const path = from.closest(".acts").querySelector("[data-copy-link]").dataset.copyLink;
      const text = from.previousElementSibling.textContent, url = address(path);
      copy(text.includes("{URL}") ? text.replace("URL", url) : text + " " + url, from);
    }
  });

  // ---- the index ---------------------------------------------------------------------------------

  const form = document.querySelector("[data-filters]");
  if (form) index();

  function index() {
    const debates = document.querySelector(".debates"), hits = document.querySelector("ul.hits");
    const tally = document.querySelector(".tally"), notes = document.querySelector("section.notes");
    const original = [...debates.children];
    const names = ["q", "kind", "status", "mark", "tag", "note", "sort"];
    const reset = form.querySelector("[type=reset]");
    const MOST = 200;

    function options(name, entries) {
      const select = form.elements[name];
      for (const [value, text] of entries) select.append(new Option(text, value));
    }
    let filled = false;
    function fill(data) {
      if (filled) return;
      filled = true;
      options("tag", data.tags.map((tag) => [tag, "\u00a0".repeat(3 * (tag.split("/").length - 1)) + "#" + tag]));
      options("note", Object.entries(data.notes));
    }
    const wanted = () => Object.fromEntries(names.map((name) => [name, form.elements[name]?.value ?? ""]));

    function show(quiet) {
      const now = wanted();
      order(now.sort);
      const active = names.some((name) => name !== "sort" && now[name]);
      reset.hidden = !active;
      debates.hidden = active;
      if (notes) notes.hidden = active;
      hits.hidden = !active;
      tally.textContent = "";
      if (!quiet) {
        const hash = names.filter((name) => now[name]).map((name) => name + "=" + encodeURIComponent(now[name])).join("&");
        history.replaceState(null, "", location.pathname + location.search + (hash ? "#" + hash : ""));
      }
      if (!active) return;
      find.load((data) => {
        fill(data);
        const found = find.search(now.q, now);
        tally.textContent = found.length ? words.found + ": " + found.length : words.not_found;
        hits.replaceChildren(...found.slice(0, MOST).map((doc) => {
          const item = document.createElement("li");
          item.append(find.line(doc));
          return item;
        }));
      });
    }

    function order(by) {
      const key = { title: (one) => one.dataset.title, age: (one) => one.dataset.oldest || "9" }[by];
      debates.append(...(key ? [...original].sort((a, b) => key(a).localeCompare(key(b))) : original));
    }

    function fromAddress() {
      const asked = new URLSearchParams(location.hash.slice(1));
      const set = () => {
        for (const name of names) if (form.elements[name]) form.elements[name].value = asked.get(name) ?? "";
        show(true);
      };
      if (asked.get("tag") || asked.get("note")) find.load((data) => { fill(data); set(); }); else set();
    }

    form.addEventListener("input", () => show());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(show));
    form.addEventListener("focusin", () => find.load(fill));
    window.addEventListener("hashchange", fromAddress);
    fromAddress();

    // What changed since the last visit, and what has aged since the last run.
    const now = Object.fromEntries(original.map((one) => [one.dataset.debate, one.dataset.status]));
    const before = store.before(siteKey + "index", now) ?? {};
    const today = new Date(Date.now() - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
    for (const one of original) {
      const was = before[one.dataset.debate];
      if (was && was !== one.dataset.status) pill(one, words.was + ": " + words[was], "fresh");
      const aged = one.dataset.aging.split(" ").filter((date) => date && date <= today);
      if (aged.length && !("fixed" in html.dataset)) pill(one, words.stale + " · " + plural(aged.length, "evidence"));
    }
    function pill(one, text, name = "") {
      const made = Object.assign(document.createElement("span"), { className: "pill " + name, textContent: text });
      one.querySelector(".line").append(made);
    }
  }

  return { plural, day, ago, store, siteKey, base: html.dataset.base, banner, button, copy, address, run };
})();
