// The board of checks by the reader's clock: what has grown stale, expired or turned since the last
// run, and which sources should have been asked again.
"use strict";
(function () {
  const words = window.argmapWords.words, find = window.argmapFind, today = window.argmapJudge.today();
  const pill = (text, name) => Object.assign(document.createElement("span"), { className: "pill " + name, textContent: text });

  for (const row of document.querySelectorAll("tr[data-check]")) {
    const { stale, unknown, turns, to, due } = row.dataset;
    const outcome = unknown <= today ? "unknown" : turns <= today ? to : "";
    if (outcome) {
      const name = outcome === "unknown" ? "o-unknown" : outcome;
      row.querySelector(".status").replaceChildren(find.icon(name), " " + words[name.replace("o-", "o.")]);
    }
    const age = row.querySelector("[data-age]");
    if (age && (stale <= today || unknown <= today) && !row.querySelector(".stale")) age.after(" ", pill(words.stale, "stale"));
    if (due < today && !row.querySelector(".due .pill")) row.querySelector(".due").append(" ", pill(words.overdue_mark, "late"));
  }
})();
