// A debate's page: the map, the list beside it, the panel, and the address that holds the selection.
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("graph").textContent);
  const stage = document.querySelector(".stage");
  const holder = document.getElementById("map");
  const panel = document.getElementById("panel");
  const inside = panel.querySelector(".inside");
  const items = [...document.querySelectorAll(".item[data-id]")];
  const templates = new Map();
  for (const one of document.querySelectorAll("template[data-panel]")) templates.set(one.dataset.panel, one);
  const cards = window.argmapCards;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const nodes = new vis.DataSet();
  const edges = new vis.DataSet();
  for (const node of data.nodes) node.card.text = node.label;
  const byId = new Map(data.nodes.map((node) => [node.id, node]));
  const state = { selected: null, near: null, open: new Set() };
  let network = null;

  // ---- the map -----------------------------------------------------------------------------

  function colourOf(node) {
    return cards.colour(node.card.kind === "claim" ? node.status : "neutral");
  }

  function renderer({ ctx, id, x, y }) {
    const node = byId.get(id);
    const look = {
      selected: state.selected === id,
      dimmed: state.near !== null && !state.near.has(id),
      far: network !== null && network.getScale() < .3,
    };
    return {
      drawNode: () => cards.card(ctx, node, x, y, look),
      nodeDimensions: { width: node.width, height: node.height },
    };
  }

  function begin() {
    cards.readTheme();
    cards.setIcons(data.icons);
    nodes.add(data.nodes.map((node) => ({ ...node, color: colourOf(node), ctxRenderer: renderer })));
    edges.add(data.edges.map((edge, number) => ({ ...edge, id: "e" + number, hidden: true })));
    network = new vis.Network(holder, { nodes, edges }, JSON.parse(data.options));
    for (const one of holder.querySelectorAll("[tabindex]")) one.tabIndex = -1; // the tree has the keys
    network.on("beforeDrawing", drawEdges);
    network.on("click", clicked);
    network.on("hoverNode", () => holder.classList.add("over"));
    network.on("blurNode", () => holder.classList.remove("over"));
    network.on("dragEnd", () => { moved = true; });
    network.on("zoom", limitZoom);
    window.argmap = { network, select, show };
  }

  let moved = false;

  // vis would zoom when its place changes size: here what is at the upper left stays there, as large.
  function resized() {
    if (!network || !holder.clientWidth) return;
    const scale = network.getScale();
    const corner = network.DOMtoCanvas({ x: 0, y: 0 });
    network.setSize("100%", "100%");
    if (!moved && state.selected === null) return overview();
    const position = { x: corner.x + holder.clientWidth / 2 / scale, y: corner.y + holder.clientHeight / 2 / scale };
    network.moveTo({ position, scale });
  }

  function drawEdges(ctx) {
    const rest = [], front = [];
    for (const edge of data.edges) {
      if (hidden(edge.from) || hidden(edge.to)) continue;
      (state.selected && (edge.from === state.selected || edge.to === state.selected) ? front : rest).push(edge);
    }
    for (const edge of [...rest, ...front]) {
      const dimmed = state.near !== null && !(state.near.has(edge.from) && state.near.has(edge.to) && bears(edge));
      cards.edge(ctx, edge, edge.points.map(shifted), dimmed, edge.kind === "contradicts" ? data.words.contradicts : "");
    }
  }

  // Of the lines between cards that are lit, only those of the selection and of its evidence.
  function bears(edge) {
    return edge.from === state.selected || edge.to === state.selected ||
      (state.own.has(edge.to) || state.own.has(edge.from));
  }

  function hidden(id) {
    return Boolean(nodes.get(id)?.hidden);
  }

  // Unfolded evidence pushes down what stands below it.
  function shifted([x, y]) {
    let down = 0;
    for (const id of state.open) {
      const fold = byId.get(id).card.folds;
      if (y >= fold.below - 1) down += fold.delta;
    }
    return [x, y + down];
  }

  function unfold(id) {
    const fold = byId.get(id).card.folds;
    if (state.open.has(id)) state.open.delete(id); else state.open.add(id);
    const inFold = new Map();
    for (const node of data.nodes) {
      if (node.card.kind === "more") for (const item of node.card.folds.items) inFold.set(item, node.id);
    }
    nodes.update(data.nodes.map((node) => {
      const own = inFold.get(node.id);
      // What unfolds stands where it was laid out; the fold itself moves below it.
      const y = own ? node.y + shiftedBy(byId.get(own), own) : shifted([0, node.y - node.height / 2])[1] + node.height / 2;
      const moreY = node.card.kind === "more" && state.open.has(node.id) ? y + node.card.folds.delta : y;
      return { id: node.id, y: moreY, hidden: own ? !state.open.has(own) : false };
    }));
    byId.get(id).card.text = state.open.has(id) ? data.words.fold : "+" + fold.items.length + " " + data.words.more;
    network.redraw();
  }

  function shiftedBy(node, except) {
    let down = 0;
    for (const id of state.open) {
      if (id !== except && node.y - node.height / 2 >= byId.get(id).card.folds.below - 1) down += byId.get(id).card.folds.delta;
    }
    return down;
  }

  function bounds() {
    const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    for (const node of nodes.get()) {
      if (node.hidden) continue;
      box.left = Math.min(box.left, node.x - node.width / 2);
      box.right = Math.max(box.right, node.x + node.width / 2);
      box.top = Math.min(box.top, node.y - node.height / 2);
      box.bottom = Math.max(box.bottom, node.y + node.height / 2);
    }
    for (const edge of data.edges) {
      if (hidden(edge.from) || hidden(edge.to)) continue;
      for (const [x] of edge.points) {
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x);
      }
    }
    return box;
  }

  // As large as fits the width, down to what can still be read; then from the top.
  function overview() {
    const box = bounds();
    const width = holder.clientWidth, height = holder.clientHeight;
    if (!width || !height || box.left === Infinity) return;
    const across = (width - 48) / (box.right - box.left), down = (height - 16) / (box.bottom - box.top);
    const scale = Math.max(Math.min(across, 1, Math.max(down, .86)), width < 760 ? .5 : .66);
    const wide = (box.right - box.left) * scale > width - 24;
    const main = nodes.get(data.nodes[0].id);
    const half = width / 2 / scale;
    let x = (box.left + box.right) / 2;
    if (wide) x = Math.min(Math.max(main.x, box.left + half - 24), box.right - half + 24);
    const y = box.top + (height / 2 - 10) / scale;
    network.moveTo({ position: { x, y }, scale });
    moved = false;
  }

  function fitAll() {
    const box = bounds();
    const scale = Math.min((holder.clientWidth - 40) / (box.right - box.left), (holder.clientHeight - 24) / (box.bottom - box.top), 1.4);
    network.moveTo({ position: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }, scale, animation: !calm && { duration: 200 } });
    moved = true;
  }

  function zoomBy(factor) {
    network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, .08), 2.5), animation: !calm && { duration: 150 } });
    moved = true;
  }

  function limitZoom() {
    moved = true;
    const scale = network.getScale();
    if (scale > 2.5 || scale < .06) network.moveTo({ scale: Math.min(Math.max(scale, .06), 2.5) });
  }

  // vis would also find what is hidden.
  function cardAt({ x, y }) {
    const found = nodes.get().find((node) => !node.hidden &&
      Math.abs(node.x - x) <= node.width / 2 && Math.abs(node.y - y) <= node.height / 2);
    return found ? found.id : null;
  }

  function clicked(event) {
    network.unselectAll();
    const id = cardAt(event.pointer.canvas);
    if (id === null) return select(null);
    const kind = byId.get(id).card.kind;
    if (kind === "more") unfold(id); else if (kind !== "join") select(id);
  }

  // The selected card stays in sight when the panel takes its room.
  function reveal(id) {
    const node = nodes.get(id);
    if (!node || stage.dataset.view !== "map") return;
    const corner = network.canvasToDOM({ x: node.x - node.width / 2, y: node.y - node.height / 2 });
    const end = network.canvasToDOM({ x: node.x + node.width / 2, y: node.y + node.height / 2 });
    const width = holder.clientWidth, height = holder.clientHeight;
    const low = matchMedia("(max-width: 760px)").matches && !panel.hidden ? height * .3 : height;
    const dx = corner.x < 12 ? 12 - corner.x : end.x > width - 12 ? width - 12 - end.x : 0;
    const dy = corner.y < 8 ? 8 - corner.y : end.y > low - 8 ? low - 8 - end.y : 0;
    if (!dx && !dy) return;
    const view = network.getViewPosition(), scale = network.getScale();
    network.moveTo({ position: { x: view.x - dx / scale, y: view.y - dy / scale }, animation: !calm && { duration: 180 } });
  }

  // ---- selection -----------------------------------------------------------------------------

  function neighbours(id) {
    const own = new Set();
    for (const edge of data.edges) {
      if (edge.to === id && byId.get(edge.from).card.kind === "evidence") own.add(edge.from);
    }
    const near = new Set([id, ...own]);
    for (const edge of data.edges) {
      if (edge.from === id || own.has(edge.from)) near.add(edge.to);
      if (edge.to === id || own.has(edge.to)) near.add(edge.from);
    }
    for (const edge of data.edges) {
      const join = (end) => byId.get(end).card.kind === "join" && near.has(end);
      if (join(edge.from)) { near.add(edge.to); own.add(edge.from); }
      if (join(edge.to)) { near.add(edge.from); own.add(edge.to); }
    }
    return [near, own];
  }

  function select(id, quiet) {
    if (id !== null && !templates.has(id)) return leave(id);
    const before = state.selected;
    state.selected = id;
    [state.near, state.own] = id === null ? [null, new Set()] : neighbours(id);
    for (const item of items) item.classList.toggle("chosen", item.dataset.id === id && !item.classList.contains("again"));
    inside.replaceChildren(...(id === null ? [] : [templates.get(id).content.cloneNode(true)]));
    const was = panel.hidden;
    panel.hidden = id === null;
    panel.scrollTop = 0;
    if (id !== null) {
      for (const node of data.nodes) {
        if (node.card.kind === "more" && node.card.folds.items.includes(id) && !state.open.has(node.id)) unfold(node.id);
      }
    }
    if (!quiet) {
      const hash = id === null ? "" : "#" + encodeURIComponent(id);
      history.replaceState(null, "", location.pathname + location.search + hash);
    }
    if (network) {
      if (was !== panel.hidden) resized();
      network.redraw();
      if (id !== null) requestAnimationFrame(() => reveal(id));
    }
    if (id === null && before !== null) itemOf(before)?.focus({ preventScroll: true });
  }

  // In a very large debate the claims' own pages tell what a panel would.
  function leave(id) {
    const link = itemOf(id)?.querySelector("a");
    if (link) location.href = link.href;
  }

  function itemOf(id) {
    return items.find((item) => item.dataset.id === id && !item.classList.contains("again"));
  }

  function fromAddress() {
    let id = null;
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { /* not ours */ }
    if (id && id !== "list" && templates.has(id)) select(id, true);
    else if (id && byId.has(id) && network) network.moveTo({ position: byId.get(id) });
    else if (!id) select(null, true);
  }

  // ---- map or list ---------------------------------------------------------------------------

  function show(view) {
    stage.dataset.view = view;
    for (const button of document.querySelectorAll("[data-view]")) {
      if (button.tagName === "BUTTON") button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    if (view === "map" && network) {
      resized();
      if (state.selected) reveal(state.selected);
    }
    try { sessionStorage.setItem("argmap-view", view); } catch { /* private window */ }
  }

  function firstView() {
    let stored = null;
    try { stored = sessionStorage.getItem("argmap-view"); } catch { /* private window */ }
    if (location.hash === "#list") return "list";
    return stored || (matchMedia("(max-width: 760px)").matches ? "list" : "map");
  }

  // ---- keys and clicks -----------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.view) return show(button.dataset.view);
    if (button?.dataset.zoom === "in") return zoomBy(1.25);
    if (button?.dataset.zoom === "out") return zoomBy(.8);
    if (button?.dataset.zoom === "fit") return fitAll();
    if (button && "close" in button.dataset) return select(null);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a[data-select]");
    if (link && templates.has(link.dataset.select)) {
      event.preventDefault();
      select(link.dataset.select);
      inside.focus({ preventScroll: true });
      return;
    }
    const item = event.target.closest(".item[data-id]");
    if (item && templates.has(item.dataset.id)) {
      event.preventDefault();
      focusItem(itemOf(item.dataset.id) || item);
      select(item.dataset.id);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.selected !== null) {
      event.preventDefault();
      select(null);
      return;
    }
    const item = event.target.closest?.(".item");
    if (!item || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...document.querySelectorAll(".item")];
    const at = all.indexOf(item);
    const level = (one) => Number(one.getAttribute("aria-level"));
    const steps = {
      ArrowDown: () => all[at + 1],
      ArrowUp: () => all[at - 1],
      ArrowLeft: () => all.slice(0, at).reverse().find((one) => level(one) < level(item)),
      ArrowRight: () => (all[at + 1] && level(all[at + 1]) > level(item) ? all[at + 1] : null),
      Home: () => all[0],
      End: () => all[all.length - 1],
    };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      select(item.dataset.id ?? null);
      inside.focus({ preventScroll: true });
    } else if (steps[event.key]) {
      event.preventDefault();
      focusItem(steps[event.key]() || item);
    }
  });

  function focusItem(item) {
    for (const one of document.querySelectorAll(".item")) one.tabIndex = one === item ? 0 : -1;
    item.focus();
  }

  function rove() {
    document.querySelectorAll(".item").forEach((item, n) => { item.tabIndex = n ? -1 : 0; });
    for (const link of document.querySelectorAll(".item a")) link.tabIndex = -1;
  }

  document.addEventListener("argmap-theme", () => {
    cards.readTheme();
    nodes.update(data.nodes.map((node) => ({ id: node.id, color: colourOf(node) })));
    network?.redraw();
  });
  window.addEventListener("hashchange", fromAddress);
  new ResizeObserver(resized).observe(holder);

  state.own = new Set();
  rove();
  stage.dataset.view = firstView();
  begin();
  show(stage.dataset.view);
  overview();
  fromAddress();
  document.documentElement.classList.add("ready");
})();
