// A canvas that writes SVG: what cards.js and map.js draw, as a picture that can be saved.
"use strict";
window.argmapSvg = (function () {
  const measure = document.createElement("canvas").getContext("2d");
  const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c])
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, " ");
  const n = (number) => String(Math.round(number * 100) / 100);

  class Context {
    constructor() {
      this.out = [];
      this.stack = [];
      this.at = { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, font: "10px sans-serif",
        lineCap: "butt", lineJoin: "miter", dash: [], matrix: [1, 0, 0, 1, 0, 0] };
      this.d = "";
    }
    save() { this.stack.push({ ...this.at, matrix: [...this.at.matrix], dash: [...this.at.dash] }); }
    restore() { this.at = this.stack.pop(); }
    transform(a, b, c, d, e, f) {
      const [A, B, C, D, E, F] = this.at.matrix;
      this.at.matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
    }
    translate(x, y) { this.transform(1, 0, 0, 1, x, y); }
    scale(x, y) { this.transform(x, 0, 0, y, 0, 0); }
    rotate(angle) { this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0); }
    setLineDash(dash) { this.at.dash = dash; }
    measureText(text) { measure.font = this.at.font; return measure.measureText(text); }
    beginPath() { this.d = ""; this.pen = null; }
    moveTo(x, y) { this.d += "M" + n(x) + " " + n(y); this.pen = [x, y]; }
    lineTo(x, y) { this.d += (this.pen ? "L" : "M") + n(x) + " " + n(y); this.pen = [x, y]; }
    bezierCurveTo(...p) { this.d += "C" + p.map(n).join(" "); this.pen = p.slice(4); }
    arcTo(x1, y1, x2, y2, r) {
      // Only right angles occur: a quarter from the line that arrives to the line that leaves.
      const [x0, y0] = this.pen;
      const unit = (x, y) => { const l = Math.hypot(x, y) || 1; return [x / l, y / l]; };
      const [ax, ay] = unit(x0 - x1, y0 - y1), [bx, by] = unit(x2 - x1, y2 - y1);
      if (!r || Math.abs(ax * bx + ay * by) > .99) return this.lineTo(x1, y1);
      this.lineTo(x1 + ax * r, y1 + ay * r);
      this.d += "Q" + [x1, y1, x1 + bx * r, y1 + by * r].map(n).join(" ");
      this.pen = [x1 + bx * r, y1 + by * r];
    }
    arc(x, y, r) { this.d += "M" + n(x - r) + " " + n(y) + "a" + [r, r, 0, 1, 1, 2 * r, 0].map(n).join(" ") + "a" + [r, r, 0, 1, 1, -2 * r, 0].map(n).join(" "); }
    roundRect(x, y, w, h, r) {
      r = Math.min(r, w / 2, h / 2);
      this.d += `M${n(x + r)} ${n(y)}h${n(w - 2 * r)}a${n(r)} ${n(r)} 0 0 1 ${n(r)} ${n(r)}v${n(h - 2 * r)}a${n(r)} ${n(r)} 0 0 1 ${n(-r)} ${n(r)}h${n(2 * r - w)}a${n(r)} ${n(r)} 0 0 1 ${n(-r)} ${n(-r)}v${n(2 * r - h)}a${n(r)} ${n(r)} 0 0 1 ${n(r)} ${n(-r)}z`;
    }
    common() {
      const { matrix, globalAlpha } = this.at;
      const moved = matrix.some((v, i) => v !== [1, 0, 0, 1, 0, 0][i]);
      return (moved ? ` transform="matrix(${matrix.map(n).join(" ")})"` : "") + (globalAlpha < 1 ? ` opacity="${n(globalAlpha)}"` : "");
    }
    strokes() {
      const { strokeStyle, lineWidth, lineCap, lineJoin, dash } = this.at;
      return `stroke="${escaped(strokeStyle)}" stroke-width="${n(lineWidth)}"` + (dash.length ? ` stroke-dasharray="${dash.map(n).join(" ")}"` : "") +
        (lineCap !== "butt" ? ` stroke-linecap="${lineCap}"` : "") + (lineJoin !== "miter" ? ` stroke-linejoin="${lineJoin}"` : "");
    }
    fill(path) { this.out.push(`<path d="${path?.text ?? this.d}" fill="${escaped(this.at.fillStyle)}"${this.common()}/>`); }
    stroke(path) { this.out.push(`<path d="${path?.text ?? this.d}" fill="none" ${this.strokes()}${this.common()}/>`); }
    fillRect(x, y, w, h) { this.out.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${escaped(this.at.fillStyle)}"${this.common()}/>`); }
    fillText(text, x, y) {
      const [, weight, size, family] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.at.font) ?? [null, "400", "12", "sans-serif"];
      const width = this.measureText(text).width;
      this.out.push(`<text x="${n(x)}" y="${n(y)}" font-size="${size}" font-weight="${weight ?? 400}" font-family="${escaped(family)}" textLength="${n(width)}" lengthAdjust="spacingAndGlyphs" fill="${escaped(this.at.fillStyle)}"${this.common()}>${escaped(text)}</text>`);
    }
    file(box, paper, title) {
      const width = n(box.right - box.left), height = n(box.bottom - box.top);
      return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${n(box.left)} ${n(box.top)} ${width} ${height}"><title>${escaped(title)}</title><rect x="${n(box.left)}" y="${n(box.top)}" width="${width}" height="${height}" fill="${escaped(paper)}"/>${this.out.join("\n")}</svg>\n`;
    }
  }
  for (const name of ["fillStyle", "strokeStyle", "lineWidth", "globalAlpha", "font", "lineCap", "lineJoin"]) {
    Object.defineProperty(Context.prototype, name, {
      get() { return this.at[name]; },
      set(value) { this.at[name] = value; },
    });
  }
  return { Context };
})();
