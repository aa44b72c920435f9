// A claim's page, judged anew by the reader's clock: what its evidence has come to since the last run.
"use strict";
(function () {
  const data = window.argmapDebate, judge = window.argmapJudge, site = window.argmapSite, find = window.argmapFind;
  const words = window.argmapWords.words, russian = window.argmapWords.language === "ru";
  const aged = judge.aged(data, judge.today());
  if (!aged.any) return;
  const id = document.querySelector("main").dataset.claim;
  for (const piece of document.querySelectorAll(".piece[data-id]")) {
    const one = piece.dataset.id, outcome = aged.outcomes[one];
    if (outcome) {
      piece.querySelector(".status").replaceChildren(find.icon(outcome === "unknown" ? "o-unknown" : outcome), " ",
        Object.assign(document.createElement("b"), { textContent: words[outcome === "unknown" ? "o.unknown" : outcome] }));
    }
    if ((outcome || aged.stale.includes(one)) && !piece.querySelector(".line .pill")) {
      piece.querySelector(".line").append(Object.assign(document.createElement("span"), { className: "pill", textContent: words.stale }));
    }
  }
  const told = judge.solved(data, aged.outcomes).claims[id];
  const line = document.querySelector("[data-now]");
  const text = (value) => (Math.abs(value) < .005 ? "" : value > 0 ? "+" : "−") + Math.abs(value).toFixed(2).replace(".", russian ? "," : ".");
  line.querySelector(".status").className = "status t-" + told.status;
  line.querySelector(".status").replaceChildren(find.icon(told.status), " ", Object.assign(document.createElement("b"), { textContent: words[told.status] }));
  line.querySelector(".num").textContent = words.strength + " " + [...new Set(told.strength.map(text))].join(" … ");
  line.querySelector(".strength")?.remove();
  site.banner(words.aged, "late");
})();
