// What a debate comes to: now, on the day of any run, on the reader's day, or if evidence were otherwise.
// Pure: it reads the debate's data script and returns moments; nothing here touches the page.
"use strict";
// Read again, the script changes what was there: who holds it sees the new.
window.argmapState = (data) => { window.argmapDebate = Object.assign(window.argmapDebate ?? {}, data); };
window.argmapJudge = (function () {
  const SURE = 1e-9;

  function verdicts(data, outcomes) {
    const found = Object.create(null);
    for (const [id, one] of Object.entries(data.evidence)) {
      // What stands for something unpublished lends what it lends.
      found[id] = one.force ?? window.argmapSolver.verdict(outcomes[id] ?? one.outcome, one.test);
    }
    return found;
  }

  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
  }

  // What has grown stale, expired, turned or ended since the last run, and the debate without what has
  // ended. A page that stays at its date does not age.
  function aged(data, day) {
    const found = { outcomes: {}, stale: [], any: false, data };
    if (data.fixed) return found;
    const ended = Object.keys(data.ends).filter((id) => data.ends[id] < day);
    if (ended.length) found.data = without(data, new Set(ended));
    for (const [id, one] of Object.entries(data.ages)) {
      if (one.stale && one.stale <= day) found.stale.push(id);
      if (one.unknown && one.unknown <= day) found.outcomes[id] = "unknown";
      else if (one.turns && one.turns <= day) found.outcomes[id] = one.to;
    }
    found.any = ended.length > 0 || found.stale.length > 0 || Object.keys(found.outcomes).length > 0;
    return found;
  }

  // With a premise goes its argument, which needs them all.
  function without(data, gone) {
    for (const [source, target, kind] of data.edges) if (kind === "premise" && gone.has(source)) gone.add(target);
    const stays = (id) => !gone.has(id), part = (table) => Object.fromEntries(Object.entries(table).filter(([id]) => stays(id)));
    return {
      ...data, claims: part(data.claims), evidence: part(data.evidence), arguments: data.arguments.filter(stays),
      clashing: data.clashing.filter(stays), edges: data.edges.filter(([source, target]) => stays(source) && stays(target)),
    };
  }

  const sources = new WeakMap(); // by the relations they were told of: what bears on each
  function into(data) {
    if (!sources.has(data.edges)) {
      const found = new Map();
      for (const [source, target] of data.edges) found.set(target, [...(found.get(target) ?? []), source]);
      sources.set(data.edges, found);
    }
    return sources.get(data.edges);
  }

  // Whether a claim that was supported fell by its evidence; an outage is nobody's news.
  function lapsed(data, moment, id) {
    const told = moment.claims[id];
    if (!told || !data.claims[id].then) return false;
    if (told.status !== "unknown") return told.status !== "supported";
    const upstream = new Set([id]);
    for (const one of upstream) for (const source of into(data).get(one) ?? []) upstream.add(source);
    return ![...upstream].some((one) => data.evidence[one]?.outage && moment.evidence[one].outcome === "unknown");
  }

  // The whole debate anew, with some outcomes changed.
  function solved(data, outcomes) {
    const said = verdicts(data, outcomes);
    const { strength, status } = window.argmapSolver.solve(solvable(data, said));
    const claims = {};
    for (const id of data.clashing) if (status[id] === "supported") status[id] = "contested"; // with what is not told
    for (const id of Object.keys(data.claims)) claims[id] = { status: status[id], strength: strength[id] };
    const evidence = {};
    for (const [id, one] of Object.entries(data.evidence)) evidence[id] = { outcome: outcomes[id] ?? one.outcome };
    return { claims, evidence, verdicts: said };
  }

  // The word of the last change up to a run, and what goes with it; 0 is the word before.
  function last(changes, run) {
    let word = "", rest = [];
    for (const [at, said, ...more] of changes) {
      if (at > run) break;
      word = said || (said === 0 ? word : "");
      rest = more;
    }
    return word && [word, ...rest];
  }

  // As recorded in a run of the history. What was not there then is null.
  function atRun(data, run) {
    const claims = {}, evidence = {}, outcomes = {};
    for (const [id, changes] of Object.entries(data.statuses)) {
      const row = last(changes, run);
      claims[id] = row ? { status: row[0], strength: [row[1], row[2]] } : null;
    }
    for (const [id, changes] of Object.entries(data.outcomes)) {
      const row = last(changes, run);
      evidence[id] = row ? { outcome: row[0], value: row[1], date: data.days[row[2]] } : null;
      outcomes[id] = row ? row[0] : "unknown";
    }
    return { claims, evidence, verdicts: verdicts(data, outcomes) };
  }

  const pos = (ends) => ends.map((end) => Math.max(0, end));
  const odds = (strength) => strength / Math.max(1 - strength, 1e-12);

  function solvable(data, verdicts_) {
    const nodes = Object.entries(data.claims).map(([id, one]) => ({ id, kind: "claim", credence: one.prior }));
    for (const id of Object.keys(data.evidence)) nodes.push({ id, kind: "evidence" });
    for (const id of data.arguments) nodes.push({ id, kind: "argument" });
    const edges = data.edges.map(([source, target, kind, weight]) => ({ source, target, kind, weight }));
    return { nodes, edges, verdicts: verdicts_ };
  }

  // Supports inside a circle weigh less than they say; how much each weighs is the solver's to say.
  const known = new WeakMap(); // by the relations they were told of
  function weighed(data) {
    if (!known.has(data.edges)) {
      const rows = window.argmapSolver.weights(solvable(data, {})).filter(([, , relation]) => relation === 0);
      known.set(data.edges, new Map(rows.map(([source, target, , weight]) => [source + "\n" + target, weight])));
    }
    return known.get(data.edges);
  }

  // What is left of evidence or an argument once its undercutters have cut.
  function leaver(data, moment) {
    const cuts = new Map();
    for (const [source, target, kind, weight] of data.edges) {
      if (kind !== "undercuts") continue;
      const [low, high] = pos(moment.claims[source]?.strength ?? [0, 0]), [lo, hi] = cuts.get(target) ?? [1, 1];
      cuts.set(target, [lo - weight * odds(high), hi - weight * odds(low)]);
    }
    return (id) => pos(cuts.get(id) ?? [1, 1]);
  }

  // What each relation adds to its target's sum, as [source, target, kind, ends, weight]; of premises
  // and undercutters, how strong they are.
  function carried(data, moment) {
    const premises = new Map();
    for (const [source, target, kind] of data.edges) if (kind === "premise") premises.set(target, [...(premises.get(target) ?? []), source]);
    const strength = (id) => moment.claims[id]?.strength ?? [0, 0];
    const left = leaver(data, moment), circled = weighed(data);
    const force = (id) => {
      const [lo, hi] = left(id);
      if (id in data.evidence) {
        if (moment.evidence[id] === null) return [0, 0];
        const products = moment.verdicts[id].flatMap((end) => [end * lo, end * hi]);
        return [Math.min(...products), Math.max(...products)];
      }
      const said = (premises.get(id) ?? []).map((one) => pos(strength(one)));
      if (!said.length) return [0, 0];
      return [Math.min(...said.map((p) => p[0])) * lo, Math.min(...said.map((p) => p[1])) * hi];
    };
    return data.edges.map(([source, target, kind, stated]) => {
      const given = source in data.claims ? pos(strength(source)) : force(source);
      if (kind === "undercuts" || kind === "premise") return [source, target, kind, given, stated];
      const against = kind === "attacks" || kind === "contradicts";
      const weight = against ? stated : circled.get(source + "\n" + target) ?? stated;
      const ends = given.map((end) => end * weight + 0);
      return [source, target, kind, against ? [0 - ends[1], 0 - ends[0]] : ends, weight];
    });
  }

  // Every term of every sum: {into: target -> "source kind" -> ends, left: id -> what undercutters leave}.
  function sums(data, moment) {
    const into = new Map();
    const put = (target, source, kind, [lo, hi]) => {
      if (!into.has(target)) into.set(target, new Map());
      const terms = into.get(target), key = source + "\n" + kind, [a, b] = terms.get(key) ?? [0, 0];
      terms.set(key, [a + lo, b + hi]);
    };
    for (const [source, target, kind, ends, weight] of carried(data, moment)) {
      put(target, source, kind, kind === "undercuts" ? [0 - weight * odds(ends[1]), 0 - weight * odds(ends[0])] : ends);
      if (kind !== "contradicts") continue;
      const [lo, hi] = pos(moment.claims[target]?.strength ?? [0, 0]);
      put(source, target, kind, [0 - weight * hi, 0 - weight * lo]);
    }
    return { into, left: leaver(data, moment) };
  }

  function effectOf(kind, [lo, hi]) {
    if (kind === "undercuts") return lo > SURE ? "undercut" : "undercut-idle";
    if (lo > SURE) return "for";
    return hi < -SURE ? "against" : "idle";
  }

  // Map from "source kind target" to how its line looks.
  function effects(data, moment) {
    const found = new Map(), onward = new Map();
    const all = carried(data, moment);
    for (const [source, target, kind, ends] of all) {
      if (kind === "premise") continue;
      const how = effectOf(kind, ends);
      found.set(source + "\n" + kind + "\n" + target, how);
      if (kind !== "undercuts" && !onward.has(source)) onward.set(source, how);
    }
    for (const [source, target, kind] of all) {
      if (kind === "premise") found.set(source + "\n" + kind + "\n" + target, onward.get(target) ?? "idle");
    }
    return found;
  }

  return { today, aged, lapsed, solved, atRun, sums, effects };
})();
