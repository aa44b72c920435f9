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
