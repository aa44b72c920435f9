// A debate's page: the list beside the map, the panel, what is shown of which moment, and the address.
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("graph").textContent);
  const debate = window.argmapDebate, judge = window.argmapJudge, find = window.argmapFind, site = window.argmapSite;
  const words = window.argmapWords.words, sums = window.argmapSums, { interval, setIcon } = sums;
  const stage = document.querySelector(".stage");
  const holder = document.getElementById("map");
  const panel = document.getElementById("panel"), inside = panel.querySelector(".inside");
  const live = document.querySelector(".live"), modes = document.querySelector(".modes");
  const verdict = document.querySelector(".verdict");
  const rows = [...document.querySelectorAll(".item")];
  const items = rows.filter((row) => row.dataset.id);
  const templates = new Map();
  for (const one of document.querySelectorAll("template[data-panel]")) templates.set(one.dataset.panel, one);
  let builds = 0; // how often the page was built anew while it was open
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const narrow = matchMedia("(max-width: 760px)");

  Object.assign(data, { main: debate.main, thesis: "" });
  const map = window.argmapMap(holder, document.getElementById("mini"), data, { words, clicked, opened: toggle });
  const { byId } = map;
  for (const node of data.nodes) node.base = based(node.card);
  const between = new Map(); // the first edge of two ends
  for (const edge of data.edges) {
    edge.base = edge.effect;
    const ends = edge.from + "\n" + edge.to;
    if (!between.has(ends)) between.set(ends, edge);
  }
  let verdictBase = [...verdict.childNodes].map((one) => one.cloneNode(true));
  const runs = [...document.querySelectorAll(".dots .step")].map((one) => ({ date: one.dataset.run, label: one.dataset.label, x: one.getAttribute("x") }));

  const state = { selected: null, run: null, whatif: {}, filters: new Set(), by: { tag: "", note: "" }, found: null, query: "", moment: null };
  let aged = judge.aged(debate, judge.today());

  // ---- moments: now, a run of the past, the reader's day, what if -----------------------------

  function momentNow() {
    if (state.run !== null) {
      const at = debate.runs.indexOf(runs[state.run].date);
      return at < 0 ? null : { ...judge.atRun(debate, at), past: true };
    }
    const outcomes = { ...aged.outcomes, ...state.whatif };
    if (!Object.keys(outcomes).length && !aged.any) return null;
    return judge.solved(aged.data, outcomes);
  }

  // The debate as of a moment: by now something of it may have ended.
  const dataOf = (moment) => (moment?.past ? debate : aged.data);

  function show() {
    state.moment = momentNow();
    undim();
    const effects = state.moment && judge.effects(dataOf(state.moment), state.moment);
    for (const node of data.nodes) paint(node, state.moment);
    for (const edge of data.edges) {
      const told = effects?.get(edge.from + "\n" + edge.kind + "\n" + edge.to);
      const gone = [edge.from, edge.to].some((end) => byId.get(end).card.gone);
      edge.effect = gone && !state.moment.past ? "idle" : edge.base === "contradicts" || !told ? edge.base : told;
    }
    for (const row of rows) repaint(row, effects);
    count();
    tell();
    light();
    map.recolour();
    if (state.selected !== null) fillPanel(state.selected);
    bars();
    strip();
  }

  // Who switches evidence wants to see the whole map follow, whatever is selected.
  function undim() {
    if (Object.keys(state.whatif).length) map.look.near = null;
    else if (state.selected !== null && map.look.near === null) map.select(state.selected);
  }

  // Stands for something that is not published: nothing is known of it but what it lends now.
  function standsIn(id) { return debate.evidence[id]?.force !== undefined; }

  // A card as the page holds it, with all that goes without saying.
  function based(card) {
    const icon = card.icon ?? card.status;
    return { marks: [], pills: [], held: [], stale: false, icon, word: words[icon === "o-unknown" ? "o.unknown" : icon], ...card };
  }

  function paint(node, moment) {
    const { card, base } = node;
    if (base.kind !== "claim" && base.kind !== "evidence") return;
    Object.assign(card, base, { text: card.text, gone: false });
    if (base.kind === "evidence" && !base.stale && aged.stale.includes(node.id) && !moment?.past) Object.assign(card, { stale: true, pills: [...base.pills, words.stale] });
    if (!moment) return;
    if (standsIn(node.id)) { card.gone = Boolean(moment.past); return; }
    const told = (base.kind === "claim" ? moment.claims : moment.evidence)[node.id];
    if (!told) { card.gone = true; return; }
    if (base.kind === "claim") {
      Object.assign(card, {
        status: told.status, icon: told.status, word: words[told.status], strength: interval(told.strength),
        bar: told.strength.map((end) => (end + 1) / 2), ...markedOf(base, moment, node.id),
      });
    } else if (told.outcome !== base.outcome || moment.past) {
      evidenceAt(card, base, told, moment);
    }
  }

  // Which of its marks a claim bears at a moment: as they are called, and as they are shown.
  function markedOf(base, moment, id) {
    const kept = base.marks.map((mark, n) => [mark, base.pills[n]])
      .filter(([mark]) => (moment.past ? mark === "inferred" : mark !== "lapsed"));
    if (!moment.past && judge.lapsed(aged.data, moment, id)) kept.unshift(["lapsed", words.lapsed]);
    return { marks: kept.map(([mark]) => mark), pills: kept.map(([, pill]) => pill) };
  }

  function evidenceAt(card, base, told, moment) {
    const check = base.look === "ran";
    card.outcome = told.outcome;
    if (check || told.outcome === "fail") {
      card.icon = told.outcome === "unknown" ? "o-unknown" : told.outcome;
      card.word = words[told.outcome === "unknown" ? "o.unknown" : told.outcome];
    } else {
      card.icon = told.outcome === "pass" ? "judgement" : "cited";
      card.look = told.outcome === "pass" ? "hollow" : "dashed";
    }
    if (!moment.past || !check) return;
    Object.assign(card, { pills: [], held: [], stale: false });
    if (base.value === words.yes || base.value === words.no) card.value = { pass: words.yes, fail: words.no }[told.outcome] ?? "";
    else if (told.value !== undefined && base.value) card.value = told.value || (told.outcome === "unknown" ? "" : base.value);
    if (told.date) card.date = told.date;
    if (card.value !== base.value) card.chart = null;
  }

  // ---- the list says the same ----------------------------------------------------------------------

  const ties = { "for": "for", "against": "against", "contradicts": "against", "undercut": "undercut", "undercut-idle": "undercut" };

  function drawTie(svg, effect) {
    svg.setAttribute("class", "tie tie-" + effect);
    svg.querySelector("use")?.setAttribute("href", "#t-" + (ties[effect] ?? "idle"));
  }

  const pill = (text, name = "") => Object.assign(document.createElement("span"), { className: "pill " + name, textContent: text });

  const pilled = (texts) => texts.flatMap((text) => [" ", pill(text)]);

  // As the page was written; a row that never said anything else is left alone.
  function restore(row) {
    if (!row.changed) return;
    row.changed = false;
    row.replaceChildren(...row.base.map((one) => one.cloneNode(true)));
    prepare(row);
  }

  function repaint(row, effects) {
    restore(row);
    const node = byId.get(row.dataset.id);
    row.classList.toggle("gone", Boolean(node?.card.gone));
    if (!node || !(state.moment || aged.any || fresh.has(node.id))) return;
    row.base ??= [...row.childNodes].map((one) => one.cloneNode(true));
    row.changed = true;
    const { card, base } = node;
    const tie = row.querySelector(".text > .tie");
    if (tie && effects && row.dataset.under) {
      const edge = between.get(node.id + "\n" + row.dataset.under);
      if (edge && edge.effect !== "contradicts") drawTie(tie, edge.effect);
    }
    setIcon(row.querySelector(".text > .i"), card.icon);
    if (fresh.has(node.id) && !row.classList.contains("again")) row.querySelector(".outcome")?.append(" ", pill(words.was + ": " + words[fresh.get(node.id)], "fresh"));
    if (row.classList.contains("again") || (!state.moment && !aged.any)) return;
    const outcome = row.querySelector(".outcome"), value = row.querySelector(".value");
    if (card.kind === "claim") {
      const word = outcome.querySelector("b");
      word.className = "t-" + card.status;
      word.textContent = card.gone ? "—" : card.word;
      for (const one of outcome.querySelectorAll(".pill:not(.fresh)")) one.remove();
      if (!card.gone) word.after(...pilled(card.pills));
      value.textContent = card.gone ? "" : words.strength + " " + card.strength;
    } else {
      outcome.replaceChildren(card.gone ? "—" : card.word, ...pilled([...card.held, ...(card.stale ? [words.stale] : [])]));
      if (card.value !== base.value && value) {
        value.querySelector("b")?.replaceChildren(card.value);
        row.querySelector(".graph")?.replaceChildren();
      }
      if (card.date !== base.date) row.querySelector(".date")?.replaceChildren(card.date);
    }
  }

  function count() {
    for (const one of document.querySelectorAll(".counts [data-filter]")) {
      const name = one.dataset.filter;
      const found = data.nodes.filter(({ card }) => !card.gone && (card.kind === "claim" ? card.status === name : card.kind === "evidence" && card.look === "ran" && card.icon === name)).length;
      one.querySelector(".number").textContent = found;
      one.classList.toggle("none", !found);
      one.setAttribute("aria-label", one.title + ": " + found);
    }
  }

  // The sentence at the top: of another moment only what the conclusion is.
  function tell() {
    verdict.replaceChildren(...verdictBase.map((one) => one.cloneNode(true)));
    if (!state.moment) return;
    const { card } = byId.get(verdict.dataset.main);
    const head = verdict.querySelector("b");
    const role = head.textContent.split(" ")[0];
    setIcon(verdict.querySelector(".i"), card.icon);
    head.className = "t-" + card.status;
    head.textContent = card.gone ? "—" : role + " " + words["is." + card.status];
    verdict.querySelector(".rest").textContent = card.gone ? "" : ": " + words.strength + " " + card.strength;
  }

  function say(text) { live.textContent = text; }

  // ---- bars above the map: what is not simply now -----------------------------------------------------

  const bar = (name, text, ...actions) => {
    const made = document.createElement("p");
    made.className = "banner " + name;
    made.append(Object.assign(document.createElement("span"), { textContent: text }), ...actions);
    return made;
  };

  let large = false, opening = null, freshShown = true; // opening: what a large map shows of itself
  function bars() {
    const found = [...modes.querySelectorAll("[role]")]; // what site.js says of the whole page
    const switched = Object.keys(state.whatif);
    if (state.run !== null) {
      found.push(bar("past", words.as_was + ": " + runs[state.run].label, site.button(words.to_now, () => goTo(null))));
    }
    if (switched.length) {
      const names = switched.map((id) => byId.get(id)?.card.text ?? id);
      const text = words["whatif.on"] + ": " + names[0] + (names.length > 1 ? " +" + (names.length - 1) : "");
      found.push(bar("whatif", text, site.button(words.back, backToWhatIs)));
    }
    if (aged.any && state.run === null) found.push(bar("late", words.aged));
    if (map.fold.focus) {
      const { id, steps } = map.fold.focus;
      const text = large && id === data.main ? words.large : words.focus + ": " + byId.get(id).card.text + " · " + site.plural(steps, "step");
      found.push(bar("focus", text, site.button(words.whole, () => setFocus(null))));
    }
    if (fresh.size && freshShown) {
      const names = [...fresh.keys()];
      const links = names.slice(0, 3).map((id) => site.button(short(byId.get(id).card.text), () => select(id)));
      found.push(bar("changes", words.changed + ": " + names.length, ...links, site.button(words.ok, () => {
        site.store.forget(key);
        fresh.clear();
        freshShown = false;
        map.mark(new Set());
        show();
      })));
    }
    modes.replaceChildren(...found);
  }

  const short = (text) => (text.length > 64 ? text.slice(0, 62).trimEnd() + "…" : text);

  // ---- what changed since the last visit ------------------------------------------------------------

  const key = site.siteKey + stage.dataset.debate;
  const statusesNow = Object.fromEntries(data.nodes.filter((node) => node.card.kind === "claim").map((node) => [node.id, node.base.status]));
  const before = site.store.before(key, statusesNow) ?? {};
  const fresh = new Map(Object.entries(statusesNow).filter(([id, status]) => before[id] && before[id] !== status).map(([id]) => [id, before[id]]));

  // ---- what if -----------------------------------------------------------------------------------------

  function setWhatIf(id, outcome) {
    if (state.run !== null) goTo(null, true);
    const base = aged.outcomes[id] ?? byId.get(id).base.outcome;
    if (outcome === base) delete state.whatif[id]; else state.whatif[id] = outcome;
    show();
    announce();
    address();
  }

  function backToWhatIs() {
    state.whatif = {};
    show();
    say(words.built);
    address();
  }

  function announce() {
    const { card } = byId.get(verdict.dataset.main);
    const turned = data.nodes.filter((node) => node.card.kind === "claim" && node.card.status !== node.base.status);
    say(card.text + ": " + card.word + ". " + turned.map((node) => node.card.text + ": " + node.card.word).join(". "));
  }

  // ---- time ----------------------------------------------------------------------------------------------

  const slider = document.querySelector(".strip input"), play = document.querySelector("[data-play]");
  let playing = null;

  function goTo(run, quiet) {
    state.run = run === null || run >= runs.length - 1 ? null : run;
    if (state.run !== null) state.whatif = {};
    if (quiet) return;
    show();
    const { card } = byId.get(verdict.dataset.main);
    say((state.run === null ? words.now : runs[state.run].label) + ": " + card.word);
    address();
  }

  function strip() {
    if (!slider) return;
    const at = state.run ?? runs.length - 1;
    slider.value = at;
    slider.setAttribute("aria-valuetext", state.run === null ? words.now : runs[at].label);
    document.querySelector(".dots .at").setAttribute("x", runs[at].x);
  }

  function halt() {
    clearInterval(playing);
    playing = null;
    play?.classList.remove("on");
    play?.setAttribute("aria-label", words.play);
  }

  function start() {
    let at = state.run ?? 0;
    goTo(at);
    play.classList.add("on");
    play.setAttribute("aria-label", words.pause);
    playing = setInterval(() => {
      at += 1;
      goTo(at);
      if (at >= runs.length - 1) halt();
    }, calm ? 1400 : 750);
  }

  slider?.addEventListener("input", () => { halt(); goTo(Number(slider.value)); });
  slider?.addEventListener("pointerdown", (event) => {
    // The runs stand where their dates are, not in even steps: take the nearest.
    const nearest = (x) => {
      const dots = [...document.querySelectorAll(".dots .step")].map((one) => Math.abs(one.getBoundingClientRect().left + one.getBoundingClientRect().width / 2 - x));
      return dots.indexOf(Math.min(...dots));
    };
    event.preventDefault();
    halt();
    slider.focus({ preventScroll: true });
    slider.setPointerCapture(event.pointerId);
    goTo(nearest(event.clientX));
    slider.onpointermove = (one) => { const at = nearest(one.clientX); if (at !== (state.run ?? runs.length - 1)) goTo(at); };
    slider.onpointerup = slider.onpointercancel = () => { slider.onpointermove = null; };
  });
  play?.addEventListener("click", () => (playing ? halt() : start()));

  // ---- filters -------------------------------------------------------------------------------------------

  let docs = null;
  function light() {
    const { filters, by, found } = state;
    const statuses = [...filters].filter((name) => !marks.includes(name)), marked = [...filters].filter((name) => marks.includes(name));
    if (!filters.size && !by.tag && !by.note && !found) {
      map.lightUp(null);
      for (const row of rows) row.classList.remove("miss");
      return;
    }
    const lit = new Set(data.nodes.filter((node) => {
      const { card } = node;
      if (card.kind !== "claim" && card.kind !== "evidence") return false;
      const doc = docs?.get(node.id);
      return (!statuses.length || statuses.includes(card.icon)) &&
        marked.every((mark) => card.marks?.includes(mark) || (mark === "stale" && card.stale) || doc?.m?.includes(mark)) &&
        (!found || found.has(node.id)) && (!by.tag && !by.note ? true : Boolean(doc) && find.passes(doc, by));
    }).map((node) => node.id));
    map.lightUp(lit);
    for (const row of rows) row.classList.toggle("miss", !lit.has(row.dataset.id));
  }
  const marks = ["lapsed", "stale", "inferred"];

  function setFilters() {
    for (const one of document.querySelectorAll("[data-filter]")) one.setAttribute("aria-pressed", String(state.filters.has(one.dataset.filter)));
    for (const one of document.querySelectorAll("[data-by]")) one.value = state.by[one.dataset.by];
    light();
  }

  function withDocs(then) {
    find.load((index) => {
      if (!docs) {
        const own = index.docs.filter((doc) => doc.d === stage.dataset.debate && doc.i);
        docs = new Map(own.map((doc) => [doc.i, doc]));
        const above = (tag) => tag.split("/").map((_, n, parts) => parts.slice(0, n + 1).join("/"));
        const tags = [...new Set(own.flatMap((doc) => (doc.g ?? []).flatMap(above)))].sort();
        const notes = [...new Set(own.map((doc) => doc.n).filter(Boolean))].sort();
        const fill = (name, entries) => document.querySelector(`[data-by="${name}"]`).append(...entries.map(([value, text]) => new Option(text, value)));
        fill("tag", tags.map((tag) => [tag, "\u00a0".repeat(3 * (tag.split("/").length - 1)) + "#" + tag]));
        fill("note", notes.map((path) => [path, index.notes[path] ?? path]));
      }
      then();
    });
  }

  find.hooks.debate = stage.dataset.debate;
  find.hooks.found = (ids, text) => {
    Object.assign(state, { found: ids, query: text });
    light();
    address();
  };
  find.hooks.chosen = (id) => {
    if (!byId.has(id)) return false;
    Object.assign(state, { found: null, query: "" });
    light();
    select(id);
    return true;
  };

  // ---- focus and folding -----------------------------------------------------------------------------------

  function setFocus(id, steps = 1) {
    map.focus(id, steps);
    if (id !== null && state.selected !== null && map.hidden(state.selected)) select(null, true);
    bars();
    if (state.selected !== null) fillPanel(state.selected);
    address();
  }

  function toggle(id) {
    map.toggle(id);
    if (state.selected !== null) fillPanel(state.selected);
    address();
  }

  function setBare(bare) {
    map.setBare(bare);
    const one = document.querySelector("[data-evidence]");
    one.setAttribute("aria-pressed", String(bare));
    address();
  }

  // ---- selection ---------------------------------------------------------------------------------------------

  function clicked(id) {
    if (id === null) return select(null);
    const kind = byId.get(id).card.kind;
    if (kind === "more") { map.unfold(id); address(); } else if (kind !== "join") select(id);
  }

  function select(id, quiet) {
    wanted = id;
    if (id !== null && !templates.has(id)) return withPanel(id, () => { if (wanted === id) select(id, quiet); });
    const was = state.selected, open = !panel.hidden;
    state.selected = id;
    map.select(id);
    undim();
    for (const item of items) {
      const chosen = item.dataset.id === id && !item.classList.contains("again");
      item.classList.toggle("chosen", chosen);
      item.setAttribute("aria-selected", String(chosen));
    }
    panel.hidden = id === null;
    panel.scrollTop = 0;
    if (id === null) inside.replaceChildren(); else fillPanel(id);
    if (!quiet) address(id !== was);
    if (open === panel.hidden) map.resized();
    if (id !== null && map.network) requestAnimationFrame(() => reveal());
    if (id === null && was !== null && stage.dataset.view === "list") itemOf(was)?.focus({ preventScroll: true });
    else if (id === null && was !== null && panel.contains(document.activeElement)) itemOf(was)?.focus({ preventScroll: true });
  }

  // On a phone the panel takes the lower part.
  function reveal(jump = false) {
    if (state.selected !== null && stage.dataset.view === "map") map.reveal(state.selected, narrow.matches ? .3 : 1, jump);
  }

  // The panels of a large debate stand in scripts of their own, read when one of them is opened. Where
  // that fails, the card's own page tells the same.
  let wanted = null;
  window.argmapPanels = (panels) => {
    for (const [id, html] of Object.entries(panels)) {
      const made = document.createElement("template");
      made.innerHTML = html;
      templates.set(id, made);
    }
  };

  const hasPanel = (id) => templates.has(id) || itemOf(id)?.dataset.panel !== undefined;

  function withPanel(id, then) {
    const item = itemOf(id);
    if (item) site.run(panelsOf(item), () => { if (templates.has(id)) then(); else location.href = item.querySelector("a").href; });
  }

  const panelsOf = (item) => stage.dataset.panels + item.dataset.panel + ".js" + (builds ? "?" + builds : "");

  function itemOf(id) {
    return items.find((item) => item.dataset.id === id && !item.classList.contains("again"));
  }

  function fillPanel(id) {
    if (!templates.has(id)) return withPanel(id, () => { if (state.selected === id) fillPanel(id); });
    fill(inside, id);
    if (standsIn(id)) return;
    const { card } = byId.get(id), switches = inside.querySelector("[data-whatif]");
    if (fresh.has(id)) inside.querySelector("[data-now]").append(pill(words.was + ": " + words[fresh.get(id)], "fresh"));
    if (switches && id in debate.evidence) {
      switches.hidden = false;
      for (const one of switches.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one.dataset.outcome === (card.outcome === "error" ? "unknown" : card.outcome)));
    }
    if (card.kind === "claim") tools(id);
  }

  // What a card's panel says at this moment.
  function fill(root, id) {
    root.replaceChildren(templates.get(id).content.cloneNode(true));
    if (standsIn(id)) return;
    const { card } = byId.get(id), now = root.querySelector("[data-now]");
    if (card.kind === "claim") whatWouldTurn(root, id);
    if (!state.moment && !aged.any) return;
    setIcon(now.querySelector(".status .i"), card.icon);
    now.querySelector(".status b").textContent = card.gone ? "—" : card.word;
    if (card.kind === "claim") {
      now.querySelector(".status").className = "status t-" + card.status;
      now.querySelector(".num b").textContent = words.strength + " " + card.strength;
      for (const one of now.querySelectorAll(".pill")) one.remove();
      now.querySelector(".status").after(...pilled(card.pills));
      if (card.gone && !state.moment.past) now.querySelector(".status").after(" ", pill(words.ended, "stale"));
      if (state.moment && !card.gone) sums.recount(root, dataOf(state.moment), state.moment, id);
      if (aged.any) sums.renow(root, judge.solved(aged.data, aged.outcomes).claims[id]);
    } else {
      if (card.gone && !state.moment.past) now.querySelector(".status").after(" ", pill(words.ended, "stale"));
      else if (card.stale && !now.querySelector(".stale")) now.querySelector(".status").after(" ", pill(words.stale, "stale"));
      const figure = root.querySelector(".fact .figure");
      if (figure && card.value !== byId.get(id).base.value) figure.textContent = card.value || "—";
    }
    if (state.moment) retie(root, id);
  }

  // The relations below: what the other end is at this moment, and what the line then does.
  function retie(root, id) {
    for (const row of root.querySelectorAll(".ties li")) {
      const other = byId.get(row.querySelector("a[data-select]")?.dataset.select);
      if (!other) continue;
      setIcon(row.querySelector(".i"), other.card.icon);
      const edge = data.edges.find((one) => (one.from === id && one.to === other.id) || (one.to === id && one.from === other.id));
      if (edge && edge.effect !== "contradicts") {
        drawTie(row.querySelector(".tie"), edge.effect);
        row.querySelector(":scope > small")?.replaceChildren(/idle/.test(edge.effect) ? words.idle_now : "");
      }
    }
  }

  // What can be done with a claim on the map.
  function tools(id) {
    const acts = inside.querySelector(".acts");
    const group = document.createElement("div");
    group.className = "steps";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words.focus);
    group.append(Object.assign(document.createElement("span"), { className: "dim", textContent: words.focus }));
    for (const steps of [1, 2, 3]) {
      const on = map.fold.focus?.id === id && map.fold.focus.steps === steps;
      const one = site.button(String(steps), () => { show_("map"); setFocus(on ? null : id, steps); });
      one.setAttribute("aria-label", words.focus + ": " + site.plural(steps, "step"));
      one.setAttribute("aria-pressed", String(on));
      group.append(one);
    }
    const rest = [group];
    if (map.hasBranch(id)) rest.push(site.button(map.fold.closed.has(id) ? words.expand : words.collapse, () => toggle(id)));
    acts.prepend(...rest);
  }

  // Which single piece of evidence would turn this claim's status, if it came out otherwise.
  const MOST_TRIED = 60, MOST_SHOWN = 5;
  function whatWouldTurn(root, id) {
    if (state.run !== null || !(id in aged.data.claims)) return;
    const into = new Map();
    for (const [source, target, kind] of aged.data.edges) {
      into.set(target, [...(into.get(target) ?? []), source]);
      if (kind === "contradicts") into.set(source, [...(into.get(source) ?? []), target]);
    }
    const upstream = new Set([id]);
    for (const one of upstream) for (const source of into.get(one) ?? []) upstream.add(source);
    const tried = [...upstream].filter((one) => one in aged.data.evidence && !standsIn(one)).slice(0, MOST_TRIED);
    const outcomes = { ...aged.outcomes, ...state.whatif };
    const now = byId.get(id).card.status, found = [];
    for (const one of tried) {
      const is = byId.get(one)?.card.outcome;
      for (const outcome of ["pass", "fail", "unknown"]) {
        if (outcome === is || (is === "error" && outcome === "unknown")) continue;
        const told = judge.solved(aged.data, { ...outcomes, [one]: outcome }).claims[id];
        // That it might not be known is worth saying only where nothing stronger turns the claim.
        const twice = outcome === "unknown" && found.some((other) => other.one === one);
        if (told.status !== now && !twice) found.push({ one, outcome, told });
      }
    }
    found.sort((a, b) => (a.outcome === "unknown") - (b.outcome === "unknown"));
    const list = document.createElement("ul");
    list.className = "turners";
    for (const { one, outcome, told } of found.slice(0, MOST_SHOWN)) {
      const row = document.createElement("li"), end = document.createElement("span");
      const text = short(byId.get(one).card.text) + ": " + words[outcome === "unknown" ? "o.unknown" : outcome];
      end.className = "status t-" + told.status;
      end.append(find.icon(told.status), " " + words[told.status] + " " + interval(told.strength));
      row.append(site.button(text, () => setWhatIf(one, outcome)), end);
      list.append(row);
    }
    const head = Object.assign(document.createElement("h3"), { className: "sub", textContent: words.would_turn });
    const none = Object.assign(document.createElement("p"), { className: "dim", textContent: words.none_alone });
    const before_ = root.querySelector(".moments")?.previousElementSibling;
    if (tried.length) before_?.before(head, found.length ? list : none);
  }

  // ---- the address ----------------------------------------------------------------------------------------------

  // Each card that was looked at is a step of the browser's own way back.
  function address(step = false) {
    const parts = state.selected === null ? [] : [encodeURIComponent(state.selected)];
    const put = (name, value) => { if (value) parts.push(name + "=" + value); };
    put("view", stage.dataset.view === (narrow.matches ? "list" : "map") ? "" : stage.dataset.view);
    put("q", encodeURIComponent(state.query));
    put("show", [...state.filters].join(","));
    put("tag", encodeURIComponent(state.by.tag));
    put("note", encodeURIComponent(state.by.note));
    put("run", state.run === null ? "" : runs[state.run].date);
    put("if", Object.entries(state.whatif).map(([id, outcome]) => encodeURIComponent(id) + ":" + outcome).join(","));
    const { focus, closed, open, bare } = map.fold;
    const shown = focus ? encodeURIComponent(focus.id) + ":" + focus.steps : "all";
    put("focus", focus?.id === opening?.id && focus?.steps === opening?.steps ? "" : shown);
    put("fold", [...closed].map(encodeURIComponent).join(","));
    put("open", [...open].map(encodeURIComponent).join(","));
    put("bare", bare ? "1" : "");
    history[step ? "pushState" : "replaceState"](null, "", location.pathname + location.search + (parts.length ? "#" + parts.join("&") : ""));
  }

  const decoded = (text) => { try { return decodeURIComponent(text); } catch { return ""; } };

  function fromAddress() {
    const parts = location.hash.slice(1).split("&");
    const id = parts[0].includes("=") ? "" : decoded(parts[0]);
    const given = new Map(parts.filter((part) => part.includes("=")).map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
    const list = (name) => (given.get(name) ?? "").split(",").filter(Boolean);
    const outcomes = ["pass", "fail", "unknown"];
    state.filters = new Set(list("show").filter((name) => document.querySelector(`[data-filter="${CSS.escape(name)}"]`)));
    state.by = { tag: decoded(given.get("tag") ?? ""), note: decoded(given.get("note") ?? "") };
    const run = runs.findIndex((one) => one.date === given.get("run"));
    state.run = run < 0 || run === runs.length - 1 ? null : run;
    state.whatif = Object.fromEntries(list("if").map((pair) => [decoded(pair.slice(0, pair.lastIndexOf(":"))), pair.slice(pair.lastIndexOf(":") + 1)])
      .filter(([one, outcome]) => one in debate.evidence && outcomes.includes(outcome)));
    map.fold.closed = new Set(list("fold").map(decoded).filter((one) => byId.has(one) && map.isClaim(one)));
    map.fold.open = new Set(list("open").map(decoded).filter((one) => byId.get(one)?.card.kind === "more"));
    map.fold.bare = given.get("bare") === "1";
    const [focus, steps] = (given.get("focus") ?? "").split(":");
    map.fold.focus = focus === "all" ? null : opening;
    if (focus && byId.has(decoded(focus)) && map.isClaim(decoded(focus))) map.fold.focus = { id: decoded(focus), steps: Math.min(Math.max(Number(steps) || 1, 1), 9) };
    if (["list", "map"].includes(given.get("view"))) show_(given.get("view"));
    map.place();
    if (state.by.tag || state.by.note) withDocs(setFilters);
    setFilters();
    show();
    if (id && id !== "list" && hasPanel(id)) select(id, true);
    else if (id && byId.has(id)) map.centre(id);
    else if (!id) select(null, true);
    if (given.has("take") && map.isClaim(id)) { // asked for on the claim's own page
      address();
      requestAnimationFrame(() => take(id));
    }
    for (const box of find.boxes) box.ask(decoded(given.get("q") ?? ""));
  }

  // ---- map or list -------------------------------------------------------------------------------------------------

  function show_(view) {
    stage.dataset.view = view;
    for (const button of document.querySelectorAll("button[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    if (view === "map") {
      map.resized();
      reveal();
    }
    try { sessionStorage.setItem("argmap-view", view); } catch { /* private window */ }
  }

  function firstView() {
    let stored = null;
    try { stored = sessionStorage.getItem("argmap-view"); } catch { /* private window */ }
    if (location.hash === "#list") return "list";
    return stored || (narrow.matches ? "list" : "map");
  }

  // ---- to take away --------------------------------------------------------------------------------------------------

  function give(name, content, type) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([content], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 4000);
    say(words.saved + ": " + name);
  }

  function save(kind) {
    const name = stage.dataset.debate + "." + kind;
    if (kind === "png") map.png((blob) => give(name, blob, blob.type));
    else svg().then((text) => give(name, text, "image/svg+xml"));
  }

  const withTools = (then) => (window.argmapTake ? then() : site.run(site.base + "assets/svg.js", () => site.run(site.base + "assets/take.js", then)));

  const svg = () => new Promise((done) => withTools(() => done(map.svg(document.title))));

  // A claim with what is up to so many steps away, as one file: what writes it, and panels that were not
  // opened yet, are read first.
  function take(id) {
    const steps = map.fold.focus?.id === id ? map.fold.focus.steps : 2, near = map.within(id, steps);
    const claims = [id, ...map.claims.filter((one) => one !== id && near.has(one))];
    const evidence = new Map();
    for (const { from, to, kind } of data.edges) {
      if (near.has(to) && kind !== "undercuts" && byId.get(from).card.kind === "evidence") evidence.set(from, [...(evidence.get(from) ?? []), to]);
    }
    const read = new Set([...claims, ...evidence.keys()].filter((one) => !templates.has(one)).map(itemOf).filter((item) => item?.dataset.panel).map(panelsOf));
    const next = () => {
      for (const src of read) { read.delete(src); return site.run(src, next); }
      withTools(() => {
        const panelOf = (one) => { const made = document.createElement("div"); if (templates.has(one)) fill(made, one); return made; };
        const page = /^https?:$/.test(location.protocol) && !/^(localhost|127\.|\[)/.test(location.hostname);
        const text = window.argmapTake.file({
          claims: claims.map((one) => ({ id: one, panel: panelOf(one) })),
          evidence: [...evidence].map(([one, of]) => ({ id: one, of, look: byId.get(one).card.look, panel: panelOf(one) })),
          ...map.around(id, steps),
          notes: [...modes.querySelectorAll(".banner:not(.changes, .focus) > span")].map((one) => one.textContent),
          foot: [
            { text: [document.title.split(" — ").pop(), document.querySelector(".asof").firstElementChild.textContent + " " + document.querySelector(".asof b").textContent, site.plural(steps, "step"), "argmap"].join(" · ") },
            ...(page ? [{ text: words.page, url: location.href.split("#")[0] + "#" + encodeURIComponent(id) }] : []),
            ...[...document.querySelectorAll(".list .credits")].map((one) => ({ text: one.innerText.replace(/\s*\n\s*/g, "; ").replace(/^(.*?);/, "$1:") })),
          ],
        });
        give((templates.get(id)?.content.querySelector("[data-copy-link]")?.dataset.copyLink ?? stage.dataset.debate).replace(/^.*\//, "").replace(/\.html$/, "") + ".html", text, "text/html");
      });
    };
    next();
  }

  // ---- the tree ------------------------------------------------------------------------------------------------------

  const level = (row) => Number(row.getAttribute("aria-level"));
  function below(row) {
    const at = rows.indexOf(row), found = [];
    for (let n = at + 1; n < rows.length && level(rows[n]) > level(row); n++) found.push(rows[n]);
    return found;
  }

  // A row is one stop for the keys, and has its handle.
  function prepare(row) {
    for (const link of row.querySelectorAll("a")) link.tabIndex = -1;
    if (!row.hasAttribute("aria-expanded") || row.querySelector(".twist")) return;
    const made = document.createElement("span");
    made.className = "twist";
    made.setAttribute("aria-hidden", "true");
    row.querySelector(".text").prepend(made);
  }

  function expand(row, open) {
    row.setAttribute("aria-expanded", String(open));
    let skip = Infinity;
    for (const one of below(row)) {
      if (level(one) <= skip) skip = Infinity;
      one.hidden = !open || skip !== Infinity;
      if (open && skip === Infinity && one.getAttribute("aria-expanded") === "false") skip = level(one);
    }
  }

  rows.forEach((row, n) => {
    if (row.classList.contains("claim") && rows[n + 1] && level(rows[n + 1]) > level(row)) row.setAttribute("aria-expanded", "true");
    row.tabIndex = n ? -1 : 0;
    prepare(row);
  });

  function focusItem(item) {
    for (const one of rows) one.tabIndex = one === item ? 0 : -1;
    item.focus();
  }

  // ---- keys and clicks -------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const { dataset = {} } = button ?? {};
    if (dataset.view) { show_(dataset.view); return address(); }
    if (dataset.zoom) return { in: () => map.zoomBy(1.25), out: () => map.zoomBy(.8), fit: map.fitAll }[dataset.zoom]();
    if ("close" in dataset) return select(null);
    if (dataset.filter) {
      if (!state.filters.delete(dataset.filter)) state.filters.add(dataset.filter);
      const then = () => { setFilters(); address(); };
      return marks.includes(dataset.filter) ? withDocs(then) : then();
    }
    if (dataset.outcome) return setWhatIf(button.closest("[data-whatif]").dataset.whatif, dataset.outcome);
    if ("evidence" in dataset) return setBare(!map.fold.bare);
    if (dataset.save) return save(dataset.save);
    if ("take" in dataset) return take(state.selected);
    if (event.target.closest("[data-sources]")) {
      event.preventDefault();
      show_("list");
      return document.getElementById("sources").scrollIntoView({ block: "end" });
    }
    const menu = document.querySelector("details.menu");
    if (menu.open && !menu.contains(event.target)) menu.open = false;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a[data-select]");
    if (link && hasPanel(link.dataset.select)) {
      event.preventDefault();
      select(link.dataset.select);
      inside.focus({ preventScroll: true });
      return;
    }
    const row = event.target.closest(".item");
    if (row && event.target.closest(".twist")) return expand(row, row.getAttribute("aria-expanded") === "false");
    if (row && hasPanel(row.dataset.id)) {
      event.preventDefault();
      focusItem(itemOf(row.dataset.id) || row);
      select(row.dataset.id);
    }
  });
  document.querySelector("details.menu").addEventListener("toggle", () => withDocs(() => {}));
  for (const one of document.querySelectorAll("[data-by]")) {
    one.addEventListener("change", () => {
      state.by[one.dataset.by] = one.value;
      setFilters();
      address();
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu");
      if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); return; }
      if (state.selected !== null) { event.preventDefault(); select(null); }
      return;
    }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const row = event.target.closest?.(".item");
    if (row) return walk(event, row);
    if (stage.dataset.view !== "map" || (event.target !== document.body && event.target.closest("#panel"))) return;
    const moves = { "+": () => map.zoomBy(1.25), "=": () => map.zoomBy(1.25), "-": () => map.zoomBy(.8), "0": map.fitAll };
    if (event.target === document.body) {
      Object.assign(moves, { ArrowLeft: () => map.pan(-80, 0), ArrowRight: () => map.pan(80, 0), ArrowUp: () => map.pan(0, -80), ArrowDown: () => map.pan(0, 80) });
    }
    if (moves[event.key]) { event.preventDefault(); moves[event.key](); }
  });

  function walk(event, row) {
    const seen = rows.filter((one) => !one.hidden), at = seen.indexOf(row);
    const steps = {
      ArrowDown: () => seen[at + 1],
      ArrowUp: () => seen[at - 1],
      ArrowLeft: () => {
        if (row.getAttribute("aria-expanded") === "true") return expand(row, false);
        return seen.slice(0, at).reverse().find((one) => level(one) < level(row));
      },
      ArrowRight: () => {
        if (row.getAttribute("aria-expanded") === "false") return expand(row, true);
        return seen[at + 1] && level(seen[at + 1]) > level(row) ? seen[at + 1] : null;
      },
      Home: () => seen[0],
      End: () => seen[seen.length - 1],
    };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      select(row.dataset.id ?? null);
      inside.focus({ preventScroll: true });
    } else if (steps[event.key]) {
      event.preventDefault();
      focusItem(steps[event.key]() || row);
    }
  }

  // ---- another build ---------------------------------------------------------------------------------------------------

  // Takes over a page that was built anew, given as text after its data script was read again. Where it
  // has the same cards and lines, they say and stand as told; else the page is loaded, at the same place.
  function refresh(text) {
    const next = new DOMParser().parseFromString(text, "text/html");
    const told = JSON.parse(next.getElementById("graph").textContent);
    const shape = (nodes, edges) => JSON.stringify([nodes.map((n) => [n.id, n.label]), edges.map((e) => [e.from, e.to, e.kind])]);
    const nextRows = [...next.querySelectorAll(".item")];
    if (shape(told.nodes, told.edges) !== shape(data.nodes, data.edges) || nextRows.length !== rows.length) return reload();
    const was = new Map(data.nodes.map((node) => [node.id, node.base.status]));
    told.nodes.forEach((node, n) => { data.nodes[n].base = based(node.card); });
    told.edges.forEach((edge, n) => { data.edges[n].base = edge.effect; });
    map.stood(told); // a new mark makes a card higher
    const taken = (from) => [...from.childNodes].map((one) => document.importNode(one, true));
    rows.forEach((row, n) => { row.base = taken(nextRows[n]); row.changed = true; });
    verdictBase = taken(next.querySelector(".verdict"));
    builds += 1;
    if (stage.dataset.panels) templates.clear();
    for (const one of next.querySelectorAll("template[data-panel]")) templates.get(one.dataset.panel)?.content.replaceChildren(...taken(one.content));
    document.querySelector(".asof").replaceChildren(...taken(next.querySelector(".asof")));
    document.documentElement.dataset.asOf = next.documentElement.dataset.asOf;
    aged = judge.aged(debate, judge.today());
    const turned = data.nodes.filter((node) => node.base.kind === "claim" && node.base.status !== was.get(node.id));
    for (const node of turned) fresh.set(node.id, was.get(node.id));
    freshShown = true;
    map.mark(new Set(fresh.keys()));
    show();
    if (turned.length) say(turned.map((node) => node.card.text + ": " + node.card.word).join(". "));
    site.store.set(key, Object.fromEntries(data.nodes.filter((node) => node.base.kind === "claim").map((node) => [node.id, node.base.status])));
    return true;
  }

  const placeKey = "argmap-place:" + location.pathname;
  function reload() {
    const { x, y } = map.network.getViewPosition();
    try {
      const tops = [document.querySelector("main").scrollTop, panel.scrollTop];
      const shut = rows.map((row, n) => (row.getAttribute("aria-expanded") === "false" ? n : -1)).filter((n) => n >= 0);
      sessionStorage.setItem(placeKey, JSON.stringify({ x, y, scale: map.network.getScale(), tops, shut, rows: rows.length }));
    } catch { /* private window */ }
    location.reload();
    return false;
  }

  function backInPlace() {
    let place = null;
    try {
      place = JSON.parse(sessionStorage.getItem(placeKey));
      sessionStorage.removeItem(placeKey);
    } catch { /* private window */ }
    if (!place) return;
    map.goTo(place);
    if (place.rows === rows.length) for (const n of place.shut) expand(rows[n], false);
    [document.querySelector("main").scrollTop, panel.scrollTop] = place.tops;
  }

  document.addEventListener("argmap-theme", map.theme);
  window.addEventListener("hashchange", fromAddress);

  stage.dataset.view = firstView();
  map.place();
  if (map.count() > Number(stage.dataset.large)) {
    large = true;
    const steps = [3, 2, 1].find((one) => map.within(data.main, one).size <= 40) ?? 1;
    map.focus(data.main, steps);
    opening = map.fold.focus;
  }
  map.look.fresh = new Set(fresh.keys());
  show_(stage.dataset.view);
  fromAddress();
  if (!map.moved) map.overview();
  backInPlace();
  map.begin(JSON.parse(data.options));
  reveal(true);
  window.argmap = { network: map.network, map, select, show: show_, state, goTo, setWhatIf, setFocus, refresh, reload, svg };
  document.documentElement.classList.add("ready");
})();
