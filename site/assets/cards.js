// Draws the cards and lines of a debate's map on vis-network's canvas. Knows nothing of clicks.
"use strict";
window.argmapCards = (function () {
  const TAU = Math.PI * 2, MARKS = 24; // height of a row of marks
  let theme = {};
  let font = "sans-serif";
  const icons = {};
  const wrapped = new Map();

  // As colours, or as the names that a file's own style gives them.
  function readTheme(named) {
    const css = getComputedStyle(document.documentElement);
    const names = ["paper", "card", "ink", "dim", "faint", "hair", "shadow", "neutral", "focus", "sign",
      "supported", "supported-bg", "refuted", "refuted-bg", "contested", "contested-bg", "unknown", "unknown-bg"];
    theme = {};
    for (const name of names) theme[name] = named ? `var(--${name})` : css.getPropertyValue("--" + name).trim();
    font = getComputedStyle(document.body).fontFamily;
    wrapped.clear();
    return theme;
  }

  function setIcons(data) {
    for (const [name, icon] of Object.entries(data)) {
      icons[name] = { shape: path2d(icon.shape), sign: path2d(icon.sign), filled: icon.filled, dashed: icon.dashed };
    }
  }

  // A path that the canvas draws, with its text for a picture that is written.
  function path2d(text) {
    return Object.assign(new Path2D(text), { text });
  }

  function icon(ctx, name, x, y, size, colour) {
    const one = icons[name];
    if (!one) return;
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(size / 24, size / 24);
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.fillStyle = ctx.strokeStyle = colour;
    if (one.filled) {
      ctx.fill(one.shape);
    } else {
      ctx.lineWidth = 2;
      ctx.setLineDash(one.dashed ? [3, 4] : []);
      ctx.stroke(one.shape);
      ctx.setLineDash([]);
    }
    ctx.lineWidth = 2.2;
    ctx.strokeStyle = one.filled ? theme.sign : colour;
    ctx.stroke(one.sign);
    ctx.restore();
  }

  function setFont(ctx, size, weight) {
    ctx.font = (weight || 400) + " " + size + "px " + font;
  }

  function fitted(ctx, text, width) {
    if (ctx.measureText(text).width <= width) return text;
    let lo = 0, hi = text.length;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (ctx.measureText(text.slice(0, mid).trimEnd() + "…").width <= width) lo = mid; else hi = mid - 1;
    }
    return text.slice(0, lo).trimEnd() + "…";
  }

  // At most `most` lines; words too long for a line are cut, the last line ends in an ellipsis.
  function lines(ctx, text, width, most) {
    const key = ctx.font + "|" + width + "|" + most + "|" + text;
    if (wrapped.has(key)) return wrapped.get(key);
    const words = text.split(/[ \t\n]+/).filter(Boolean);
    const found = [];
    let line = "";
    for (let n = 0; n < words.length; n++) {
      const longer = line ? line + " " + words[n] : words[n];
      if (line && ctx.measureText(longer).width > width) {
        if (found.length === most - 1) {
          line = fitted(ctx, words.slice(words.length - (words.length - n)).reduce((a, w) => a + " " + w, line), width);
          break;
        }
        found.push(fitted(ctx, line, width));
        line = words[n];
      } else {
        line = longer;
      }
    }
    if (line) found.push(fitted(ctx, line, width));
    wrapped.set(key, found);
    return found;
  }

  function rounded(ctx, x, y, w, h, r) {
    ctx.beginPath();
    ctx.roundRect(x, y, w, h, r);
  }

  function pill(ctx, text, x, y) {
    setFont(ctx, 11.5);
    const width = ctx.measureText(text).width + 16;
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.faint;
    rounded(ctx, x, y, width, 18, 9);
    ctx.stroke();
    ctx.fillStyle = theme.dim;
    ctx.fillText(text, x + 8, y + 13);
    return width;
  }

  function widthOf(ctx, texts) {
    setFont(ctx, 11.5);
    return texts.reduce((sum, text) => sum + ctx.measureText(text).width + 22, 0);
  }

  // Marks in the row that begins at `froms[0]` and, as `most` allows, in rows below; what finds no place is
  // counted. Gives how many rows below it took.
  function marks(ctx, texts, froms, ends, y, below, most) {
    let left = froms[0], row = 0;
    for (let n = 0; n < texts.length; n++) {
      const width = widthOf(ctx, [texts[n]]) - 6, end = () => ends[Math.min(row, 1)];
      if (left + width > end() && row < most) { row += 1; left = froms[1]; }
      const rest = texts.length - n, last = left + width > end();
      left += pill(ctx, last ? "+" + rest : texts[n], left, row ? below + (row - 1) * MARKS : y) + 6;
      if (last) break;
    }
    return row;
  }

  function claim(ctx, card, x, y, w, h, state) {
    const colour = theme[card.status];
    ctx.fillStyle = theme[card.status + "-bg"];
    rounded(ctx, x, y, w, h, 10);
    ctx.fill();
    ctx.lineWidth = state.selected ? 3 : 1.6;
    ctx.strokeStyle = state.selected ? theme.focus : colour;
    ctx.setLineDash(card.status === "unknown" && !state.selected && !state.far ? [5, 4] : []);
    ctx.stroke();
    ctx.setLineDash([]);
    if (state.far) return far(ctx, card.icon, x, y, w, h, colour);
    icon(ctx, card.icon, x + 14, y + 13, 20, colour);
    setFont(ctx, 14, 600);
    ctx.fillStyle = colour;
    ctx.fillText(card.word, x + 42, y + 28);
    const from = x + 52 + ctx.measureText(card.word).width;
    setFont(ctx, 15.5, 600);
    const room = h - 76, spare = room - 20.4 * lines(ctx, card.text, w - 30, Math.floor(room / 20.4)).length; // as high as Python made it
    const down = MARKS * marks(ctx, card.pills, [from, x + 15], [x + w - 10, x + w - 10], y + 14, y + 41, Math.floor((spare + 4) / MARKS));
    setFont(ctx, 15.5, 600);
    ctx.fillStyle = theme.ink;
    lines(ctx, card.text, w - 30, Math.floor((room - down + 4) / 20.4)).forEach((line, n) => ctx.fillText(line, x + 15, y + 57 + down + n * 20.5));
    strength(ctx, card, x, y, w, h, colour);
  }

  function strength(ctx, card, x, y, w, h, colour) {
    const base = y + h - 16;
    setFont(ctx, 12.5, 650);
    ctx.fillStyle = theme.ink;
    const number = ctx.measureText(card.strength).width;
    ctx.fillText(card.strength, x + w - 15 - number, base + 4);
    const length = 60, start = x + w - 25 - number - length;
    ctx.lineCap = "round";
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = theme.faint;
    stroke(ctx, [[start, base], [start + length, base]]);
    stroke(ctx, [[start + length / 2, base - 4], [start + length / 2, base + 4]]);
    ctx.strokeStyle = ctx.fillStyle = colour;
    if (card.bar[0] === card.bar[1]) {
      dot(ctx, start + card.bar[0] * length, base, 4);
    } else {
      ctx.lineWidth = 5;
      stroke(ctx, [[start + card.bar[0] * length, base], [start + card.bar[1] * length, base]]);
    }
    ctx.lineCap = "butt";
    setFont(ctx, 12.5);
    ctx.fillStyle = theme.dim;
    ctx.fillText(fitted(ctx, card.role, start - x - 27), x + 15, base + 4);
  }

  function evidence(ctx, card, x, y, w, h, state) {
    if (card.look === "ran" && !state.far) {
      ctx.fillStyle = theme.shadow;
      rounded(ctx, x - .5, y + 1.5, w + 1, h + 1, 9);
      ctx.fill();
    }
    ctx.fillStyle = card.look === "ran" ? theme.card : theme.paper;
    rounded(ctx, x, y, w, h, 8);
    ctx.fill();
    ctx.lineWidth = state.selected ? 3 : card.look === "ran" ? 1 : 1.4;
    ctx.strokeStyle = state.selected ? theme.focus : card.look === "ran" ? theme.hair : theme.faint;
    ctx.setLineDash(card.look === "dashed" && !state.selected && !state.far ? [5, 4] : []);
    ctx.stroke();
    ctx.setLineDash([]);
    if (state.far) return far(ctx, card.icon, x, y, w, h, theme.neutral);
    icon(ctx, card.icon, x + 13, y + 11, 16, theme.neutral);
    setFont(ctx, 13, 600);
    ctx.fillStyle = theme.neutral;
    ctx.fillText(card.word, x + 36, y + 24);
    const from = x + 46 + ctx.measureText(card.word).width;
    setFont(ctx, 14);
    const text = lines(ctx, card.text, w - 27, 2), down = MARKS * corner(ctx, card, x, y, w, from, h - 69 - 18.5 * text.length);
    setFont(ctx, 14);
    ctx.fillStyle = theme.ink;
    text.forEach((line, n) => ctx.fillText(line, x + 13.5, y + 45 + down + n * 18.5));
    facts(ctx, card, x, y, w, h);
  }

  // The date at the right, the marks before it or below. Where there is no room below, since it aged while
  // it was open, its age says more than its date.
  function corner(ctx, card, x, y, w, from, spare) {
    const end = x + w - 13, rows = Math.floor((spare + 6) / MARKS);
    setFont(ctx, 12);
    const width = ctx.measureText(card.date).width, told = rows > 0 || !card.pills.length || widthOf(ctx, card.pills) + width < end - from - 8;
    setFont(ctx, 12);
    ctx.fillStyle = theme.dim;
    if (told) ctx.fillText(fitted(ctx, card.date, end - from), Math.max(end - width, from), y + 24);
    return marks(ctx, card.pills, [from, x + 13], [told ? end - width - 8 : x + w - 10, x + w - 10], y + 10, y + 33, rows);
  }

  function facts(ctx, card, x, y, w, h) {
    const base = y + h - 14;
    let left = x + 13.5;
    if (card.value) {
      setFont(ctx, 15, 650);
      ctx.fillStyle = theme.ink;
      const value = fitted(ctx, card.value, w - 30);
      ctx.fillText(value, left, base);
      left += ctx.measureText(value).width + 8;
    }
    setFont(ctx, 12);
    ctx.fillStyle = theme.dim;
    // The words go before a chart that says the same; a series says more than the threshold's words.
    const room = ctx.measureText(card.limit).width <= x + w - 78 - left || (card.chart?.points && left < x + w - 100);
    const end = card.chart && room ? x + w - 72 : x + w - 12;
    if (end - left > 24) ctx.fillText(fitted(ctx, card.limit, end - left - 6), left, base);
    if (card.chart && end < x + w - 12) chart(ctx, card.chart, x + w - 69, base - 17, 54, 18);
  }

  function chart(ctx, one, x, y, w, h) {
    ctx.strokeStyle = ctx.fillStyle = theme.neutral;
    if (one.points) {
      if (one.threshold !== undefined) {
        ctx.save();
        ctx.globalAlpha *= .6;
        ctx.lineWidth = 1;
        ctx.setLineDash([2.5, 2.5]);
        stroke(ctx, [[x, y + one.threshold * h], [x + w, y + one.threshold * h]]);
        ctx.restore();
      }
      const spots = [];
      one.points.forEach(([px, py], n) => {
        if (one.steps && n) spots.push([x + px * w, spots[spots.length - 1][1]]);
        spots.push([x + px * w, y + py * h]);
      });
      ctx.lineWidth = 1.5;
      ctx.lineJoin = "round";
      stroke(ctx, spots);
      dot(ctx, ...spots[spots.length - 1], 2.4);
      return;
    }
    const middle = y + h / 2;
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = theme.faint;
    stroke(ctx, [[x, middle], [x + w, middle]]);
    ctx.strokeStyle = theme.neutral;
    const [from, to] = one.against;
    if (from === to) {
      stroke(ctx, [[x + from * w, middle - 8], [x + from * w, middle + 8]]);
    } else {
      ctx.save();
      ctx.globalAlpha *= .45;
      ctx.lineWidth = 7;
      stroke(ctx, [[x + from * w, middle], [x + to * w, middle]]);
      ctx.restore();
    }
    if (one.value[0] === one.value[1]) {
      dot(ctx, x + one.value[0] * w, middle, 3.2);
    } else {
      ctx.lineCap = "round";
      ctx.lineWidth = 5;
      stroke(ctx, [[x + one.value[0] * w, middle], [x + one.value[1] * w, middle]]);
      ctx.lineCap = "butt";
    }
  }

  function far(ctx, name, x, y, w, h, colour) {
    icon(ctx, name, x + w / 2 - h / 4, y + h / 4, h / 2, colour);
  }

  function join(ctx, card, x, y, w, h, state) {
    ctx.fillStyle = theme.paper;
    rounded(ctx, x, y, w, h, h / 2);
    ctx.fill();
    ctx.lineWidth = state.selected ? 3 : 1.4;
    ctx.strokeStyle = state.selected ? theme.focus : theme.dim;
    ctx.stroke();
    setFont(ctx, 12.5);
    ctx.fillStyle = theme.dim;
    const text = fitted(ctx, card.text, w - 16);
    ctx.fillText(text, x + (w - ctx.measureText(text).width) / 2, y + h / 2 + 4.5);
  }

  function more(ctx, card, x, y, w, h) {
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.faint;
    ctx.fillStyle = theme.paper;
    rounded(ctx, x, y, w, h, 8);
    ctx.fill();
    ctx.stroke();
    setFont(ctx, 13);
    ctx.fillStyle = theme.dim;
    const shown = card.unfolded ? [] : card.icons.slice(0, 8);
    const width = ctx.measureText(card.text).width + (shown.length ? 8 + shown.length * 19 : 0);
    const left = x + (w - width) / 2;
    ctx.fillText(card.text, left, y + h / 2 + 4.5);
    shown.forEach((name, n) => icon(ctx, name, left + width - (shown.length - n) * 19 + 3, y + h / 2 - 8, 16, theme.neutral));
  }

  // On a claim whose branch is folded away: how much is behind it.
  function badge(ctx, text, x, y) {
    setFont(ctx, 12, 600);
    const width = ctx.measureText(text).width + 18;
    ctx.fillStyle = theme.card;
    ctx.strokeStyle = theme.dim;
    ctx.lineWidth = 1.2;
    rounded(ctx, x - width / 2, y - 11, width, 22, 11);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, x - width / 2 + 9, y + 4.5);
  }

  // A dot at the corner of what changed since the reader's last visit.
  function fresh(ctx, x, y) {
    ctx.fillStyle = theme.focus;
    dot(ctx, x, y, 6.5);
    ctx.lineWidth = 2;
    ctx.strokeStyle = theme.paper;
    ctx.stroke();
  }

  const kinds = { claim, evidence, join, more };

  function stroke(ctx, points) {
    ctx.beginPath();
    points.forEach(([x, y], n) => (n ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.stroke();
  }

  function dot(ctx, x, y, r) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, TAU);
    ctx.fill();
  }

  function isGone(node) {
    return Boolean(node.card.gone); // not there yet in the run that is shown
  }

  function card(ctx, node, x, y, state) {
    ctx.save();
    ctx.globalAlpha = state.dimmed ? .3 : isGone(node) ? .35 : 1;
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "left";
    kinds[node.card.kind](ctx, node.card, x - node.width / 2, y - node.height / 2, node.width, node.height, state);
    if (state.behind) badge(ctx, "+" + state.behind, x, y + node.height / 2 + 2);
    if (state.fresh) fresh(ctx, x + node.width / 2 - 3, y - node.height / 2 + 3);
    ctx.restore();
  }

  // ---- lines -------------------------------------------------------------------------------

  const looks = {
    "for": { colour: "supported", dash: [], width: 1.9, end: "arrow" },
    "against": { colour: "refuted", dash: [6, 3.5], width: 1.9, end: "bar" },
    "contradicts": { colour: "refuted", dash: [6, 3.5], width: 1.9, end: "bar", start: "bar" },
    "idle": { colour: "dim", dash: [1.8, 3], width: 1.3, end: "dot" },
    "undercut": { colour: "ink", dash: [2, 3], width: 2, end: "ring" },
    "undercut-idle": { colour: "dim", dash: [1.8, 3], width: 1.3, end: "ring" },
  };

  function path(ctx, edge, points) {
    ctx.beginPath();
    ctx.moveTo(...points[0]);
    if (edge.shape === "curve") {
      for (let n = 1; n < points.length; n++) {
        const [x1, y1] = points[n - 1], [x2, y2] = points[n];
        const middle = (y1 + y2) / 2;
        ctx.bezierCurveTo(x1, middle, x2, middle, x2, y2);
      }
    } else {
      for (let n = 1; n < points.length - 1; n++) ctx.arcTo(...points[n], ...points[n + 1], radius(points, n));
      ctx.lineTo(...points[points.length - 1]);
    }
    ctx.stroke();
  }

  function radius(points, n) {
    const long = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
    return Math.min(8, long(points[n - 1], points[n]) / 2, long(points[n], points[n + 1]) / 2);
  }

  function tip(ctx, kind, [x, y], [px, py]) {
    const angle = Math.atan2(y - py, x - px);
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.setLineDash([]);
    if (kind === "arrow") {
      ctx.beginPath();
      ctx.moveTo(-1, 0);
      ctx.lineTo(-9.5, -4.6);
      ctx.lineTo(-9.5, 4.6);
      ctx.fill();
    } else if (kind === "bar") {
      ctx.lineWidth = 2;
      stroke(ctx, [[-2, -6], [-2, 6]]);
    } else if (kind === "ring") {
      ctx.beginPath();
      ctx.arc(-4.5, 0, 4.2, 0, TAU);
      ctx.fillStyle = theme.paper;
      ctx.fill();
      ctx.lineWidth = 1.8;
      ctx.stroke();
    } else {
      dot(ctx, -3, 0, 2.2);
    }
    ctx.restore();
  }

  // Stop the line short of its tip, so that an arrow ends in a point.
  function shortened(points, by) {
    const copy = points.map((p) => [...p]);
    const end = copy[copy.length - 1];
    const before = copy[copy.length - 2];
    const curve = end[0] !== before[0] && end[1] !== before[1];
    const dx = curve ? 0 : end[0] - before[0], dy = end[1] - before[1];
    const length = Math.hypot(dx, dy) || 1;
    end[0] -= dx / length * by;
    end[1] -= dy / length * by;
    return copy;
  }

  function edge(ctx, one, points, dimmed, label) {
    const look = looks[one.effect] || looks.idle;
    ctx.save();
    ctx.globalAlpha = dimmed ? .2 : 1;
    ctx.strokeStyle = ctx.fillStyle = theme[look.colour];
    ctx.lineWidth = look.width;
    ctx.setLineDash(look.dash);
    const end = points[points.length - 1];
    const before = one.shape === "curve" ? [end[0], end[1] + (points[points.length - 2][1] > end[1] ? 9 : -9)] : points[points.length - 2];
    const curve = one.shape === "curve";
    const reach = { arrow: 8, bar: 2, ring: 9, dot: 3 }[look.end];
    const body = curve ? points.map((p) => [...p]) : shortened(points, reach);
    if (curve) body[body.length - 1][1] += end[1] < before[1] ? reach : -reach;
    path(ctx, one, body);
    tip(ctx, look.end, end, before);
    if (look.start) tip(ctx, look.start, points[0], points[1]);
    if (label) word(ctx, label, points);
    ctx.restore();
  }

  // Lines of one look, seen from so far that their ends, dashes and corners are smaller than a dot.
  function sketch(ctx, effect, dimmed, drawn) {
    const look = looks[effect] || looks.idle;
    ctx.save();
    ctx.globalAlpha = dimmed ? .2 : 1;
    ctx.strokeStyle = theme[look.colour];
    ctx.lineWidth = look.width;
    ctx.beginPath();
    for (const { shape, points } of drawn) {
      const [[x, y], ...rest] = points, [to, top] = rest[rest.length - 1];
      ctx.moveTo(x, y);
      if (shape === "curve") ctx.bezierCurveTo(x, (y + top) / 2, to, (y + top) / 2, to, top);
      else for (const point of rest) ctx.lineTo(...point);
    }
    ctx.stroke();
    ctx.restore();
  }

  function word(ctx, text, points) {
    const [a, b] = [points[0], points[points.length - 1]];
    setFont(ctx, 12.5);
    const width = ctx.measureText(text).width + 16;
    if (Math.abs(a[0] - b[0]) < width + 10) return;
    const x = (a[0] + b[0]) / 2, y = (a[1] + b[1]) / 2;
    ctx.fillStyle = theme.paper;
    ctx.fillRect(x - width / 2, y - 9, width, 18);
    ctx.fillStyle = theme.dim;
    ctx.fillText(text, x - width / 2 + 8, y + 4.5);
  }

  return { readTheme, badge, setIcons, card, edge, sketch, colour: (name) => theme[name] };
})();
