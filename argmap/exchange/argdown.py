"""Report -> Argdown: claims and evidence as statements, linked premises as reconstructions.

A statement's title is argmap's id. Only arguments can be undercut there, so evidence that is
undercut becomes an argument. An argument with one conclusion concludes in it; any other concludes
in a statement of its own, which then supports and attacks.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argmap.exchange.parts import COLOURS, clean, groups, items, names, relations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argmap.exchange.parts import Item
    from argmap.report import Edge, Report

_ARROWS = {
    "supports": "+>", "tests": "+>", "attacks": "->", "contradicts": "><", "undercuts": "_>",
}  # fmt: skip
# What begins something in Argdown's text: emphasis, links, titles, data, tags; comments; front
# matter; and `:x:` or `.x.`, which may be a sign's name.
_SPECIAL = re.compile(r"[\\*_\[<{#]|/(?=[/*])|=(?==)|\.(?=[^ ]+\.)|:(?=[^ ]+:)")
# In data: what would end it too soon, and what Argdown's reader of YAML takes for garbage.
_CODED = re.compile(r"[{}=\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_BRACKETS = str.maketrans("[]<>", "()‹›")
# Argdown keeps titles as keys of a JavaScript object, which has these from birth.
_INBORN = re.compile(r"__\w+__|constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable"
                     r"|toLocaleString|toString|valueOf")  # fmt: skip


def argdown(report: Report) -> str:
    """Return an Argdown document, a section a debate, colours by status."""
    return "\n\n".join(_Document(report).blocks()) + "\n"


@dataclass
class _Document:
    report: Report
    name: dict[str, str] = field(init=False)
    out: dict[str, list[Edge]] = field(init=False)  # relations by source, premises apart
    premises: dict[str, list[str]] = field(init=False)  # by argument
    arguments: set[str] = field(init=False)  # ids written <so>

    def __post_init__(self) -> None:
        found = items(self.report)
        self.name = names((item.id for item in found), _title)
        self.out, self.premises = defaultdict(list), defaultdict(list)
        self.arguments = {item.id for item in found if item.kind == "argument"}
        for edge in relations(self.report):
            if edge.kind == "premise":
                self.premises[edge.target].append(edge.source)
                continue
            self.out[edge.source].append(edge)
            if edge.kind == "undercuts":
                self.arguments.add(edge.target)

    def blocks(self) -> Iterator[str]:
        yield self.front_matter()
        if not self.name:
            yield "# No claims"  # front matter alone does not parse
        for debate, members in groups(self.report):
            if debate:
                title = clean(debate.title) or clean(debate.id)
                yield f"# {_text(title)} {_flow({'id': debate.id})}"
            for item in members:
                yield from self.argument(item) if item.kind == "argument" else [self.item(item)]

    def front_matter(self) -> str:
        colours = {status: fill for status, (fill, _) in COLOURS.items()}
        colours |= {"pass": colours["supported"], "fail": colours["refuted"]}
        settings = {
            "title": self.report.settings.title,
            "asOf": self.report.as_of.isoformat(),
            "model": {"removeTagsFromText": True},
            "color": {"tagColors": colours},
        }
        lines = [f"{key}: {_flow(value)}" for key, value in settings.items() if value]
        return "\n".join(["===", *lines, "==="])

    def item(self, item: Item) -> str:
        """Write a claim or evidence, with what it says of others."""
        tags = [item.state]
        if item.kind == "claim":
            tags += self.report.claims[item.id].marks
        head = f"{self.ref(item.id)}: {_text(item.text)} {' '.join(f'#{tag}' for tag in tags)}"
        return "\n".join([f"{head} {_flow(self.data(item))}", *self.arrows(self.out[item.id])])

    def argument(self, item: Item) -> Iterator[str]:
        """Write an inference: its own words, then its premises and conclusion."""
        out, premises = self.out[item.id], self.premises[item.id]
        head = f"{self.ref(item.id)}: {_text(item.text)} {_flow(self.data(item))}"
        if not premises:
            yield "\n".join([head, *self.arrows(out)])
            return
        yield head
        lines = [f"({number}) {self.ref(id_)}" for number, id_ in enumerate(premises, 1)]
        if [edge.kind for edge in out] == ["supports"]:
            conclusion = [self.ref(out[0].target)]
        else:
            own = f"[{self.name[item.id]}]: {_text(item.text)} {_flow({'argument': item.id})}"
            conclusion = [own, *self.arrows(out)]
        lines += ["----", f"({len(premises) + 1}) {conclusion[0]}", *conclusion[1:]]
        yield "\n".join(lines)

    def arrows(self, out: Sequence[Edge]) -> Iterator[str]:
        told = set()
        for edge in out:
            line = f"  {_ARROWS[edge.kind]} {self.ref(edge.target)}"
            if line not in told:  # evidence that both tests and supports a claim, say
                told.add(line)
                yield line

    def ref(self, id_: str) -> str:
        return f"<{self.name[id_]}>" if id_ in self.arguments else f"[{self.name[id_]}]"

    def data(self, item: Item) -> dict[str, Any]:
        found: dict[str, Any] = {"id": item.id, "kind": item.kind}
        if item.kind == "claim":
            found |= _claim(self.report, item.id)
        elif item.kind == "evidence":
            found |= _evidence(self.report, item.id)
        # An arrow has no place for its weight.
        weights = [[e.kind, e.target, e.weight] for e in self.out[item.id] if e.weight != 1]
        return found | ({"weights": weights} if weights else {})


def _claim(report: Report, id_: str) -> dict[str, Any]:
    said = report.claims[id_]
    claim = said.claim
    found: dict[str, Any] = {
        "status": said.now.status,
        "strength": [round(end, 9) + 0.0 for end in said.now.strength],
        "marks": list(said.marks),
        "role": claim.role,
        "attributed": claim.attributed.text if claim.attributed else "",
        "tags": list(claim.tags),
        "note": claim.note,
        "line": claim.span.line,
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def _evidence(report: Report, id_: str) -> dict[str, Any]:
    said = report.evidence[id_]
    found: dict[str, Any] = {
        "evidence": said.kind,
        "outcome": said.now.outcome,
        "shown": said.now.shown,
        "sources": [source.url or source.text for source in said.sources],
        "dated": said.now.dated.isoformat() if said.now.dated else "",
        "stale": said.now.stale,
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def _title(id_: str) -> str:
    """Return a title that Argdown reads back: it has no way to escape there."""
    title = clean(id_).translate(_BRACKETS)
    begins_more = title[:1] in ("", "+", "-", "_", "!")  # `<+`, `<-`, `<_` relate, `<!--` comments
    return f"·{title}" if begins_more or _INBORN.fullmatch(title) else title


def _text(text: str) -> str:
    """Return a line of text that Argdown reads as just that."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _flow(value: Any) -> str:
    """Return YAML in one line, as JSON has it, safe inside Argdown's braces and front matter."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _CODED.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
