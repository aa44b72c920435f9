"""A report made by hand: the debate of the pages' pictures, for tests that need no pipeline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from argmap.claims.model import Argument, Claim, Source
from argmap.config import Settings
from argmap.evidence.model import Observation, Outcome, Reason, Result, Side, Value
from argmap.explain import Term
from argmap.history import StatusPoint
from argmap.notes import Link, Note
from argmap.report import (
    ClaimReport,
    DebateReport,
    Edge,
    EvidenceReport,
    Judged,
    Report,
    SeriesPoint,
    Turn,
)
from argmap.source import Problem, Span
from argmap.vault import Vault

AS_OF = date(2026, 11, 23)
THEN = date(2025, 9, 30)
RUNS = (*(date(2025, 1, 1) + timedelta(days=30 * number) for number in range(23)), AS_OF)
NOTE, PAPER = "Экономия важнее размера.md", "Статьи/Малые модели.md"
SHARE = [61, 60, 45, 45, 49, 49, 49, 40, 30.7, 30.7, 28, 19, 19, 22, 22, 20, 13, 13, 9, 6, 6, 4.4]


@dataclass(frozen=True)
class MadeVault(Vault):
    """A vault whose notes are found by their titles, whatever their files are called."""

    def resolve(self, target: str, source: str) -> str | None:
        """Return the note of that name; "" is the source."""
        named = (p for p, n in self.notes.items() if target in {n.title, n.id})
        return next(named, None) if target else source


TEXT = f"""---
aliases: [SLM]
tags: [2025/Sep, ai/agents]
---
# Экономия важнее размера

