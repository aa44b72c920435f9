// The index by the reader's clock: debates whose evidence has aged since the last run are judged anew,
// each from its own data script, so that a row says what the debate's page says.
"use strict";
(function () {
  const html = document.documentElement, root = html.dataset.root;
  const words = window.argmapWords.words, find = window.argmapFind;
  const two = (number) => String(number).padStart(2, "0"), now = new Date();
  const today = now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
  const rows = [...document.querySelectorAll("[data-aging]")]
    .filter((row) => row.dataset.aging.split(" ").some((day) => day && day <= today));
  if (!rows.length) return;

  function run(src) {
    return new Promise((done) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = script.onerror = () => { script.remove(); done(); };
      document.body.append(script);
    });
  }

  const status = (svg, name) => {
    svg.setAttribute("class", "i i-" + name);
    svg.querySelector("use").setAttribute("href", "#i-" + name);
  };

  function retell(row, told, main) {
    const card = row.querySelector(".card"), line = card.querySelector(".line .status"), { status: name } = told[main];
    card.classList.remove("c-" + row.dataset.status);
    card.classList.add("c-" + name);
    row.dataset.status = name;
    line.className = "status t-" + name;
    status(line.querySelector(".i"), name);
    line.querySelector("b").textContent = words[name];
    card.querySelector(".tallies").replaceChildren(...["supported", "refuted", "contested", "unknown"].flatMap((one) => {
      const number = Object.values(told).filter((claim) => claim.status === one).length;
      if (!number) return [];
      const made = Object.assign(document.createElement("span"), { title: words[one] }), icon = find.icon(one);
      icon.removeAttribute("aria-hidden");
      icon.setAttribute("role", "img");
      icon.setAttribute("aria-label", words[one]);
      made.append(icon, " " + number);
      return [made, " "];
    }));
  }

  // What is found by words or filters wears the same statuses.
  const changed = new Map();
  const load = find.load;
  find.load = (then) => load((index) => {
    for (const doc of index.docs) if (changed.has(doc.i)) doc.s = changed.get(doc.i);
    for (const doc of index.docs) if (doc.k === "debate" && changed.has("\n" + doc.d)) doc.s = changed.get("\n" + doc.d);
    then(index);
  });

  async function judgeAll() {
    await run(html.dataset.base + "assets/solver.js");
    await run(html.dataset.base + "assets/judge.js");
    const judge = window.argmapJudge;
    for (const row of rows) {
      window.argmapDebate = undefined;
      await run(root + row.dataset.state);
      const data = window.argmapDebate;
      if (!data) continue;
      const { outcomes } = judge.aged(data, today);
      const { claims } = judge.solved(data, outcomes);
      for (const [id, one] of Object.entries(claims)) changed.set(id, one.status);
      changed.set("\n" + data.debate, claims[data.main].status);
      retell(row, claims, data.main);
    }
    const form = document.querySelector("[data-filters]");
    if (document.querySelector(".debates").hidden) form.dispatchEvent(new Event("input"));
    html.classList.add("judged");
  }

  judgeAll();
})();
