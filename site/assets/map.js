// A debate's map on vis-network: where cards stand, what is folded away, how it is seen and saved.
// It knows nothing of panels, lists or addresses; debate.js tells it what to show.
"use strict";
window.argmapMap = function (holder, mini, data, told) {
  const cards = window.argmapCards;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const COLUMN = 344, GAP = 84, INSET = 64, FAR = .3; // below that scale no text can be read
  const nodes = new vis.DataSet();
  const byId = new Map(data.nodes.map((node) => [node.id, node]));
  const look = { selected: null, near: null, own: new Set(), lit: null, fresh: new Set() };
  const fold = { open: new Set(), closed: new Set(), bare: false, focus: null };
  const at = new Map(); // id -> {x, y, hidden}: where each card stands now
  let lines = []; // the edges in sight, with the points they run through now
  let behind = new Map(); // claim -> how many cards its branch folds away
  let network = null;
  let moved = false;
  let arranged = false;

  for (const node of data.nodes) node.card.text = node.label;
  cards.readTheme();
  cards.setIcons(data.icons);

  // ---- how it hangs together -------------------------------------------------------------------

  const owner = new Map(); // evidence, the card "more" and joins -> the claim they hang below
  for (const edge of data.edges) if (edge.shape === "lane") owner.set(edge.from, edge.to);
  const inFold = new Map();
  for (const node of data.nodes) {
    if (node.card.kind !== "more") continue;
    const items = node.card.folds.items;
    owner.set(node.id, owner.get(items[0]));
    for (const item of items) inFold.set(item, node.id);
  }
  for (const edge of data.edges) {
    if (byId.get(edge.from).card.kind === "join" && edge.kind !== "undercuts") owner.set(edge.from, edge.to);
  }
  const joins = new Map(); // join -> its premises
  for (const edge of data.edges) if (edge.kind === "premise") joins.set(edge.to, [...(joins.get(edge.to) ?? []), edge.from]);
  const isClaim = (id) => byId.get(id).card.kind === "claim";
  const claimOf = (id) => (isClaim(id) ? id : owner.get(id));
  const claims = data.nodes.filter((node) => node.card.kind === "claim").map((node) => node.id);
  const leads = new Map(claims.map((id) => [id, new Set()])); // claim -> claims it bears on
  const beside = new Map(claims.map((id) => [id, new Set()])); // and all that touch it, either way
  for (const edge of data.edges) {
    const [from, to] = [claimOf(edge.from), claimOf(edge.to)];
    if (!from || !to || from === to) continue;
    if (edge.kind !== "contradicts" && isClaim(edge.from)) leads.get(from).add(to);
    beside.get(from).add(to);
    beside.get(to).add(from);
  }
  const hangs = new Map(claims.map((id) => [id, []])); // claim -> what hangs below it
  for (const [id, claim] of owner) hangs.get(claim)?.push(id);
  const root = data.nodes[0].id; // the layout begins with the conclusion

  function branch(top) {
    const gone = new Set();
    const roots = new Set([data.main, data.thesis, top]);
    for (let grew = true; grew;) {
      grew = false;
      for (const id of claims) {
        const ups = leads.get(id);
        if (gone.has(id) || roots.has(id) || !ups.size) continue;
        if ([...ups].every((up) => up === top || gone.has(up))) { gone.add(id); grew = true; }
      }
    }
    return gone;
  }

  function within(id, steps) {
    let found = new Set([id]);
    for (let n = 0; n < steps; n++) {
      const next = new Set(found);
      for (const one of found) for (const other of beside.get(one) ?? []) next.add(other);
      found = next;
    }
    return found;
  }

  // ---- what is in sight, and where -------------------------------------------------------------

  function hiddenNow() {
    const hidden = new Set();
    behind = new Map();
    const focused = fold.focus && within(fold.focus.id, fold.focus.steps);
    for (const id of claims) if (focused && !focused.has(id)) hidden.add(id);
    for (const top of fold.closed) {
      const gone = branch(top);
      let count = 0;
      for (const id of gone) { hidden.add(id); count += 1 + hangs.get(id).filter((one) => byId.get(one).card.kind === "evidence").length; }
      for (const id of hangs.get(top)) {
        if (byId.get(id).card.kind === "evidence") count += 1;
        hidden.add(id);
      }
      behind.set(top, count);
    }
    for (const node of data.nodes) {
      const kind = node.card.kind, claim = claimOf(node.id);
      if (claim && hidden.has(claim)) hidden.add(node.id);
      if (fold.bare && (kind === "evidence" || kind === "more")) hidden.add(node.id);
      if (inFold.has(node.id) && !fold.open.has(inFold.get(node.id))) hidden.add(node.id);
    }
    // What joins premises goes with the last of them.
    for (const [join, premises] of joins) if (premises.every((id) => hidden.has(id))) hidden.add(join);
    return hidden;
  }

  function place() {
    const hidden = hiddenNow();
    arranged = Boolean(fold.focus || fold.closed.size || fold.bare);
    at.clear();
    if (arranged) arrange(hidden); else stand(hidden);
    lines = data.edges.filter((edge) => !at.get(edge.from).hidden && !at.get(edge.to).hidden);
    lines = arranged ? routed(lines) : lines.map((edge) => ({ edge, shape: edge.shape, points: edge.points.map(shifted) }));
    for (const line of lines) line.box = boxOf(line.points);
    for (const node of data.nodes) {
      if (node.card.kind !== "more") continue;
      node.card.unfolded = fold.open.has(node.id);
      node.card.text = node.card.unfolded ? told.words.fold : node.label;
    }
    if (network) nodes.update(data.nodes.map((node) => ({ id: node.id, ...at.get(node.id) })));
    picture = null;
    extent = null;
  }

  // As laid out in Python; unfolded evidence pushes down what stands below it.
  function stand(hidden) {
    for (const node of data.nodes) {
      const top = node.y - node.height / 2, own = inFold.get(node.id);
      let y = node.y;
      for (const id of fold.open) {
        if (id !== own && top >= byId.get(id).card.folds.below - 1) y += byId.get(id).card.folds.delta;
      }
      if (node.card.kind === "more" && fold.open.has(node.id)) y += node.card.folds.delta;
      at.set(node.id, { x: node.x, y, hidden: hidden.has(node.id) });
    }
  }

  function shifted([x, y]) {
    let down = 0;
    for (const id of fold.open) {
      const one = byId.get(id).card.folds;
      if (y >= one.below - 1) down += one.delta;
    }
    return [x, y + down];
  }

  // What is left in sight, closer together: rank by rank, each claim with what hangs below it.
  function arrange(hidden) {
    const seen = claims.filter((id) => !hidden.has(id));
    const rank = ranks(seen);
    const most = Math.max(3, Math.min(5, Math.floor(holder.clientWidth / 290) || 4));
    const rows = new Map();
    for (const id of seen) rows.set(rank.get(id), [...(rows.get(rank.get(id)) ?? []), id]);
    let y = 0;
    for (const number of [...rows.keys()].sort((a, b) => a - b)) {
      const row = rows.get(number).sort((a, b) => byId.get(a).x - byId.get(b).x || byId.get(a).y - byId.get(b).y);
      for (let from = 0; from < row.length; from += most) {
        const part = row.slice(from, from + most);
        let height = 0;
        part.forEach((id, n) => { height = Math.max(height, put(id, (n - (part.length - 1) / 2) * COLUMN, y, hidden)); });
        y += height + GAP;
      }
    }
    for (const node of data.nodes) if (!at.has(node.id)) at.set(node.id, { x: node.x, y: node.y, hidden: true });
  }

  function ranks(seen) {
    const rank = new Map(), inside = new Set(seen), open = new Set();
    const of = (id) => {
      if (rank.has(id)) return rank.get(id);
      if (open.has(id)) return 0;
      open.add(id);
      const ups = [...leads.get(id)].filter((up) => inside.has(up));
      rank.set(id, ups.length ? 1 + Math.max(...ups.map(of)) : 0);
      open.delete(id);
      return rank.get(id);
    };
    seen.forEach(of);
    return rank;
  }

  function put(id, x, y, hidden) {
    const base = byId.get(id), middle = y + base.height / 2;
    at.set(id, { x, y: middle, hidden: false });
    let bottom = y + base.height;
    for (const item of hangs.get(id)) {
      const node = byId.get(item);
      const open = node.card.kind === "more" && fold.open.has(item) ? node.card.folds.delta : 0;
      const spot = { x: x + node.x - base.x, y: middle + node.y - base.y + open, hidden: hidden.has(item) };
      at.set(item, spot);
      if (!spot.hidden) bottom = Math.max(bottom, spot.y + node.height / 2);
    }
    return bottom - y;
  }

  function box(id) {
    const node = byId.get(id), { x, y } = at.get(id);
    return { left: x - node.width / 2, right: x + node.width / 2, top: y - node.height / 2, bottom: y + node.height / 2, x, y };
  }

  // ---- lines between cards that JavaScript placed ------------------------------------------------

  function routed(edges) {
    const rising = edges.filter((edge) => edge.shape !== "lane" && edge.kind !== "undercuts" && box(edge.from).top >= box(edge.to).bottom);
    const leave = ports(rising, "from", "to"), arrive = ports(rising, "to", "from");
    const used = new Map();
    const next = (key) => { used.set(key, (used.get(key) ?? -1) + 1); return used.get(key); };
    const shown = data.nodes.filter((node) => !at.get(node.id).hidden).map((node) => [node.id, box(node.id)]);
    return edges.map((edge) => {
      if (edge.shape === "lane") {
        const base = byId.get(edge.to), now = at.get(edge.to);
        return { edge, shape: "lane", points: edge.points.map(([x, y]) => [x + now.x - base.x, y + now.y - base.y]) };
      }
      if (rising.includes(edge)) return upward(edge, leave.get(edge), arrive.get(edge), shown, next);
      return sideways(edge, next);
    });
  }

  function ports(edges, here, there) {
    const groups = new Map();
    for (const edge of edges) groups.set(edge[here], [...(groups.get(edge[here]) ?? []), edge]);
    const found = new Map();
    for (const [id, group] of groups) {
      const { left, right } = box(id), inset = Math.min(INSET, (right - left) / 4);
      group.sort((a, b) => box(a[there]).x - box(b[there]).x);
      group.forEach((edge, n) => found.set(edge, left + inset + (right - left - 2 * inset) * (n + 1) / (group.length + 1)));
    }
    return found;
  }

  function upward(edge, from, to, shown, next) {
    const start = [from, box(edge.from).top], target = box(edge.to), end = [to, target.bottom];
    const middle = (start[1] + end[1]) / 2;
    const touches = shown.some(([id, one]) => {
      if (id === edge.from || id === edge.to) return false;
      for (let n = 1; n < 16; n++) {
        const t = n / 16, u = 1 - t;
        const x = start[0] * (u * u * u + 3 * t * u * u) + end[0] * (3 * t * t * u + t * t * t);
        const y = u * u * u * start[1] + 3 * t * u * u * middle + 3 * t * t * u * middle + t * t * t * end[1];
        if (x > one.left - 4 && x < one.right + 4 && y > one.top - 4 && y < one.bottom + 4) return true;
      }
      return false;
    });
    if (!touches) return { edge, shape: "curve", points: [start, end] };
    const low = start[1] - 14 - 7 * (next("l" + start[1]) % 3), high = end[1] + 13 + 8 * (next("h" + end[1]) % 4);
    const gutter = gap(start[0], low, high, end[0], shown);
    const x = gutter + (next("x" + gutter) % 5 - 2) * 4;
    return { edge, shape: "side", points: [start, [from, low], [x, low], [x, high], [to, high], end] };
  }

  // Where a line rises: beside a card, near, and behind as few cards as can be.
  function gap(from, low, high, to, shown) {
    const way = (x) => Math.abs(x - from) + Math.abs(x - to);
    const xs = [...new Set(shown.flatMap(([, one]) => [one.left - 20, one.right + 20]))].sort((a, b) => way(a) - way(b) || a - b);
    let best = xs[0], least = Infinity;
    for (const x of xs) {
      if (way(x) >= least) break;
      const legs = [[from, x, low, low], [x, x, high, low], [x, to, high, high]].map(([a, b, top, bottom]) => [Math.min(a, b), Math.max(a, b), top, bottom]);
      let behind_ = 0;
      for (const [, one] of shown) {
        for (const [left, right, top, bottom] of legs) if (one.left < right + 3 && one.right > left - 3 && one.top < bottom + 3 && one.bottom > top - 3) behind_ += 1;
      }
      const cost = way(x) + 5000 * behind_;
      if (cost < least) [best, least] = [x, cost];
    }
    return best;
  }

  function sideways(edge, next) {
    const source = box(edge.from), target = box(edge.to);
    const right = source.right <= target.left, left = target.right <= source.left;
    const from = left ? source.left : source.right, to = right ? target.left : target.right;
    if (Math.abs(source.y - target.y) < 1 && (left || right)) return { edge, shape: "side", points: [[from, source.y], [to, target.y]] };
    const gutter = right ? target.left - 20 : target.right + 20;
    const number = next("s" + gutter), x = gutter + (number % 4 - 1.5) * 8;
    const leave = source.top + (source.bottom - source.top) * (.36 + .14 * (number % 4));
    const arrive = target.top + Math.min((target.bottom - target.top) * .72, 78);
    return { edge, shape: "side", points: [[from, leave], [x, leave], [x, arrive], [to, arrive]] };
  }

  function boxOf(points) {
    const xs = points.map((p) => p[0]), ys = points.map((p) => p[1]);
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  }

  // ---- drawing -----------------------------------------------------------------------------------

  // What is asked for before the map stands waits for `begin`; what is asked for at once is drawn once,
  // in the next frame. (vis's own `redraw` would draw now, and take a new size before `resized` can.)
  let start = null;

  function move(options) {
    if (network) network.moveTo(options); else start = { ...start, ...options };
  }

  function redraw() {
    network?.body.emitter.emit("_requestRedraw");
  }

  function colourOf(node) {
    return cards.colour(node.card.kind === "claim" ? node.card.status : "neutral");
  }

  function stateOf(id, far) {
    return {
      selected: look.selected === id,
      dimmed: (look.near !== null && !look.near.has(id)) || (look.lit !== null && !look.lit.has(id)),
      behind: behind.get(id) ?? 0,
      fresh: look.fresh.has(id),
      far,
    };
  }

  function renderer({ ctx, id, x, y }) {
    const node = byId.get(id);
    return {
      drawNode: () => cards.card(ctx, node, x, y, stateOf(id, network !== null && network.getScale() < FAR)),
      nodeDimensions: { width: node.width, height: node.height },
    };
  }

  function drawLines(ctx, view) {
    const touched = (line) => look.selected && (line.edge.from === look.selected || line.edge.to === look.selected);
    const front = [], rest = [];
    for (const line of lines) {
      const { box: b } = line;
      if (view && (b.right < view.left || b.left > view.right || b.bottom < view.top || b.top > view.bottom)) continue;
      (touched(line) ? front : rest).push(line);
    }
    const lit = (id) => look.lit === null || look.lit.has(id);
    const isDimmed = (edge) => (look.near !== null && !(look.near.has(edge.from) && look.near.has(edge.to) && bears(edge))) ||
      !(lit(edge.from) && lit(edge.to));
    if (view && network.getScale() < FAR) return sketch(ctx, [...rest, ...front], isDimmed);
    for (const { edge, shape, points } of [...rest, ...front]) {
      const dimmed = isDimmed(edge);
      cards.edge(ctx, { ...edge, shape }, points, dimmed, edge.kind === "contradicts" ? told.words.contradicts : "");
    }
  }

  function sketch(ctx, drawn, isDimmed) {
    const groups = new Map(); // a stroke for all that look the same
    for (const line of drawn) {
      const dimmed = isDimmed(line.edge), key = line.edge.effect + dimmed;
      if (!groups.has(key)) groups.set(key, { effect: line.edge.effect, dimmed, drawn: [] });
      groups.get(key).drawn.push(line);
    }
    for (const { effect, dimmed, drawn: alike } of groups.values()) cards.sketch(ctx, effect, dimmed, alike);
  }

  // Of the lines between cards that are lit, only those of the selection and of its evidence.
  function bears(edge) {
    return edge.from === look.selected || edge.to === look.selected || look.own.has(edge.to) || look.own.has(edge.from);
  }

  function begin(options) {
    nodes.add(data.nodes.map((node) => ({ ...node, ...at.get(node.id), color: colourOf(node), status: node.card.status ?? "", outcome: node.card.outcome ?? "", ctxRenderer: renderer })));
    network = new vis.Network(holder, { nodes, edges: [] }, options); // the lines are ours to draw
    if (start) network.moveTo(start);
    for (const one of holder.querySelectorAll("[tabindex]")) one.tabIndex = -1; // the tree has the keys
    network.on("beforeDrawing", (ctx) => drawLines(ctx, viewed()));
    network.on("afterDrawing", drawMini);
    network.on("click", (event) => { network.unselectAll(); told.clicked(cardAt(event.pointer.canvas)); });
    network.on("doubleClick", (event) => {
      const id = cardAt(event.pointer.canvas);
      if (id !== null && isClaim(id)) told.opened(id);
    });
    network.on("hoverNode", () => holder.classList.add("over"));
    network.on("blurNode", () => holder.classList.remove("over"));
    network.on("dragEnd", () => { moved = true; });
    network.on("zoom", () => {
      moved = true;
      const scale = network.getScale();
      if (scale > 2.5 || scale < .06) network.moveTo({ scale: Math.min(Math.max(scale, .06), 2.5) });
    });
    new ResizeObserver(resized).observe(holder);
  }

  // The same cards and lines, where another build has put them.
  function stood(told_) {
    const same = (one, other) => ["x", "y", "height", "points"].every((name) => String(one[name]) === String(other[name]));
    if (told_.nodes.every((one, n) => same(one, data.nodes[n])) && told_.edges.every((one, n) => same(one, data.edges[n]))) return;
    told_.nodes.forEach(({ x, y, width, height, card }, n) => {
      Object.assign(data.nodes[n], { x, y, width, height });
      if (card.folds) Object.assign(data.nodes[n].card, { folds: card.folds, icons: card.icons });
    });
    told_.edges.forEach(({ shape, points }, n) => Object.assign(data.edges[n], { shape, points }));
    place();
  }

  // The cards' own data changed: statuses, outcomes, words.
  function recolour() {
    picture = null;
    if (!network) return;
    nodes.update(data.nodes.map((node) => ({ id: node.id, color: colourOf(node), status: node.card.status ?? "", outcome: node.card.outcome ?? "" })));
    redraw();
  }

  // ---- the view --------------------------------------------------------------------------------

  function viewed() {
    const from = network.DOMtoCanvas({ x: 0, y: 0 }), to = network.DOMtoCanvas({ x: holder.clientWidth, y: holder.clientHeight });
    return { left: from.x, top: from.y, right: to.x, bottom: to.y };
  }

  // vis would zoom when its place changes size: here cards stay where they are on the screen, as large.
  let above = null, fitting = false, size = "";
  function resized() {
    if (!network || !holder.clientWidth) return;
    const scale = network.getScale(), { top } = holder.getBoundingClientRect();
    const now = [holder.clientWidth, holder.clientHeight, top].join();
    if (now === size) return; // told twice: what moves meanwhile must not be halted
    size = now;
    const corner = network.DOMtoCanvas({ x: 0, y: top - (above ?? top) }), head = bounds().top - 10 / scale;
    // What is told above the map may grow, but never over the first cards where they were in sight.
    if (network.DOMtoCanvas({ x: 0, y: 0 }).y <= bounds().top && corner.y > head) corner.y = head;
    above = top;
    network.setSize("100%", "100%");
    if (!moved && (look.selected === null || fitting)) return overview();
    const position = { x: corner.x + holder.clientWidth / 2 / scale, y: corner.y + holder.clientHeight / 2 / scale };
    network.moveTo({ position, scale });
  }

  let extent = null; // of all that is in sight, until something is placed anew

  function bounds() {
    return extent ??= measured();
  }

  function measured() {
    const found = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    const take = (one) => {
      found.left = Math.min(found.left, one.left);
      found.right = Math.max(found.right, one.right);
      found.top = Math.min(found.top, one.top);
      found.bottom = Math.max(found.bottom, one.bottom);
    };
    for (const node of data.nodes) if (!at.get(node.id).hidden) take(box(node.id));
    for (const line of lines) take(line.box);
    return found;
  }

  // As large as fits the width, down to what can still be read; then from the top.
  function overview() {
    const all = bounds();
    const width = holder.clientWidth, height = holder.clientHeight;
    if (!width || !height || all.left === Infinity) return;
    const across = (width - 48) / (all.right - all.left), down = (height - 16) / (all.bottom - all.top);
    const scale = Math.max(Math.min(across, 1, Math.max(down, .86)), width < 760 ? .5 : .66);
    const wide = (all.right - all.left) * scale > width - 24;
    const centre = at.get(fold.focus?.id ?? root);
    const half = width / 2 / scale;
    let x = (all.left + all.right) / 2;
    if (wide) x = Math.min(Math.max(centre.x, all.left + half - 24), all.right - half + 24);
    move({ position: { x, y: all.top + (height / 2 - 10) / scale }, scale });
    moved = false;
  }

  function fitAll() {
    const all = bounds();
    const scale = Math.min((holder.clientWidth - 40) / (all.right - all.left), (holder.clientHeight - 24) / (all.bottom - all.top), 1.4);
    network.moveTo({ position: { x: (all.left + all.right) / 2, y: (all.top + all.bottom) / 2 }, scale, animation: !calm && { duration: 200 } });
    moved = true;
  }

  function zoomBy(factor) {
    network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, .08), 2.5), animation: !calm && { duration: 150 } });
    moved = true;
  }

  function pan(dx, dy) {
    const view = network.getViewPosition(), scale = network.getScale();
    network.moveTo({ position: { x: view.x + dx / scale, y: view.y + dy / scale } });
    moved = true;
  }

  // vis would also find what is hidden.
  function cardAt({ x, y }) {
    const found = data.nodes.find((node) => {
      const spot = at.get(node.id);
      return !spot.hidden && Math.abs(spot.x - x) <= node.width / 2 && Math.abs(spot.y - y) <= node.height / 2;
    });
    return found ? found.id : null;
  }

  // A card stays in sight when the panel takes its room.
  function reveal(id, low, jump) {
    if (!network || !at.has(id) || at.get(id).hidden || !holder.clientWidth) return;
    const one = box(id);
    const corner = network.canvasToDOM({ x: one.left, y: one.top }), end = network.canvasToDOM({ x: one.right, y: one.bottom });
    const width = holder.clientWidth, height = holder.clientHeight * low;
    const dx = corner.x < 12 ? 12 - corner.x : end.x > width - 12 ? width - 12 - end.x : 0;
    const dy = corner.y < 8 ? 8 - corner.y : end.y > height - 8 ? height - 8 - end.y : 0;
    if (!dx && !dy) return;
    const view = network.getViewPosition(), scale = network.getScale();
    network.moveTo({ position: { x: view.x - dx / scale, y: view.y - dy / scale }, animation: !calm && !jump && { duration: 180 } });
  }

  // ---- the small map -----------------------------------------------------------------------------

  let picture = null;

  function drawMini() {
    if (!mini) return;
    const view = viewed(), all = bounds();
    const whole = all.left >= view.left - 4 && all.right <= view.right + 4 && all.top >= view.top - 4 && all.bottom <= view.bottom + 30;
    mini.hidden = whole || holder.clientWidth < 620 || all.left === Infinity;
    if (mini.hidden) return;
    const scale = Math.min(mini.width / (all.right - all.left), mini.height / (all.bottom - all.top)) * .94;
    const left = (mini.width - (all.right - all.left) * scale) / 2, top = (mini.height - (all.bottom - all.top) * scale) / 2;
    const spot = (x, y) => [left + (x - all.left) * scale, top + (y - all.top) * scale];
    if (!picture) {
      picture = document.createElement("canvas");
      [picture.width, picture.height] = [mini.width, mini.height];
      const ctx = picture.getContext("2d");
      for (const node of data.nodes) {
        if (at.get(node.id).hidden) continue;
        const one = box(node.id);
        ctx.globalAlpha = isClaim(node.id) ? .9 : .3;
        ctx.fillStyle = colourOf(node);
        ctx.fillRect(...spot(one.left, one.top), Math.max(1, (one.right - one.left) * scale), Math.max(1, (one.bottom - one.top) * scale));
      }
    }
    const ctx = mini.getContext("2d");
    ctx.clearRect(0, 0, mini.width, mini.height);
    ctx.drawImage(picture, 0, 0);
    const [x, y] = spot(view.left, view.top), [right, bottom] = spot(view.right, view.bottom);
    ctx.strokeStyle = cards.colour("focus");
    ctx.lineWidth = 1.5;
    ctx.strokeRect(Math.max(x, 1), Math.max(y, 1), Math.min(right, mini.width - 1) - Math.max(x, 1), Math.min(bottom, mini.height - 1) - Math.max(y, 1));
    mini.toCanvas = (mx, my) => ({ x: (mx - left) / scale + all.left, y: (my - top) / scale + all.top });
  }

  mini?.addEventListener("pointerdown", (event) => {
    mini.setPointerCapture(event.pointerId);
    const go = (one) => {
      const place_ = mini.getBoundingClientRect();
      network.moveTo({ position: mini.toCanvas((one.clientX - place_.left) * mini.width / place_.width, (one.clientY - place_.top) * mini.height / place_.height) });
      moved = true;
    };
    go(event);
    mini.onpointermove = go;
    mini.onpointerup = mini.onpointercancel = () => { mini.onpointermove = null; };
  });

  // ---- to take away --------------------------------------------------------------------------------

  function padded() {
    const all = bounds();
    return { left: all.left - 24, top: all.top - 24, right: all.right + 24, bottom: all.bottom + 24 };
  }

  function drawAll(ctx, shown = { selected: null, near: null }) {
    const plain = { ...look };
    Object.assign(look, shown);
    drawLines(ctx, null);
    for (const node of data.nodes) {
      const spot = at.get(node.id);
      if (!spot.hidden) cards.card(ctx, node, spot.x, spot.y, stateOf(node.id, false));
    }
    Object.assign(look, plain);
  }

  function svg(title) {
    const ctx = new window.argmapSvg.Context();
    drawAll(ctx);
    return ctx.file(padded(), cards.colour("paper"), title);
  }

  // A claim with what is so many steps around it, in colours that the file's own style names.
  function around(id, steps) {
    const kept = { ...fold }, ctx = new window.argmapSvg.Context();
    Object.assign(fold, { open: new Set(), closed: new Set(), bare: false, focus: { id, steps } });
    place();
    cards.readTheme(true);
    drawAll(ctx, { selected: id, near: null, lit: null, fresh: new Set() });
    const picture_ = ctx.file(padded(), cards.colour("paper"), "");
    const spots = data.nodes.filter((node) => !at.get(node.id).hidden).map((node) => ({ id: node.id, text: node.card.text, box: box(node.id) }));
    Object.assign(fold, kept);
    cards.readTheme();
    place();
    return { map: picture_, spots };
  }

  function png(done) {
    const all = padded(), canvas = document.createElement("canvas");
    const scale = Math.min(2, 8000 / (all.right - all.left), 8000 / (all.bottom - all.top));
    canvas.width = (all.right - all.left) * scale;
    canvas.height = (all.bottom - all.top) * scale;
    const ctx = canvas.getContext("2d");
    ctx.fillStyle = cards.colour("paper");
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.scale(scale, scale);
    ctx.translate(-all.left, -all.top);
    drawAll(ctx);
    canvas.toBlob(done, "image/png");
  }

  // ---- what debate.js asks for ---------------------------------------------------------------------

  function neighbours(id) {
    const own = new Set();
    for (const edge of data.edges) if (edge.to === id && byId.get(edge.from).card.kind === "evidence") own.add(edge.from);
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

  function select(id) {
    look.selected = id;
    [look.near, look.own] = id === null ? [null, new Set()] : neighbours(id);
    if (id !== null && inFold.has(id)) fold.open.add(inFold.get(id));
    if (id !== null && at.get(id)?.hidden) {
      unfoldTo(id);
      place();
    } else {
      redraw();
    }
  }

  // Nothing that is selected may stay out of sight.
  function unfoldTo(id) {
    if (byId.get(id).card.kind === "evidence") fold.bare = false;
    const claim = claimOf(id);
    for (const top of [...fold.closed]) if (top === claim ? id !== claim : branch(top).has(claim)) fold.closed.delete(top);
    if (fold.focus && !within(fold.focus.id, fold.focus.steps).has(claim)) fold.focus = { ...fold.focus, id: claim };
  }

  function changed(full) {
    place();
    if (full) {
      moved = false;
      fitting = true; // what is told above the map may take some of its room, in the frame that follows
      overview();
      requestAnimationFrame(() => requestAnimationFrame(() => { fitting = false; }));
    }
    redraw();
  }

  // All may stand elsewhere now: the card that was clicked stays under the pointer.
  function changedAt(id) {
    const was = at.get(id);
    changed(false);
    const now = at.get(id);
    if (network && was && !was.hidden && !now.hidden) {
      const view = network.getViewPosition();
      move({ position: { x: view.x + now.x - was.x, y: view.y + now.y - was.y }, scale: network.getScale() });
    }
  }

  return {
    begin, place, stood, recolour, overview, fitAll, zoomBy, pan, reveal, resized, svg, png, around, select, look, fold, byId,
    within, claims, claimOf, isClaim, hangs,
    get network() { return network; },
    get arranged() { return arranged; },
    get moved() { return moved; },
    lightUp(ids) { look.lit = ids; redraw(); },
    mark(ids) { look.fresh = ids; redraw(); },
    unfold(id) { if (!fold.open.delete(id)) fold.open.add(id); changed(false); },
    toggle(id) { if (!fold.closed.delete(id)) fold.closed.add(id); changedAt(id); },
    setBare(bare) { fold.bare = bare; changed(true); },
    focus(id, steps) { fold.focus = id === null ? null : { id, steps }; changed(true); },
    theme() { cards.readTheme(); recolour(); },
    hasBranch: (id) => hangs.get(id).length > 0 || branch(id).size > 0,
    hidden: (id) => at.get(id)?.hidden ?? true,
    centre(id) { move({ position: { x: at.get(id).x, y: at.get(id).y } }); moved = true; },
    goTo({ x, y, scale }) { move({ position: { x, y }, scale }); moved = true; },
    count: () => data.nodes.filter((node) => !at.get(node.id).hidden).length,
  };
};
