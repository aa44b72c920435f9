// "Why" as of another moment: the sum of a claim's terms, down to the evidence, and what it comes to.
// It changes what stands on the page, and knows nothing of maps, clicks and addresses.
"use strict";
window.argmapSums = (function () {
  const said = window.argmapWords, words = said.words, judge = window.argmapJudge;
  const SURE = 1e-9;

  // With two decimals, as Python writes them: of nine digits, and an exact half, as of .625, to the even side.
  const fixed = (value) => {
    const size = Math.round(Math.abs(value) * 1e9) / 1e9, low = Math.floor(size * 100);
    const text = (size * 8 % 2 === 1 ? (low + low % 2) / 100 : size).toFixed(2);
    return said.language === "ru" ? text.replace(".", ",") : text;
  };
  const number = (value) => {
    const rounded = Math.abs(value) < .005 ? 0 : value;
    return (rounded > 0 ? "+" : rounded < 0 ? "−" : "") + fixed(rounded);
  };
  const interval = ([lo, hi]) => (number(lo) === number(hi) ? number(lo) : number(lo) + " … " + number(hi));
  const outcomeKey = (outcome) => (outcome === "unknown" ? "o.unknown" : outcome);
  const outcomes = ["pass", "fail", "unknown", "error"].map((one) => words[outcomeKey(one)]);

  function setIcon(svg, name) {
    if (!svg) return;
    svg.setAttribute("class", "i i-" + name);
    svg.querySelector("use")?.setAttribute("href", "#i-" + name);
    if (svg.hasAttribute("aria-label")) svg.setAttribute("aria-label", words[name === "o-unknown" ? "o.unknown" : name] ?? "");
  }

  // A judgement wears other icons than a check that came out the same.
  function outcomeIcon(svg, outcome) {
    const judged = /\bi-(judgement|cited)\b/.test(svg?.getAttribute("class") ?? "");
    if (judged && outcome !== "fail") return outcome === "pass" ? "judgement" : "cited";
    return outcome === "unknown" ? "o-unknown" : outcome;
  }

  // The words below a term: what of them depends on the moment is written anew.
  function notes(small, id, moment, told) {
    if (!small) return;
    const claim = moment.claims[id], evidence = moment.evidence[id], [lo, hi] = told.left(id);
    small.textContent = small.textContent.split(" · ").map((part) => {
      if (claim && part.startsWith(words.strength + " ")) return words.strength + " " + interval(claim.strength);
      if (part.startsWith(words.left + " ×")) return words.left + " ×" + (fixed(lo) === fixed(hi) ? fixed(lo) : fixed(lo) + " … " + fixed(hi));
      return evidence && outcomes.includes(part) ? words[outcomeKey(evidence.outcome)] : part;
    }).join(" · ");
  }

  // One list of terms and those below; gives what its terms add up to.
  function retell(list, target, moment, told) {
    let total = [0, 0];
    for (const row of list.querySelectorAll(":scope > [data-term]")) {
      const { term, kind } = row.dataset, ends = told.into.get(target)?.get(term + "\n" + kind) ?? [0, 0];
      const cell = row.querySelector(":scope > .num"), icon = row.querySelector(":scope > .i");
      cell.textContent = interval(ends);
      cell.className = "num t-" + (ends[0] > SURE ? "for" : ends[1] < -SURE ? "against" : "idle");
      const of = moment.claims[term] ?? moment.evidence[term];
      if (of) setIcon(icon, of.status ?? outcomeIcon(icon, of.outcome));
      notes(row.querySelector(":scope > .what > .how"), term, moment, told);
      const below = row.querySelector(":scope > .what > .below > .sum");
      if (below) retell(below, term, moment, told);
      total = [total[0] + ends[0], total[1] + ends[1]];
    }
    return total;
  }

  function prior(credence) {
    if (credence === null) return 0;
    const belief = 2 * credence - 1;
    return belief / (1 - Math.min(Math.abs(belief), 1 - SURE));
  }

  // The whole sum of a claim below `root`, as of a moment.
  function recount(root, data, moment, claim) {
    const list = root.querySelector(".sum"), now = moment.claims[claim];
    root.querySelector(".sum ~ .reason")?.remove();
    if (!list || !now) return;
    const stated = prior(data.claims[claim].prior);
    const [lo, hi] = retell(list, claim, moment, judge.sums(data, moment)).map((end) => end + stated);
    const equation = list.querySelector(":scope > .eq"), result = equation.querySelector(".num");
    // A run of the past knows its strengths; that its sum is today's relations' is not sure.
    const exact = [lo, hi].every((end, n) => Math.abs(end / (1 + Math.abs(end)) - now.strength[n]) < 5e-4);
    list.querySelector(":scope > .all .num").textContent = exact ? interval([lo, hi]) : "…";
    result.textContent = interval(now.strength);
    result.className = "num t-" + now.status;
    equation.querySelector(".dim").textContent = exact && number(lo) === number(hi) ? number(lo) + " / (1 + " + fixed(Math.abs(lo)) + ")" : "E / (1 + |E|)";
  }

  // "Then and now": what the claim is by the reader's clock.
  function renow(root, told) {
    const row = root.querySelector(".moments > li:last-child");
    if (!row || !told) return;
    const status = row.querySelector(".status");
    status.className = "status t-" + told.status;
    setIcon(status.querySelector(".i"), told.status);
    status.querySelector("b").textContent = words[told.status];
    row.querySelector(".num").textContent = interval(told.strength);
  }

  return { interval, setIcon, outcomeIcon, outcomeKey, recount, renow };
})();