Авторы [статьи](https://arxiv.org/abs/2506.02153) ставят на **малые** модели. См. [[Малые модели]]
и [[Нет такой]].

Контраргументы:
1. **Агентов строят на средних моделях, а не на SLM.** Лидируют Sonnet, Flash и 4.1 Mini.
2. **С MoE и MTP крупная модель считает не больше малой.**
3. **Держать SLM у себя дороже, чем вызывать дешёвый API.**

**Вывод: будущее — за крупными экономными моделями.**

![график](https://example.org/chart.png)
"""  # noqa: F541

PAPER_TEXT = """---
tags: [2025/Jun]
---
- Будущее агентов — за малыми моделями (SLM) #claim ^thesis
    - 7B обходится «в 10–30× дешевле», чем 70–175B #evidence ^cheaper
- Самостоятельный хостинг не виден в трафике OpenRouter #claim ^blind
    - В рейтинг входят только запросы через OpenRouter #evidence ^only
- Если малой модели хватает и она дешевле, возьмут её #argument ^step
- Малой модели хватает для вызова инструментов #claim ^enough
"""


def vault() -> MadeVault:
    """Return two notes."""
    links = (
        Link("url", "https://arxiv.org/abs/2506.02153", "", "статьи", Span(NOTE, 7, 8)),
        Link("wikilink", "Малые модели", "", "Малые модели", Span(NOTE, 7, 60)),
        Link("wikilink", "Нет такой", "", "Нет такой", Span(NOTE, 8, 3)),
    )
    first = Note(
        NOTE, "Экономия важнее размера", TEXT, {"aliases": ["SLM"], "day": THEN},
        aliases=("SLM",), tags=("2025/Sep", "ai/agents"), links=links, date=THEN,
    )  # fmt: skip
    second = Note(PAPER, "Малые модели", PAPER_TEXT, tags=("2025/Jun",), date=date(2025, 6, 30))
    return MadeVault({NOTE: first, PAPER: second})


def measured(
    value: float | tuple[float, float] | None, op: str, limit: float | tuple[float, float],
    unit: str = "",
) -> tuple[Side, str, Side]:  # fmt: skip
    """Return the two sides of a comparison."""

    def made(amount: float | tuple[float, float] | None) -> Value | None:
        if amount is None:
            return None
        lo, hi = amount if isinstance(amount, tuple) else (amount, amount)
        return Value(float(lo), float(hi), unit)

    return Side("left", made(value)), op, Side("right", made(limit))


def check(
    key: str, text: str, claim: str, outcome: Outcome, sides: tuple[Side, str, Side],
    dated: date | None = None, series: tuple[SeriesPoint, ...] = (), stale: bool = False,
    reason: Reason | None = None,
) -> EvidenceReport:  # fmt: skip
    """Return a check that was run."""
    left, op, right = sides
    seen = Observation(
        key.replace("-", "_"), "table", left.value, dated, AS_OF, "OpenRouter, CC BY 4.0",
        "https://openrouter.ai/rankings", stale,
    )  # fmt: skip
    result = Result(
        key, outcome, f"{key.replace('-', '_')} {op} …", reason, left, op, right, 0.1,
        dated=dated, stale=stale, observations=(seen,),
    )  # fmt: skip
    return EvidenceReport(
        key, "check", text, Span("claims/market.yaml", 12, 3), "", (claim,), result, None,
        formula="…", series=series,
    )  # fmt: skip


def judgement(
    key: str, text: str, claim: str, source: str, judged: date | None, line: int
) -> EvidenceReport:
    """Return a judgement, or a citation when nobody judged it."""
    outcome: Outcome = "pass" if judged else "unknown"
    reason = None if judged else Reason("unjudged")
    return EvidenceReport(
        key, "judgement" if judged else "cited", text, Span(f"vault/{PAPER}", line, 5), PAPER,
        (claim,), Result(key, outcome, text, reason, dated=judged), None,
        sources=(Source(source, "https://arxiv.org/abs/2506.02153"),), judged=judged,
        judged_by="Иванов" if judged else "", expires=date(2027, 6, 1) if judged else None,
    )  # fmt: skip


def share_series() -> tuple[SeriesPoint, ...]:
    """Return the share of three models, run by run."""
    return tuple(
        SeriesPoint(run, run, value, value, "pass" if value >= 25 else "fail")
        for run, value in zip(RUNS, SHARE, strict=False)
    )


def all_evidence() -> list[EvidenceReport]:
    """Return the checks and judgements of the debate."""
    oct9 = date(2026, 10, 9)
    small = tuple(
        SeriesPoint(run, run, value, value, "pass")
        for run, value in zip(RUNS[::3], [13, 6, 4.5, 3.2, 1.7, 1.5, 3.0, 0.7], strict=False)
    )
    return [
        judgement("cheaper", "7B обходится «в 10–30× дешевле», чем 70–175B", "thesis",
                  "Belcak и др.", date(2025, 6, 2), 5),
        check("tau2", "Лучшая 8B слабее Sonnet 4, τ²-bench retail", "thesis", "fail",
              measured(84.2, "<", 80.5), date(2026, 8, 18)),
        check("trio", "Sonnet, Flash и 4.1 Mini держат не меньше 25 %", "market", "fail",
              measured(4.4, ">=", 25, "%"), oct9, share_series()),
        check("small-share", "Доля моделей ≤ 8B меньше 5 %", "market", "pass",
              measured(0, "<", 5, "%"), oct9, small),
        check("served", "Gemini 2.5 Flash ещё обслуживается", "market", "fail",
              (Side("today", Value(AS_OF, AS_OF)), "<=",
               Side("end", Value(date(2026, 10, 20), date(2026, 10, 20)))), date(2026, 10, 20)),
        check("active", "Активных параметров не больше, чем у плотной 8B", "tech", "pass",
              measured(3.56, "<=", 7.57, "Gparam"), date(2025, 9, 11)),
        check("qwen", "Qwen3-Next не дороже 2× Qwen3-8B", "tech", "fail",
              measured((5.6, 6.8), "<=", 2), date(2026, 11, 1)),
        check("mtp", "MTP ускоряет не меньше чем в 1,3 раза", "tech", "pass",
              measured((1.52, 1.81), ">=", 1.3), date(2024, 12, 27)),
        check("vllm", "Проверка, чья формула не разбирается", "tech", "error",
              measured(None, ">=", 1.3), None, reason=Reason("error", "A306")),
        check("router", "Маршрутизатор экономит не меньше трети", "tech", "pass",
              measured(41, ">=", 33, "%"), date(2026, 5, 1)),
        check("cache", "Кэш подсказок режет цену вдвое", "tech", "pass",
              measured(0.3, "<=", 0.5), date(2026, 4, 1)),
        check("flash-lite", "1000 вызовов Flash-Lite дешевле своей A100", "economics", "unknown",
              measured(0.00154, "<", (0.00093, 0.0093), "USD"), None, stale=True,
              reason=Reason("interval")),
        check("newest", "Новая Flash-Lite не дороже 1,5× прежней", "economics", "fail",
              measured(4.86, "<=", 1.5), date(2026, 7, 24)),
        check("hosted", "1000 вызовов 8B у провайдера дешевле своей A100", "economics", "pass",
              measured((0.02, 0.06), "<", (0.09, 0.93), "USD"), date(2026, 1, 1)),
        judgement("only", "В рейтинг входят только запросы через OpenRouter", "blind",
                  "OpenRouter", date(2026, 10, 11), 7),
        judgement("toolbench", "8B справляется с вызовом инструментов", "enough", "Belcak и др.",
                  None, 9),
    ]  # fmt: skip


def claim(
    key: str, text: str, status: Any, strength: tuple[float, float], note: str = NOTE,
    line: int = 11, then: Judged | None = None, **more: Any,
) -> ClaimReport:  # fmt: skip
    """Return a judged claim."""
    fields = {name: more.pop(name) for name in ("role", "inferred", "attributed") if name in more}
    return ClaimReport(
        Claim(key, text, Span(f"vault/{note}", line, 1), note, **fields), "slm-ili-llm",
        Judged(status, strength, more.pop("reason", "")), then, more.pop("marks", ()),
        more.pop("terms", ()), more.pop("prior", 0.0), more.pop("history", ()),
        more.pop("turns", ()),
    )  # fmt: skip


def history(*statuses: tuple[int, Any, float]) -> tuple[StatusPoint, ...]:
    """Return one point a run; each triple holds from its run on."""
    found = []
    for number, run in enumerate(RUNS):
        _, status, strength = [s for s in statuses if s[0] <= number][-1]
        found.append(StatusPoint(run, status, (strength, strength)))
    return tuple(found)


def term(source: str, value: tuple[float, float], left: float = 1.0, kind: Any = "tests",
         weight: float = 1.0) -> Term:  # fmt: skip
    """Return a summand."""
    return Term(source, kind, weight, (1.0, 1.0), (left, left), 1.0, value)


def all_claims() -> list[ClaimReport]:
    """Return the claims of the debate."""
    lapsed = Turn("market", RUNS[11], "supported", "refuted", "trio", "pass", "fail",
                  ("trio", "market"))  # fmt: skip
    return [
        claim("conclusion", "Будущее — за крупными экономными моделями", "contested", (0.0, 0.0),
              line=15, role="conclusion", then=Judged("supported", (0.67, 0.67)),
              inferred="conclusion", marks=("inferred",),
              terms=(term("market", (0, 0), kind="supports"), term("tech", (0.5, 0.5),
              kind="supports"), term("economics", (0, 0), kind="supports"),
              term("thesis", (-0.5, -0.5), kind="contradicts")),
              history=history((0, "unknown", 0.1), (2, "supported", 0.6), (23, "contested", 0.0)),
              turns=(Turn("conclusion", AS_OF, "supported", "contested", "trio", "pass", "fail"),)),
        claim("thesis", "Будущее агентов — за малыми моделями (SLM)", "supported", (0.5, 0.5),
              PAPER, 4, role="thesis", attributed=Source("Belcak и др.", "https://arxiv.org/abs/2506.02153"),
              terms=(term("cheaper", (0.5, 0.5), weight=0.5), term("tau2", (1, 1)),
                     term("tech", (-0.5, -0.5), kind="attacks")),
              history=history((0, "unknown", 0.0), (5, "supported", 0.5))),
        claim("market", "Агентов строят на средних моделях, а не на SLM", "refuted", (-0.5, -0.5),
              line=11, role="con", then=Judged("supported", (0.4, 0.4)), marks=("lapsed",),
              terms=(term("trio", (-0.67, -0.67), 0.67), term("small-share", (0.67, 0.67), 0.67),
                     term("served", (-1, -1))),
              history=history((0, "unknown", 0.0), (4, "supported", 0.4), (11, "refuted", -0.5)),
              turns=(lapsed,)),
        claim("tech", "С MoE и MTP крупная модель считает не больше малой", "supported",
              (0.5, 0.75), line=12, role="con", then=Judged("supported", (0.5, 0.5)),
              terms=(term("active", (1, 1)), term("qwen", (-1, -1)), term("mtp", (1, 1)),
                     term("vllm", (-1, 1)), term("router", (1, 1)), term("cache", (1, 1))),
              history=history((0, "supported", 0.5))),
        claim("economics", "Держать SLM у себя дороже, чем вызывать дешёвый API", "unknown",
              (-0.67, 0.0), line=13, role="con", then=Judged("unknown", (0, 0.5)),
              marks=("stale",), reason="flash-lite",
              terms=(term("flash-lite", (0, 1), kind="supports"),
                     term("newest", (0, 0), kind="supports"),
                     term("hosted", (-1, -1), kind="attacks"))),
        claim("blind", "Самостоятельный хостинг не виден в трафике OpenRouter", "supported",
              (0.5, 0.5), PAPER, 6, terms=(term("only", (1, 1), kind="supports"),)),
        claim("enough", "Малой модели хватает для вызова инструментов", "unknown", (0, 0.5),
              PAPER, 9, reason="too_little",
              terms=(term("toolbench", (0, 1), kind="supports"),)),
        claim("cheap", "Малая модель заметно дешевле при той же задаче, если считать и простой "
              "оборудования, и труд инженеров", "unknown", (-1.0, 1.0), PAPER, 9),
    ]  # fmt: skip


def all_edges() -> tuple[Edge, ...]:
    """Return the relations of the debate."""
    carried = {"tau2": 1, "trio": -0.67, "small-share": 0.67, "served": -1, "active": 1, "qwen": -1,
               "mtp": 1, "router": 1, "cache": 1, "newest": 0, "hosted": -1, "cheaper": 0.5,
               "only": 1}  # fmt: skip
    edges = [
        Edge(item.id, "tests", item.claims[0], 0.5 if item.id == "cheaper" else 1.0,
             (carried[item.id],) * 2 if item.id in carried else (0.0, 1.0))
        for item in all_evidence()
    ]  # fmt: skip
    return (
        *edges,
        Edge("market", "attacks", "thesis"), Edge("market", "supports", "conclusion"),
        Edge("tech", "attacks", "thesis", 1.0, (-0.5, -0.5)),
        Edge("tech", "supports", "conclusion", 1.0, (0.5, 0.5)),
        Edge("economics", "attacks", "thesis"), Edge("economics", "supports", "conclusion"),
        Edge("thesis", "contradicts", "conclusion", 1.0, (-0.5, -0.5)),
        Edge("conclusion", "contradicts", "thesis"),
        Edge("blind", "undercuts", "trio", 1.0, (0.33, 0.33)),
        Edge("blind", "undercuts", "small-share", 1.0, (0.33, 0.33)),
        Edge("enough", "premise", "step"), Edge("cheap", "premise", "step"),
        Edge("step", "supports", "thesis", 1.0, (0.0, 0.0)),
    )  # fmt: skip


def report(language: Any = "ru", **changes: Any) -> Report:
    """Return the whole report; keywords replace parts of it."""
    claims, evidence = all_claims(), all_evidence()
    step = Argument("step", "Если малой модели хватает и она дешевле, возьмут её",
                    Span(f"vault/{PAPER}", 8, 1), PAPER, ())  # fmt: skip
    debate = DebateReport(
        "slm-ili-llm", "SLM или экономные LLM?", "conclusion", "thesis", NOTE, THEN,
        tuple(item.claim.id for item in claims), tuple(item.id for item in evidence), ("step",),
    )  # fmt: skip
    whole = Report(
        Settings(root=Path("/nowhere"), title="Споры о моделях", language=language),
        vault(), AS_OF, True, (debate,),  # type: ignore[arg-type]
        {item.claim.id: item for item in claims}, {item.id: item for item in evidence},
        {"step": step}, all_edges(), {},
        (Problem("A104", Span(f"vault/{NOTE}", 8, 3), "no note 'Нет такой'"),
         Problem("A306", Span("claims/market.yaml", 40, 13), "the formula ends too early",
                 "a side is missing after >=")),
        RUNS,
    )  # fmt: skip
    return replace(whole, **changes)


def hostile(evil: str) -> Report:
    """Return the report with markup wherever a person writes text: every id and every word."""
    made = report()

    def name(key: str) -> str:
        return f"{key}{evil}" if key else key

    source = Source(evil, "javascript:alert(3)")
    claims = {
        name(key): replace(
            item,
            claim=replace(item.claim, id=name(key), text=f"{item.claim.text} {evil}",
                          attributed=source, detail=evil, tags=(evil,)),
            debate=name(item.debate),
            terms=tuple(replace(t, source=name(t.source)) for t in item.terms),
            turns=tuple(replace(t, claim=name(t.claim), cause=name(t.cause)) for t in item.turns),
        )
        for key, item in made.claims.items()
    }  # fmt: skip
    evidence = {
        name(key): replace(
            item, id=name(key), text=f"{item.text} {evil}", remark=evil, judged_by=evil,
            claims=tuple(map(name, item.claims)), sources=(source,),
            now=replace(
                item.now, shown=evil,
                observations=tuple(
                    replace(seen, measure=evil, source=evil, url="javascript:alert(4)")
                    for seen in item.now.observations
                ),
            ),
        )
        for key, item in made.evidence.items()
    }  # fmt: skip
    debate = made.debates[0]
    text = f"---\ntitle: {evil}\n---\n# {evil}\n\n- {evil} [x](javascript:alert(5)) ![{evil}](http://evil.example/x.png)\n"
    notes = {
        path: replace(note, title=evil, text=text, tags=(evil,), properties={evil: evil})
        for path, note in vault().notes.items()
    }
    return replace(
        made,
        settings=made.settings.model_copy(update={"title": evil}),
        vault=MadeVault(notes),  # type: ignore[arg-type]
        claims=claims,
        evidence=evidence,
        arguments={name("step"): replace(made.arguments["step"], id=name("step"), text=evil)},
        edges=tuple(replace(e, source=name(e.source), target=name(e.target)) for e in made.edges),
        problems=(Problem("A104", Span(evil, 1, 1), evil, evil),),
        debates=(
            replace(
                debate, id=name(debate.id), title=evil, main=name(debate.main),
                thesis=name(debate.thesis), claims=tuple(map(name, debate.claims)),
                evidence=tuple(map(name, debate.evidence)), arguments=(name("step"),),
            ),
        ),
    )  # fmt: skip


def _prefixed(item: Report, number: int) -> Report:
    """Return a report whose every id begins with the number of its debate."""

    def name(key: str) -> str:
        return f"{number}-{key}" if key else key

    debate = item.debates[0]
    claims = {
        name(key): replace(
            one, claim=replace(one.claim, id=name(key)), debate=name(one.debate),
            terms=tuple(replace(t, source=name(t.source)) for t in one.terms),
            turns=tuple(
                replace(t, claim=name(t.claim), cause=name(t.cause),
                        as_of=t.as_of - timedelta(days=number % 7))
                for t in one.turns
            ),
        )
        for key, one in item.claims.items()
    }  # fmt: skip
    evidence = {
        name(key): replace(one, id=name(key), claims=tuple(map(name, one.claims)))
        for key, one in item.evidence.items()
    }
    moved = replace(
        debate, id=name(debate.id), title=f"{debate.title} № {number}", main=name(debate.main),
        thesis=name(debate.thesis), claims=tuple(claims), evidence=tuple(evidence),
        arguments=(name("step"),),
    )  # fmt: skip
    return replace(
        item, claims=claims, evidence=evidence, debates=(moved,),
        arguments={name("step"): replace(item.arguments["step"], id=name("step"))},
        edges=tuple(replace(e, source=name(e.source), target=name(e.target)) for e in item.edges),
    )  # fmt: skip


def many(count: int) -> Report:
    """Return a report of so many debates."""
    parts = [_prefixed(report(), number) for number in range(1, count + 1)]
    return replace(
        parts[0],
        debates=tuple(part.debates[0] for part in parts),
        claims={key: one for part in parts for key, one in part.claims.items()},
        evidence={key: one for part in parts for key, one in part.evidence.items()},
        arguments={key: one for part in parts for key, one in part.arguments.items()},
        edges=tuple(edge for part in parts for edge in part.edges),
    )


def large(count: int) -> Report:
    """Return a report of one debate with so many claims, each with a check."""
    base = report()
    ids = [f"c{number}" for number in range(count)]
    claims = {
        key: claim(key, f"Утверждение номер {number}", "supported", (0.5, 0.5))
        for number, key in enumerate(ids)
    }
    evidence = {
        f"{key}e": check(f"{key}e", f"Проверка номер {number}", key, "pass",
                         measured(1, "<", 2), AS_OF)
        for number, key in enumerate(ids)
    }  # fmt: skip
    ties = [
        Edge(key, "supports", ids[(number - 1) // 4], 1.0, (0.5, 0.5))
        for number, key in enumerate(ids) if number
    ]  # fmt: skip
    ties += [Edge(f"{key}e", "tests", key, 1.0, (1.0, 1.0)) for key in ids]
    debate = replace(
        base.debates[0], main="c0", thesis="", claims=tuple(ids), evidence=tuple(evidence),
        arguments=(),
    )  # fmt: skip
    return replace(
        base, claims=claims, evidence=evidence, arguments={}, edges=tuple(ties), debates=(debate,)
    )
