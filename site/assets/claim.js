// The page of a claim or of a check, judged anew by the reader's clock: what has come of it since the
// last run.
"use strict";
(function () {
  const data = window.argmapDebate, judge = window.argmapJudge, site = window.argmapSite, sums = window.argmapSums;
  const words = window.argmapWords.words;
  const aged = judge.aged(data, judge.today());
  if (!aged.any) return;
  const { claim, check } = document.querySelector("main").dataset;

  const pill = (text = words.stale, name = "stale") => Object.assign(document.createElement("span"), { className: "pill " + name, textContent: text });
  const ended = (id) => data.ends[id] && !(id in aged.data.evidence) && !(id in aged.data.claims);

  // One piece of evidence: true if something is otherwise.
  function recheck(line, id) {
    const outcome = aged.outcomes[id], status = line.querySelector(".status"), icon = status.querySelector(".i");
    if (outcome) {
      sums.setIcon(icon, sums.outcomeIcon(icon, outcome));
      status.querySelector("b").textContent = words[sums.outcomeKey(outcome)];
    }
    const old = outcome || aged.stale.includes(id);
    if (old && !line.querySelector(".stale")) status.after(" ", pill());
    if (ended(id)) status.after(" ", pill(words.ended));
    return Boolean(old || ended(id));
  }

  for (const piece of document.querySelectorAll(".piece[data-id]")) recheck(piece.querySelector(".line"), piece.dataset.id);
  const line = document.querySelector("[data-now]");
  if (check) {
    if (recheck(line, check)) site.banner(words.aged, "late");
    return;
  }
  const moment = judge.solved(aged.data, aged.outcomes), status = line.querySelector(".status");
  const told = moment.claims[claim] ?? { status: "unknown", strength: [0, 0] }; // it has ended: it counts no more
  status.className = "status t-" + told.status;
  sums.setIcon(status.querySelector(".i"), told.status);
  status.querySelector("b").textContent = words[told.status];
  for (const one of line.querySelectorAll(".pill")) if (one.textContent === words.lapsed) one.remove();
  if (judge.lapsed(aged.data, moment, claim)) status.after(" ", pill(words.lapsed, ""));
  if (ended(claim)) status.after(" ", pill(words.ended));
  line.querySelector(".num").textContent = words.strength + " " + sums.interval(told.strength);
  line.querySelector(".strength")?.remove();
  sums.recount(document, aged.data, moment, claim);
  sums.renow(document, told);
  site.banner(words.aged, "late");
})();
