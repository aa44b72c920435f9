// One claim and what is near it -> a file to send. It holds no script and asks for nothing; what panels
// say is taken over element by element, by a list of what may stand there, and texts as text.
// Read when a reader first asks for such a file. `argmapLetter` is its style, and the policy for that.
"use strict";
window.argmapTake = (function () {
  const words = window.argmapWords.words;
  const TAGS = new Set(("a b blockquote code h2 h3 li mark p small span table tbody td tr ul " +
    "svg g path circle line text use").split(" "));
  const SAID = new Set(("class role aria-label aria-hidden viewBox d r cx cy x y x1 x2 y1 y2 width height points transform text-anchor " +
    "colspan").split(" "));
  const ASIDE = ".passage, .turners, .turners + .dim, .moments, .history, .turns, .ties"; // of the claims around
  const LEFT_OUT = "button, fieldset, template, script, style, .acts, .go, .steps";

  // Claims are [{id, panel}], their evidence too; the first is whom the file is of. `map` is its picture as
  // SVG, `spots` where cards stand in it; `notes` are said at its head, `foot` below.
  function file({ claims, evidence, map, spots, notes, foot }) {
    const page = document.implementation.createHTMLDocument("");
    const anchors = new Map([...claims, ...evidence].map(({ id }, n) => [id, "c" + n]));

    function made(tag, name = "", text = "") {
      const one = page.createElement(tag);
      if (name) one.className = name;
      one.textContent = text;
      return one;
    }

    // What may stand in the file of what a panel shows: its other elements give their text.
    function taken(from, into) {
      for (const child of from.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) { into.append(page.createTextNode(child.data)); continue; }
        if (child.nodeType !== Node.ELEMENT_NODE) continue;
        const tag = child.localName, turner = child.closest(".turners") !== null;
        if (child.matches(LEFT_OUT) && !(turner && tag === "button")) continue;
        if (!TAGS.has(tag)) { taken(child, into); continue; }
        const one = page.createElementNS(child.namespaceURI, tag);
        for (const { name, value } of child.attributes) if (SAID.has(name)) one.setAttribute(name, value);
        if (tag === "use") one.setAttribute("href", child.getAttribute("href"));
        const href = tag === "a" ? whither(child) : "";
        if (tag === "a" && !href) { taken(child, into); continue; }
        if (href) one.setAttribute("href", href);
        if (/^http/.test(href)) one.setAttribute("rel", "noreferrer");
        taken(child, one);
        into.append(one);
      }
    }

    // Within the file, or to a source. Nothing of the reader's own disk leaves it.
    function whither(link) {
      if (anchors.has(link.dataset.select)) return "#" + anchors.get(link.dataset.select);
      const stated = link.getAttribute("href") ?? "";
      return /^https?:\/\//i.test(stated) ? stated : "";
    }

    // What a panel says, less the parts `without`, each of which has its own head.
    function told(panel, tag, heads, without = "") {
      const section = made(tag);
      taken(panel, section);
      for (const place of section.querySelectorAll(".place")) place.textContent = place.textContent.split(" · ")[0];
      for (const part of without ? section.querySelectorAll(without) : []) {
        if (part.previousElementSibling?.matches(".sub")) part.previousElementSibling.remove();
        part.remove();
      }
      for (const [from, to] of heads) {
        for (const one of section.querySelectorAll(from)) {
          const head = made(to, one.className);
          head.append(...one.childNodes);
          one.replaceWith(head);
        }
      }
      return section;
    }

    const written = new Set();
    function claim({ id, panel }, n) {
      const section = n ? told(panel, "section", [], ASIDE) : told(panel, "section", [["h2", "h1"], ["h3", "h2"]]);
      section.id = anchors.get(id);
      const own = evidence.filter((one) => one.of.includes(id) && !written.has(one.id));
      if (own.length) section.append(made(n ? "h3" : "h2", "sub", words.evidence));
      for (const one of own) {
        written.add(one.id);
        const piece = told(one.panel, "div", [["h2", "b"]], ".ties");
        piece.className = "evidence " + one.look;
        piece.id = anchors.get(one.id);
        section.append(piece);
      }
      return section;
    }

    const sections = claims.map(claim), [main] = sections;
    const head = made("header"), title = main.querySelector("h1");
    for (const one of [main.querySelector(".role"), title, main.querySelector(".line")]) if (one) head.append(one);
    for (const text of notes) head.append(made("p", "notice", text));

    page.documentElement.lang = document.documentElement.lang;
    page.title = title?.textContent ?? "";
    const meta = (name, value) => {
      const one = made("meta");
      one.setAttribute(name === "charset" ? name : name === "Content-Security-Policy" ? "http-equiv" : "name", name === "charset" ? value : name);
      if (name !== "charset") one.setAttribute("content", value);
      return one;
    };
    page.head.prepend(meta("charset", "utf-8"), meta("Content-Security-Policy", window.argmapLetter.policy),
      meta("viewport", "width=device-width, initial-scale=1"), meta("generator", "argmap"),
      meta("referrer", "no-referrer"), meta("color-scheme", "light dark"));

    const bottom = made("footer");
    for (const { text, url } of foot) {
      const line = made("p", "", url ? "" : text);
      if (url) line.append(Object.assign(made("a", "", text), { href: url, rel: "noreferrer" }));
      bottom.append(line);
    }
    const body = made("main");
    body.append(head, picture(), ...sections);
    page.body.append(sprite(), body, bottom);
    // The style is written in as text: this page's own policy would have none made here.
    const style = "<style>" + window.argmapLetter.style + "</style></head>";
    return "<!doctype html>\n" + page.documentElement.outerHTML.replace("</head>", () => style) + "\n";

    function sprite() {
      const one = page.importNode(document.querySelector("svg.sprite"), true);
      return one;
    }

    // The map, each card of it a link to what is said of it below.
    function picture() {
      const holder = made("div", "picture");
      const drawn = page.importNode(new DOMParser().parseFromString(map, "image/svg+xml").documentElement, true);
      const width = Math.round(Number(drawn.getAttribute("width")) * .82);
      drawn.setAttribute("width", width);
      drawn.removeAttribute("height");
      drawn.setAttribute("class", width > 900 ? "wide" : width > 560 ? "middle" : "");
      drawn.setAttribute("role", "group");
      drawn.setAttribute("aria-label", words.map);
      drawn.querySelector("title")?.remove();
      for (const { id, text, box } of spots) {
        if (!anchors.has(id)) continue;
        const link = page.createElementNS(drawn.namespaceURI, "a"), area = page.createElementNS(drawn.namespaceURI, "rect");
        link.setAttribute("href", "#" + anchors.get(id));
        link.setAttribute("aria-label", text);
        const sides = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top, rx: 10, class: "over" };
        for (const [name, value] of Object.entries(sides)) area.setAttribute(name, value);
        link.append(area);
        drawn.append(link);
      }
      Object.assign(holder, { tabIndex: 0 }).setAttribute("role", "region");
      holder.setAttribute("aria-label", words.map);
      holder.append(drawn);
      return holder;
    }
  }

  return { file };
})();
window.argmapLetter = {"style": ":root { color-scheme: light dark; --paper: #f7f8f6; --card: #fff; --ink: #1b2026; --dim: #5d6673; --faint: #c9cdd1; --hair: #dfe3e0; --shadow: rgb(30 40 50 / .07); --focus: #2f5fc4; --zone: #fbf1dc; --neutral: #3b4654; --link: #2257b8; --supported: #0b7a75; --refuted: #c0352b; --contested: #946000; --unknown: #626b77; --sign: #fff;\n  --supported-bg: #e3f3f1; --refuted-bg: #fdebe8; --contested-bg: #fdf2dd; --unknown-bg: #f7f8f6; }\n@media (prefers-color-scheme: dark) { :root { --paper: #121519; --card: #1c2026; --ink: #e9ecef; --dim: #9aa4b0; --faint: #434a54; --hair: #353b44; --shadow: rgb(0 0 0 / .3); --focus: #86a8f2; --zone: #2a2213; --neutral: #c3cad3; --link: #84a9f5; --supported: #33c1b6; --refuted: #ff7a6b; --contested: #e3ac46; --unknown: #9aa4b0; --sign: #121519;\n  --supported-bg: #15302f; --refuted-bg: #3a2021; --contested-bg: #352912; --unknown-bg: #121519; } }\n* { box-sizing: border-box; }\nbody { margin: 0 auto; padding: 28px 20px 40px; max-width: 1240px; background: var(--paper); color: var(--ink); font: 15px/1.5 \"Noto Sans\", -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", \"Liberation Sans\", Arial, sans-serif; overflow-wrap: anywhere; }\nh1 { font-size: 25px; line-height: 1.25; margin: 4px 0 8px; }\nh2 { font-size: 19px; line-height: 1.3; margin: 0 0 4px; }\nh3 { font-size: 15px; margin: 18px 0 4px; }\np { margin: 4px 0; }\na { color: var(--link); }\na[id] { color: inherit; }\n.dim, small { color: var(--dim); }\nsmall { display: block; font-size: 12.5px; }\n.status { display: flex; gap: 6px; align-items: center; font-weight: 600; font-size: 17px; }\n.status .num { margin-left: auto; }\n.icon { width: 20px; height: 20px; flex: none; vertical-align: -4px; }\n.map { margin: 20px 0; overflow-x: auto; }\n.map svg { display: block; height: auto; max-width: 100%; }\n.map svg.middle { min-width: 560px; } .map svg.wide { min-width: 900px; }\nh1, section, .status, footer, body > p { max-width: 900px; }\nsection, .evidence { background: var(--card); border: 1px solid var(--hair); border-radius: 12px; padding: 16px 18px; margin: 14px 0; }\n.evidence { background: none; padding: 10px 14px; margin: 8px 0; }\n.evidence.hollow, .evidence.dashed { border-style: dashed; }\ntable { width: 100%; border-collapse: collapse; }\ntd { padding: 5px 8px 5px 0; vertical-align: top; }\ntd:first-child { width: 28px; }\ntd.num { text-align: right; white-space: nowrap; padding-right: 0; }\n.num { font-variant-numeric: tabular-nums; }\ntr.all td { border-top: 1px solid var(--hair); font-weight: 600; }\n.read td:first-child { width: auto; }\ncode { font: 13px ui-monospace, Consolas, \"Liberation Mono\", monospace; }\n.supported, .for { color: var(--supported); } .refuted, .against { color: var(--refuted); } .contested { color: var(--contested); } .unknown { color: var(--unknown); }\nfooter { margin-top: 24px; color: var(--dim); font-size: 13px; }\n.map rect { fill: var(--card); stroke: var(--hair); stroke-width: 1.2; }\n.map text { fill: var(--ink); font-size: 13px; }\n.map text.head { font-weight: 600; font-size: 12.5px; fill: currentColor; }\n.map text.title { font-weight: 600; }\n.map text.foot { font-size: 11.5px; fill: var(--dim); }\n.map text.right { text-anchor: end; }\n.map .c-supported rect { stroke: var(--supported); } .map .c-refuted rect { stroke: var(--refuted); } .map .c-contested rect { stroke: var(--contested); } .map .c-unknown rect { stroke: var(--unknown); stroke-dasharray: 5 4; }\n.map .hollow rect, .map .dashed rect { stroke-dasharray: 4 3; }\n.map .focus rect { stroke-width: 3; }\n.map path.line { fill: none; stroke: var(--dim); stroke-width: 1.3; }\n.map .l-for { color: var(--supported); } .map .l-against, .map .l-contradicts { color: var(--refuted); } .map .l-idle, .map .l-undercut-idle { color: var(--dim); } .map .l-undercut { color: var(--ink); }\n.map .l-for path.line, .map .l-against path.line, .map .l-contradicts path.line, .map .l-undercut path.line { stroke: currentColor; stroke-width: 1.7; }\n.map .l-against path.line, .map .l-contradicts path.line { stroke-dasharray: 6 4; }\n.map .l-idle path.line, .map .l-undercut path.line, .map .l-undercut-idle path.line { stroke-dasharray: 1.6 4; stroke-linecap: round; }\n.map .head-of { fill: currentColor; stroke: currentColor; stroke-width: 1.6; }\n.map .hole { fill: var(--paper); stroke: currentColor; stroke-width: 1.6; }\n.i-shape { fill: currentColor; } .i-open { fill: none; stroke: currentColor; stroke-width: 1.8; } .i-dash { stroke-dasharray: 3.4 2.6; }\n.i-sign { fill: none; stroke: var(--sign); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; } .i-sign.own { stroke: currentColor; }\n.neutral { color: var(--neutral); }\n/* Saved from a page: its picture, and what its panels show */\n.picture { margin: 20px 0; overflow-x: auto; } .picture svg { display: block; height: auto; max-width: 100%; }\n.picture svg.middle { min-width: 560px; } .picture svg.wide { min-width: 900px; }\n.over { fill: transparent; } a:focus-visible .over { stroke: var(--focus); stroke-width: 4; }\nbody:has(> main) { max-width: 980px; } main section, header { max-width: none; } section > h2:first-child, section > .role + h2 { margin-top: 0; }\n.sprite { position: absolute; width: 0; height: 0; }\n.role, .place, .reason, .sources, .small, .trail, .leads { color: var(--dim); font-size: 13px; }\n.notice { background: var(--zone); border-radius: 8px; padding: 6px 12px; margin: 10px 0; }\n.line { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; } .line .num { margin-left: auto; }\nheader .line { font-size: 17px; } section .sub { font-size: 15px; margin: 18px 0 4px; } .evidence > b { font-size: 15px; }\n.pill { border: 1px solid var(--faint); border-radius: 99px; padding: 0 9px; font-size: 12px; color: var(--dim); }\nul { list-style: none; margin: 0; padding: 0; } li { display: flex; gap: 9px; align-items: baseline; padding: 4px 0; border: 0; }\n.sum .what, .ties .what, .turns span, .when { flex: 1; min-width: 0; } .sum .num { font-weight: 600; margin-left: auto; text-align: right; }\n.sum .all { border-top: 1px solid var(--hair); } .turners li { flex-wrap: wrap; } .turners .status { margin-left: auto; font-size: 14px; }\nli .status { font-size: 14px; } .sum .i, .turns .i, .ties .i { align-self: flex-start; margin-top: 2px; } .moments li, .turners li { align-items: center; } .moments .num { min-width: 7em; text-align: right; } .sum .chart, .ties .tie { align-self: flex-start; margin-top: 3px; } .status b { font-weight: 600; }\n.passage { margin: 10px 0; padding-left: 12px; border-left: 2px solid var(--hair); } mark { background: var(--zone); color: inherit; }\n.fact { display: flex; gap: 10px; align-items: center; } .fact b { font-size: 18px; }\n.i { width: 18px; height: 18px; flex: none; align-self: center; vertical-align: -4px; color: var(--neutral); }\n.full { fill: currentColor; } .open { fill: none; stroke: currentColor; stroke-width: 2; } .dash { stroke-dasharray: 3 2.4; }\n.sign { fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; } .sign.on { stroke: var(--sign); }\n.i-supported, .t-supported, .t-for, .tie-for { color: var(--supported); } .i-refuted, .t-refuted, .t-against, .tie-against, .tie-contradicts { color: var(--refuted); }\n.i-contested, .t-contested { color: var(--contested); } .i-unknown, .t-unknown, .t-idle { color: var(--unknown); }\n.tie { width: 28px; height: 12px; flex: none; color: var(--dim); overflow: visible; fill: none; stroke: currentColor; stroke-width: 1.8; } .tie.tie-for { color: var(--supported); } .tie.tie-against, .tie.tie-contradicts { color: var(--refuted); }\n.chart { width: 78px; height: 28px; overflow: visible; color: var(--neutral); } .series, .history { display: block; width: 100%; max-width: 420px; height: auto; color: var(--neutral); margin: 8px 0; overflow: visible; }\n.run, .runs, .zero, .whisker, .moment, .limit, .axis { fill: none; } .run { stroke: currentColor; stroke-width: 1.7; stroke-linejoin: round; } .end { fill: currentColor; }\n.limit, .moment { stroke: var(--dim); stroke-dasharray: 3 3; } .axis, .zero { stroke: var(--faint); stroke-width: 1.6; } .whisker { stroke: var(--faint); stroke-width: 3; }\n.mark { stroke: var(--neutral); stroke-width: 1.6; } .band { stroke: var(--dim); opacity: .55; stroke-width: 7; } .width { stroke: currentColor; stroke-width: 5; stroke-linecap: round; }\n.runs { stroke: currentColor; stroke-width: 4.4; stroke-linecap: round; } .zone { fill: var(--zone); } .series text, .history text { font-size: 11.5px; fill: var(--dim); }\n@media print { .map svg, .picture svg { min-width: 0 !important; } body { max-width: none; background: #fff; } section { break-inside: avoid; } }\n", "policy": "default-src 'none'; style-src 'sha256-S+Ao2pbiFQ7b1n85nikUqpE76q9PD6qb70HRn/KAp84='"};
