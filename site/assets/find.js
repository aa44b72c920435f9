// Search: the index that was built ahead, what matches a query, and the box in a page's head.
"use strict";
window.argmapFind = (function () {
  const root = document.documentElement.dataset.root;
  const words = window.argmapWords.words;
  const waiting = [];
  let index = null, asked = false, terms = null;

  window.argmapIndex = (data) => {
    index = data;
    terms = [[data.terms, 3], [data.body, 1]].map(([table, weight]) => ({ table, weight, stems: Object.keys(table) }));
    for (const then of waiting.splice(0)) then(index);
  };

  // The index is read when a reader first looks for something; as a script, since files have no fetch.
  function load(then) {
    if (index) return then(index);
    waiting.push(then);
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = root + "data/search.js";
    document.head.append(script);
  }

  // ---- matching --------------------------------------------------------------------------------

  const plain = (text) => text.normalize("NFC").toLowerCase().replaceAll("ё", "е");
  const split = (text) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];

  function common(a, b) {
    let n = 0;
    while (n < a.length && n < b.length && a[n] === b[n]) n++;
    return n;
  }

  // How well a stem fits a word as typed: begun, another form of it, or not at all.
  function fit(stem, word) {
    if (stem === word) return 4;
    if (stem.startsWith(word)) return 3;
    return word.startsWith(stem) && stem.length >= 3 && word.length - stem.length <= 4 ? 2 + stem.length / 100 : 0;
  }

  // For forms whose stem ends otherwise: "рынок" and "рынка", "making" and "make".
  function roughly(stem, word) {
    const same = common(stem, word);
    return same >= 3 && stem.length - same <= 1 && word.length - same <= 3 ? 1 : 0;
  }

  function scores(word) {
    for (const fits of [fit, roughly]) {
      const found = new Map();
      let best = 0;
      const hits = [];
      for (const { table, weight, stems } of terms) {
        for (const stem of stems) {
          const how = fits(stem, word);
          if (how) { hits.push([table[stem], how, weight]); best = Math.max(best, how); }
        }
      }
      for (const [docs, how, weight] of hits) {
        if (how < 3 && how < best - .5 && best < 3) continue;
        for (const doc of docs) found.set(doc, Math.max(found.get(doc) ?? 0, how * weight));
      }
      if (found.size) return found;
    }
    return new Map();
  }

  const below = (tag, wanted) => tag === wanted || tag.startsWith(wanted + "/");

  function passes(doc, filters) {
    return (!filters.kind || doc.k === filters.kind) && (!filters.status || doc.s === filters.status) &&
      (!filters.mark || (doc.m ?? []).includes(filters.mark)) && (!filters.note || doc.n === filters.note) &&
      (!filters.tag || (doc.g ?? []).some((tag) => below(tag, filters.tag)));
  }

  // The documents that hold every word, the best first; without words, all that the filters let through.
  function search(text, filters = {}) {
    const asked_ = split(text);
    if (!asked_.length) return text.trim() ? [] : index.docs.filter((doc) => passes(doc, filters));
    let found = null;
    for (const word of asked_) {
      const some = scores(word);
      if (found === null) found = some;
      else for (const [doc, score] of found) some.has(doc) ? found.set(doc, score + some.get(doc)) : found.delete(doc);
    }
    return [...found].filter(([doc]) => passes(index.docs[doc], filters))
      .sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([doc]) => index.docs[doc]);
  }

  // ---- what is found, as a line ------------------------------------------------------------------

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "i i-" + name);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "#i-" + name);
    svg.append(use);
    return svg;
  }

  const spoken = { pass: "pass", fail: "fail", "o-unknown": "o.unknown" };

  function line(doc) {
    const link = document.createElement("a");
    link.href = root + doc.h;
    if (doc.s) link.append(icon(doc.s));
    const text = document.createElement("span");
    text.className = "what";
    text.textContent = doc.t;
    const kind = document.createElement("small");
    kind.textContent = doc.s ? words[spoken[doc.s] ?? doc.s] ?? "" : words["one." + doc.k];
    link.append(text, kind);
    if (doc.i) link.dataset.found = doc.i;
    if (doc.d) link.dataset.debate = doc.d;
    return link;
  }

  // ---- the box in the head -------------------------------------------------------------------------

  const MOST = 9;
  const hooks = { found: null, chosen: null, debate: null };

  function box(holder) {
    const input = holder.querySelector("input"), hits = holder.querySelector(".hits");
    const close = () => { hits.hidden = true; };
    function show() { look(true); }
    function look(open) {
      const text = input.value;
      if (!text.trim()) {
        close();
        return hooks.found?.(null, "");
      }
      load(() => {
        const all = search(text);
        const own = hooks.debate ? all.filter((doc) => doc.d === hooks.debate && doc.i) : [];
        const first = [...own, ...all.filter((doc) => !own.includes(doc))].slice(0, MOST);
        hits.replaceChildren(...first.map(line));
        if (!first.length) hits.append(Object.assign(document.createElement("p"), { className: "dim", textContent: words.not_found }));
        if (all.length > first.length) {
          const more = document.createElement("a");
          more.href = root + "index.html#q=" + encodeURIComponent(text);
          more.className = "all";
          more.textContent = words.found + ": " + all.length + " →";
          hits.append(more);
        }
        hits.hidden = !open;
        hooks.found?.(new Set(own.map((doc) => doc.i)), text.trim());
      });
    }
    input.addEventListener("input", show);
    input.addEventListener("focus", () => { load(() => {}); if (input.value.trim()) show(); });
    holder.addEventListener("keydown", (event) => {
      const links = [...hits.querySelectorAll("a")], at = links.indexOf(document.activeElement);
      if (event.key === "Escape") {
        event.stopPropagation();
        if (input.value) { input.value = ""; show(); }
        close();
        input.focus();
      } else if (event.key === "ArrowDown" && links.length) {
        event.preventDefault();
        links[Math.min(at + 1, links.length - 1)].focus();
      } else if (event.key === "ArrowUp" && at >= 0) {
        event.preventDefault();
        (links[at - 1] ?? input).focus();
      } else if (event.key === "Enter" && document.activeElement === input && links.length && !hits.hidden) {
        event.preventDefault();
        links[0].click();
      }
    });
    hits.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-found]");
      if (!link || !hooks.chosen || event.ctrlKey || event.metaKey) return;
      if (hooks.chosen(link.dataset.found)) { event.preventDefault(); input.value = ""; close(); }
    });
    document.addEventListener("pointerdown", (event) => { if (!holder.contains(event.target)) close(); });
    // Look for a text that was not typed: it came with the address.
    function ask(text) {
      if (input.value.trim() === text) return;
      input.value = text;
      look(false);
    }
    return { input, show, ask };
  }

  const boxes = [...document.querySelectorAll("[data-find]")].map(box);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const input = document.querySelector("input[type=search]");
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  return { load, search, line, icon, hooks, boxes, passes };
})();
