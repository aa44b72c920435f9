"""Vaults for benchmarks, the same bytes every time: 10,000 notes, 21 MB; one that only argues."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20260801
_RUSSIAN_TEXT = """
модель цена рынок данные вывод причина расход токен запрос сервис доля рост
сравнение заметка задача время результат ошибка вопрос пример поставщик обучение качество размер
скорость память ответ сеть проект источник расчёт таблица книга автор статья неделя
решение и в на что не это как для по из при без между чаще иногда поэтому однако например"""
_ENGLISH_TEXT = """
model price market data reason cost token request service share growth note task
time result error question example vendor training quality size speed memory answer network project
source table book author article week decision the a of and to in is that for with as on by from
often sometimes therefore however while because between"""
_RUSSIAN, _ENGLISH = _RUSSIAN_TEXT.split(), _ENGLISH_TEXT.split()
_LANGUAGES = ("python", "sh", "mermaid", "dataview")
_CALLOUTS = ("note", "tip", "warning", "quote", "Faq", "info")


def write_vault(folder: Path, notes: int = 10_000, size: int = 1_900, argues: int = 100) -> int:
    """Write the vault into a folder; return how many bytes its notes have.

    One note in `argues` holds claims with their evidence, as in a vault that is used.
    """
    chance = random.Random(SEED)  # noqa: S311
    names = [_name(chance, number) for number in range(notes)]
    total = 0
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = _note(chance, number, names, size)
        data = (text + (_debate(chance, number) if number % argues == 0 else "")).encode()
        path.write_bytes(data)
        total += len(data)
    return total


def write_debates(folder: Path, debates: int = 100) -> None:
    """Write a vault of notes that do nothing but argue, 17 claims in each."""
    chance = random.Random(SEED)  # noqa: S311
    folder.mkdir(parents=True)
    for number in range(debates):
        text = _properties(chance, _RUSSIAN, number) + "\n\n" + _debate(chance, number, claims=8)
        (folder / f"спор {number}.md").write_text(text, "utf-8", newline="\n")


def _debate(chance: random.Random, number: int, claims: int = 3) -> str:
    """Return a conclusion with claims for it, an objection to each, and evidence."""
    lines = [f"- {_said(chance)} {number} #claim ^c{number}"]
    for each in range(claims):
        low = chance.randrange(90)
        lines += [
            f"    - {_said(chance)} {each} #pro ^p{number}-{each}",
            f"        - {_said(chance)} #evidence (test:: {low} < {chance.randrange(99)}) ^a{each}",
            f"        - {_said(chance)} #evidence (judged:: 2025-0{1 + each}-01)",
            f"        - {_said(chance)} #con",
            f"            - {_said(chance)} #evidence (check:: {low} + 1 > 40) ^b{each}",
        ]
    return "\n" + "\n".join(lines) + "\n"


def _said(chance: random.Random) -> str:
    return " ".join(chance.choices(_RUSSIAN, k=6)).capitalize()


def _name(chance: random.Random, number: int) -> str:
    words = chance.choice((_RUSSIAN, _ENGLISH))
    folder = f"{chance.choice(words)}{number % 40}"
    return f"{folder}/{chance.choice(words)} {chance.choice(words)} {number}.md"


def _note(chance: random.Random, number: int, names: list[str], size: int) -> str:
    words = chance.choice((_RUSSIAN, _ENGLISH))
    parts = [_properties(chance, words, number)]
    wanted = int(size * chance.choice((0.2, 0.5, 0.8, 1.0, 1.0, 1.5, 2.0)))
    length = len(parts[0].encode())
    while length < wanted:
        part = chance.choices(_PARTS, _OFTEN)[0](chance, words, names)
        parts.append(part)
        length += len(part.encode()) + 2
    return "\n\n".join(parts) + "\n"


def _properties(chance: random.Random, words: list[str], number: int) -> str:
    day = f"{2015 + number % 10}-{1 + number % 12:02}-{1 + number % 28:02}"
    return "\n".join(
        [
            "---",
            f"created: {day}",
            f"tags: [{chance.choice(words)}, {chance.choice(words)}/{chance.choice(words)}]",
            f"aliases:\n  - {chance.choice(words)} {number}",
            f"rating: {number % 5}",
            "---",
        ]
    )


def _link(chance: random.Random, words: list[str], names: list[str]) -> str:
    target = chance.choice(names).removesuffix(".md").rpartition("/")[2]
    kind = chance.random()
    if kind < 0.05:  # noqa: PLR2004
        return f"[[{chance.choice(words)} {chance.choice(words)}]]"  # to nothing, mostly
    if kind < 0.3:  # noqa: PLR2004
        return f"[[{target}|{chance.choice(words)}]]"
    if kind < 0.4:  # noqa: PLR2004
        return f"[{chance.choice(words)}](https://example.org/{chance.randrange(10**6)})"
    return f"[[{target}]]"


def _sentence(chance: random.Random, words: list[str], names: list[str]) -> str:
    said = chance.choices(words, k=chance.randrange(6, 18))
    if chance.random() < 0.18:  # noqa: PLR2004
        said[chance.randrange(len(said))] = _link(chance, words, names)
    if chance.random() < 0.25:  # noqa: PLR2004
        at = chance.randrange(len(said))
        said[at] = chance.choice(("**{}**", "*{}*", "`{}`", "=={}==")).format(said[at])
    return " ".join(said).capitalize() + "."


def _paragraph(chance: random.Random, words: list[str], names: list[str]) -> str:
    said = [_sentence(chance, words, names) for _ in range(chance.randrange(1, 6))]
    if chance.random() < 0.1:  # noqa: PLR2004
        said.append(f"#{chance.choice(words)}")
    return " ".join(said)


def _heading(chance: random.Random, words: list[str], _names: list[str]) -> str:
    return f"{'#' * chance.randrange(1, 4)} " + " ".join(chance.choices(words, k=3))


def _list(chance: random.Random, words: list[str], names: list[str]) -> str:
    mark = chance.choice(("- ", "1. ", "- [ ] "))
    items = []
    for _ in range(chance.randrange(2, 7)):
        items.append(mark + _sentence(chance, words, names))
        if chance.random() < 0.2:  # noqa: PLR2004
            items.append("    - " + _sentence(chance, words, names))
    return "\n".join(items)


def _callout(chance: random.Random, words: list[str], names: list[str]) -> str:
    return f"> [!{chance.choice(_CALLOUTS)}] {chance.choice(words)}\n> " + _sentence(
        chance, words, names
    )


def _code(chance: random.Random, words: list[str], _names: list[str]) -> str:
    lines = [" = ".join(chance.choices(words, k=2)) for _ in range(chance.randrange(2, 8))]
    return f"```{chance.choice(_LANGUAGES)}\n" + "\n".join(lines) + "\n```"


def _table(chance: random.Random, words: list[str], _names: list[str]) -> str:
    rows = [f"| {chance.choice(words)} | {chance.choice(words)} |" for _ in range(4)]
    return "\n".join([rows[0], "|---|---|", *rows[1:]])


def _quote(chance: random.Random, words: list[str], names: list[str]) -> str:
    return "> " + _sentence(chance, words, names)


def _field(chance: random.Random, words: list[str], names: list[str]) -> str:
    return f"{chance.choice(words)}:: {_link(chance, words, names)}"


_PARTS = (_paragraph, _heading, _list, _callout, _code, _table, _quote, _field)
_OFTEN = (50, 15, 20, 4, 4, 2, 3, 2)
