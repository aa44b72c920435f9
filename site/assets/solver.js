// Strengths and statuses, as docs/semantics.md defines them and argmap/strengths/ computes them.
// One global, argmapSolver; it reads what it is given and touches nothing else.

var argmapSolver = (function () {
  "use strict";

  var MARGIN = 0.2; // how far from 0 a claim is supported or refuted
  var SLACK = 1e-9; // what rounding may cost a claim at the margin
  var SURE = 1 - 1e-9; // how sure a credence of 1 counts as
  var HEAVIEST = 1e9; // a greater weight counts as this
  var NEAR_ONE = 1e-12; // u / (1 - u) goes no nearer to its pole
  var ANYTHING = 1e300; // a sum whose strength is 1
  var WEAKER = 0.4; // contested: the weaker side is surely this part of the stronger
  var ROUNDS = 1000;
  var STILL = 1e-9; // a loop is done when nothing in it moves by as much

  var CLAIM = 0, EVIDENCE = 1, ARGUMENT = 2;
  var SUPPORTS = 0, ATTACKS = 1, CONTRADICTS = 2, UNDERCUTS = 3, PREMISE = 4;
  var KINDS = {claim: CLAIM, evidence: EVIDENCE, argument: ARGUMENT};
  var RELATIONS = {
    supports: SUPPORTS, tests: SUPPORTS, attacks: ATTACKS,
    contradicts: CONTRADICTS, undercuts: UNDERCUTS, premise: PREMISE
  };

  // What evidence says when it comes out so: [low, high].
  function verdict(outcome, isTest) {
    if (outcome === "pass") return [1, 1];
    if (outcome === "fail") return isTest ? [-1, -1] : [0, 0];
    return isTest ? [-1, 1] : [0, 1];
  }

  // map: {nodes: [{id, kind, credence?}], edges: [{source, kind, target, weight?}],
  //       verdicts: {id: [low, high]}, fixed?: {id of a claim: a strength, or [-1, 1]}}
  // gives {strength: {id: [low, high]}, status: {id of a claim: word}}; of evidence and arguments
  // the strength is their force.
  function solve(map) {
    var graph = read(map);
    var links = linked(graph);
    var component = components(graph.count, links);
    scale(graph.count, links, component);
    var solved = settle(graph, links, component);
    return told(graph, solved, statuses(graph, links, component, solved));
  }

  // What each relation weighs, as [source, target, relation's number, weight]: less inside a circle of supports.
  function weights(map) {
    var graph = read(map), links = linked(graph), found = [];
    scale(graph.count, links, components(graph.count, links));
    for (var i = 0; i < links.size; i++) {
      found.push([graph.names[links.source[i]], graph.names[links.target[i]], links.relation[i], links.weight[i]]);
    }
    return found;
  }

  // The map by numbers: nodes in the order given, relations whose ends are there.
  function read(map) {
    var count = map.nodes.length, place = new Map();
    var graph = {
      count: count, names: [], kind: new Int8Array(count), prior: new Float64Array(count),
      low: new Float64Array(count).fill(-1), high: new Float64Array(count).fill(1),
      settled: new Uint8Array(count), edges: []
    };
    map.nodes.forEach(function (node, i) {
      place.set(node.id, i);
      graph.names.push(node.id);
      graph.kind[i] = KINDS[node.kind];
      graph.prior[i] = prior(node.credence);
      var ends = own(map.verdicts, node.id);
      if (ends) { graph.low[i] = ends[0]; graph.high[i] = ends[1]; }
      var fixed = own(map.fixed, node.id);
      if (fixed !== undefined && graph.kind[i] === CLAIM) {
        graph.settled[i] = 1;
        graph.prior[i] = Array.isArray(fixed) ? NaN : prior((fixed + 1) / 2);
      }
    });
    map.edges.forEach(function (edge) {
      var source = place.get(edge.source), target = place.get(edge.target);
      if (source !== undefined && target !== undefined && edge.kind in RELATIONS) {
        graph.edges.push({
          source: source, target: target, relation: RELATIONS[edge.kind],
          weight: weighed(edge.weight)
        });
      }
    });
    return graph;
  }

  function own(table, key) {
    return table && Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;
  }

  // What a stated credence adds to a claim's sum; NaN where none is stated.
  function prior(credence) {
    if (credence === null || credence === undefined) return NaN;
    var belief = Math.min(Math.max(2 * credence - 1, -SURE), SURE);
    return belief / (1 - Math.abs(belief));
  }

  function weighed(weight) {
    if (weight === undefined || weight === null) return 1;
    return weight > 0 ? Math.min(weight, HEAVIEST) : 0;
  }

  // The relations that the formulas have a place for; a contradiction is two attacks, and what is
  // settled is not borne on.
  function linked(graph) {
    var found = [], back = [];
    graph.edges.forEach(function (edge) {
      var both = edge.relation === CONTRADICTS;
      if (!fits(graph, edge, both)) return;
      var relation = both ? ATTACKS : edge.relation;
      push(graph, found, edge.source, edge.target, relation, edge.weight);
      if (both) push(graph, back, edge.target, edge.source, relation, edge.weight);
    });
    return columns(found.concat(back));
  }

  function fits(graph, edge, both) {
    var kind = graph.kind[edge.target];
    if (edge.relation === UNDERCUTS) return kind === EVIDENCE || kind === ARGUMENT;
    if (edge.relation === PREMISE) return kind === ARGUMENT;
    return kind === CLAIM && (!both || graph.kind[edge.source] === CLAIM);
  }

  function push(graph, rows, source, target, relation, weight) {
    if (!graph.settled[target]) rows.push([source, target, relation, weight]);
  }

  function columns(rows) {
    var size = rows.length;
    var links = {
      size: size, source: new Int32Array(size), target: new Int32Array(size),
      relation: new Int8Array(size), weight: new Float64Array(size)
    };
    rows.forEach(function (row, i) {
      links.source[i] = row[0];
      links.target[i] = row[1];
      links.relation[i] = row[2];
      links.weight[i] = row[3];
    });
    return links;
  }

  // Where the links into each node stand: `order` from `start[node]` to `start[node + 1]`.
  function incoming(count, links, keep) {
    var start = new Int32Array(count + 1), i;
    for (i = 0; i < links.size; i++) if (!keep || keep[i]) start[links.target[i] + 1]++;
    for (i = 0; i < count; i++) start[i + 1] += start[i];
    var order = new Int32Array(start[count]), next = start.slice();
    for (i = 0; i < links.size; i++) if (!keep || keep[i]) order[next[links.target[i]]++] = i;
    return {start: start, order: order};
  }

  // Each node's strongly connected component; a component's number is above those that lead to it.
  function components(count, links, keep) {
    var into = incoming(count, links, keep);
    var number = new Int32Array(count).fill(-1), visit = new Int32Array(count);
    var reach = new Int32Array(count), at = into.start.slice(0, count);
    var path = [], waiting = [], visits = 0, done = 0;
    for (var root = 0; root < count; root++) {
      if (visit[root]) continue;
      path.push(root);
      while (path.length) {
        var node = path[path.length - 1];
        if (!visit[node]) {
          visit[node] = reach[node] = ++visits;
          waiting.push(node);
        }
        var deeper = false;
        while (at[node] < into.start[node + 1]) {
          var other = links.source[into.order[at[node]]];
          if (!visit[other]) { path.push(other); deeper = true; break; }
          if (number[other] < 0) reach[node] = Math.min(reach[node], reach[other]);
          at[node]++;
        }
        if (deeper) continue;
        path.pop();
        if (reach[node] === visit[node]) {
          var member;
          do { member = waiting.pop(); number[member] = done; } while (member !== node);
          done++;
        }
      }
    }
    return {of: number, count: done};
  }

  // In a circle, supports from inside weigh at most 1 together.
  function scale(count, links, component) {
    var lifts = new Uint8Array(links.size), total = new Float64Array(count), i;
    for (i = 0; i < links.size; i++) {
      var lift = links.relation[i] === SUPPORTS || links.relation[i] === PREMISE;
      lifts[i] = lift && component.of[links.source[i]] === component.of[links.target[i]] ? 1 : 0;
    }
    var circle = components(count, links, lifts).of;
    function inside(link) {
      return lifts[link] && links.relation[link] === SUPPORTS &&
        circle[links.source[link]] === circle[links.target[link]];
    }
    for (i = 0; i < links.size; i++) if (inside(i)) total[links.target[i]] += links.weight[i];
    for (i = 0; i < links.size; i++) {
      if (inside(i)) links.weight[i] *= 1 / Math.max(total[links.target[i]], 1);
    }
  }

  // Every strength, component by component: {low, high}, and what the last round of a loop used.
  function settle(graph, links, component) {
    var work = {
      graph: graph, links: links, into: incoming(graph.count, links),
      low: new Float64Array(graph.count), high: new Float64Array(graph.count),
      usedLow: new Float64Array(graph.count), usedHigh: new Float64Array(graph.count),
      nextLow: 0, nextHigh: 0
    };
    members(component).forEach(function (nodes) {
      if (loops(nodes, links, work.into, component)) {
        rounds(work, nodes);
      } else {
        step(work, nodes[0]);
        work.low[nodes[0]] = work.nextLow;
        work.high[nodes[0]] = work.nextHigh;
      }
    });
    return work;
  }

  function members(component) {
    var found = [];
    for (var i = 0; i < component.count; i++) found.push([]);
    component.of.forEach(function (number, node) { found[number].push(node); });
    return found;
  }

  function loops(nodes, links, into, component) {
    if (nodes.length > 1) return true;
    for (var i = into.start[nodes[0]]; i < into.start[nodes[0] + 1]; i++) {
      if (component.of[links.source[into.order[i]]] === component.of[nodes[0]]) return true;
    }
    return false;
  }

  // Members of a loop move together, each from all others' strengths of the round before.
  function rounds(work, nodes) {
    var size = nodes.length, low = new Float64Array(size), high = new Float64Array(size), i;
    for (i = 0; i < size; i++) {
      work.low[nodes[i]] = work.graph.kind[nodes[i]] === ARGUMENT ? 0 : -1;
      work.high[nodes[i]] = 1;
    }
    for (var turn = 0, moved = 1; turn < ROUNDS && moved >= STILL; turn++) {
      moved = 0;
      for (i = 0; i < size; i++) {
        step(work, nodes[i]);
        low[i] = work.nextLow;
        high[i] = work.nextHigh;
      }
      for (i = 0; i < size; i++) {
        var node = nodes[i];
        moved = Math.max(
          moved, Math.abs(low[i] - work.low[node]), Math.abs(high[i] - work.high[node])
        );
        work.usedLow[node] = work.low[node];
        work.usedHigh[node] = work.high[node];
        work.low[node] = low[i];
        work.high[node] = high[i];
      }
    }
  }

  // A node's strength with all others as they stand, in nextLow and nextHigh.
  function step(work, node) {
    if (work.graph.kind[node] === CLAIM) stepClaim(work, node);
    else stepForce(work, node);
  }

  function stepClaim(work, node) {
    var links = work.links, into = work.into, kind = work.graph.kind, stated = work.graph.prior[node];
    var first = into.start[node], last = into.start[node + 1], low = 0, high = 0;
    for (var i = first; i < last; i++) {
      var link = into.order[i], source = links.source[link], weight = links.weight[link];
      var lentLow = work.low[source], lentHigh = work.high[source];
      if (kind[source] === CLAIM) {
        lentLow = Math.max(lentLow, 0);
        lentHigh = Math.max(lentHigh, 0);
      }
      low += links.relation[link] === ATTACKS ? -weight * lentHigh : weight * lentLow;
      high += links.relation[link] === ATTACKS ? -weight * lentLow : weight * lentHigh;
    }
    if (stated === stated) {
      low += stated;
      high += stated;
    } else if (first === last) {
      low = -ANYTHING;
      high = ANYTHING;
    }
    work.nextLow = low / (1 + Math.abs(low));
    work.nextHigh = high / (1 + Math.abs(high));
  }

  function stepForce(work, node) {
    var links = work.links, into = work.into, isArgument = work.graph.kind[node] === ARGUMENT;
    var cutLow = 0, cutHigh = 0, argued = false;
    var low = isArgument ? 1 : work.graph.low[node], high = isArgument ? 1 : work.graph.high[node];
    for (var i = into.start[node]; i < into.start[node + 1]; i++) {
      var link = into.order[i], source = links.source[link];
      if (links.relation[link] === UNDERCUTS) {
        cutLow += links.weight[link] * odds(work.low[source]);
        cutHigh += links.weight[link] * odds(work.high[source]);
      } else {
        argued = true;
        low = Math.min(low, Math.max(work.low[source], 0));
        high = Math.min(high, Math.max(work.high[source], 0));
      }
    }
    if (isArgument && !argued) low = 0;
    var leftLow = Math.max(0, 1 - cutHigh), leftHigh = Math.max(0, 1 - cutLow);
    work.nextLow = Math.min(low * leftLow, low * leftHigh);
    work.nextHigh = Math.max(high * leftLow, high * leftHigh);
  }

  function odds(strength) {
    var positive = Math.max(strength, 0);
    return positive / Math.max(1 - positive, NEAR_ONE);
  }

  // What speaks for and against each claim, and what status follows.
  function statuses(graph, links, component, solved) {
    var sides = {
      forLow: new Float64Array(graph.count), forHigh: new Float64Array(graph.count),
      againstLow: new Float64Array(graph.count), againstHigh: new Float64Array(graph.count)
    };
    for (var i = 0; i < links.size; i++) addSides(graph, links, component, solved, sides, i);
    var status = graph.names.map(function (_, node) {
      return graph.kind[node] === CLAIM ? alone(solved, sides, node) : "";
    });
    contradictions(graph, status);
    return status;
  }

  function addSides(graph, links, component, solved, sides, i) {
    if (links.relation[i] === UNDERCUTS || links.relation[i] === PREMISE) return;
    var source = links.source[i], target = links.target[i], weight = links.weight[i];
    var inside = component.of[source] === component.of[target];
    var low = inside ? solved.usedLow[source] : solved.low[source];
    var high = inside ? solved.usedHigh[source] : solved.high[source];
    var turns = graph.kind[source] === EVIDENCE ? weight : 0;
    var same = links.relation[i] === SUPPORTS;
    // Evidence that failed speaks for the other side; a refuted claim speaks for none.
    var pro = same ? "for" : "against", con = same ? "against" : "for";
    sides[pro + "Low"][target] += weight * Math.max(low, 0);
    sides[pro + "High"][target] += weight * Math.max(high, 0);
    sides[con + "Low"][target] += turns * Math.max(-high, 0);
    sides[con + "High"][target] += turns * Math.max(-low, 0);
  }

  function alone(solved, sides, node) {
    var weaker = Math.min(sides.forLow[node], sides.againstLow[node]);
    var stronger = Math.max(sides.forHigh[node], sides.againstHigh[node]);
    if (weaker > SLACK && weaker >= WEAKER * stronger - SLACK) return "contested";
    if (solved.low[node] >= MARGIN - SLACK) return "supported";
    return solved.high[node] <= SLACK - MARGIN ? "refuted" : "unknown";
  }

  // Claims that contradict each other and are both supported are both contested.
  function contradictions(graph, status) {
    var clashes = graph.edges.filter(function (edge) {
      return edge.relation === CONTRADICTS &&
        !graph.settled[edge.source] && !graph.settled[edge.target] &&
        status[edge.source] === "supported" && status[edge.target] === "supported";
    });
    clashes.forEach(function (edge) {
      status[edge.source] = status[edge.target] = "contested";
    });
  }

  function told(graph, solved, status) {
    var result = {strength: Object.create(null), status: Object.create(null)};
    graph.names.forEach(function (name, node) {
      result.strength[name] = [solved.low[node], solved.high[node]];
      if (graph.kind[node] === CLAIM) result.status[name] = status[node];
    });
    return result;
  }

  return {solve: solve, verdict: verdict, weights: weights};
})();
