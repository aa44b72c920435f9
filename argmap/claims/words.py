"""The words that make plain text an argument, in Russian and English: all of them, in this place.

Patterns are matched against text in lower case with ё as е. A project adds phrases of its own
through `[infer] words`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Side = Literal["con", "pro"]


@dataclass(frozen=True, slots=True)
class LeadIn:
    """Words that open a list of arguments."""

    side: Side
    pattern: re.Pattern[str]
    alone: bool = True  # False: only beside a disputed thesis or a conclusion


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


LEAD_INS: tuple[LeadIn, ...] = (
    LeadIn("con", _words(
        r"контраргумент\w*", r"контрдовод\w*",
        r"(?:аргумент|довод|возражени)\w* против", r"возражения",
        r"counter-?\s?arguments?", r"(?:the )?(?:arguments?|case) against",
        r"objections?(?: to)?",
    )),
    LeadIn("pro", _words(
        r"(?:аргумент|довод)\w* (?:за|в пользу|в поддержку)",
        r"(?:the )?arguments? in (?:favou?r|support)(?: of)?", r"supporting arguments?",
    )),
    LeadIn("con", _words(
        r"причины (?:не|провала|неудач\w*)", r"почему .*(?:проигр|провал|ошиб|неверн|не работа|"
        r"не сработа|несостоятел|преждевремен)\w*",
        r"reasons? (?:against|not to)",
        r"why .*(?:fails?|loses?|(?:is|are) (?:wrong|premature|mistaken)|"
        r"(?:won't|will not|do(?:es)?n't|do(?:es)? not) (?:work|hold))",
    ), alone=False),
    LeadIn("pro", _words(
        r"причины(?:, по которым| считать| полагать)", r"почему .*(?:выигр|побед|верн|прав)\w*",
        r"(?:the )?arguments? for", r"the case for", r"reasons?",
        r"why .*(?:wins?|works?|(?:is|are) right)",
    ), alone=False),
)  # fmt: skip

# What may stand before them: «Основные контраргументы», "Three arguments against".
BEFORE = re.compile(
    r"(?:(?:основн|главн|ключев|важнейш|эт|так|сам)\w*|его|ее|их|мои|наши|и|"
    r"\d+[.)]?|дв[ае]|три|четыре|пять|несколько|"
    r"the|main|key|chief|major|some|his|her|their|our|my|two|three|four|five|several|and)\s+"
)

# Or, in a line that ends in a colon, a sentence that announces them: "She gives two reasons:".
ANNOUNCING = _words(
    r"(?:привод|выдвига|называ|перечисля|предлага|формулиру|излага|следующ|так)\w*", r"есть",
    r"вот", r"(?:give|offer|raise|make|list|name|present|advance|see)s?", r"there (?:is|are)",
    r"ha(?:s|ve)",
    r"here (?:is|are)", r"following", r"puts? forward",
)  # fmt: skip

# A line with these is about arguments, or about those of a program: it opens no list of them.
NO_LEAD_IN = _words(
    r"как", r"ответы? на", r"отве[тч]\w*", r"опроверж\w*", r"разбор\w*", r"примеры?", r"шаблон\w*",
    r"виды", r"типы", r"заметки", r"книги", r"ссылки", r"командн\w*", r"функци\w*", r"метод\w*",
    r"how", r"answer\w*", r"repl(?:y|ies)\w*", r"respon[sd]\w*", r"rebut\w*", r"refut\w*",
    r"examples?", r"template\w*", r"types?", r"kinds?", r"notes", r"books", r"links",
    r"command\w*", r"functions?", r"methods?", r"keyword", r"positional", r"optional", r"default",
    r"cli", r"constructor", r"script",
)  # fmt: skip

CONCLUSION = (
    r"(?:общий |главный |основной )?вывод(?:ы)?", r"итог(?:и)?", r"заключение",
    r"(?:the )?conclusions?", r"tl;?dr", r"bottom line",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dispute:
    """How a thesis is disputed: `verb`, then its citation, then `that`, with a `noun` near it."""

    name: str  # what the thesis is called in its id
    verb: re.Pattern[str]
    noun: re.Pattern[str]  # «тезис», "the claim of": without it, `that` may be about anything
    that: re.Pattern[str]


DISPUTES: tuple[Dispute, ...] = (
    Dispute(
        "тезис",
        re.compile(
            r"(?<!\w)(?<!не )(?:(?:оспарива|опроверга|отверга)(?:ет|ют|ем|ю)|критику(?:ет|ют|ем|ю)|"
            r"возража(?:ет|ют|ем|ю)|(?:спор(?:ит|ят|им|ю)|не соглас(?:ен|на|ны)) со?)(?!\w)"
        ),
        re.compile(
            r"(?<!\w)(?:тезис|утвержден|мысл|иде[еюя]|мнени|позици|взгляд|гипотез|положени)|о том,"
        ),
        re.compile(r"\s?(?:о том)?, (?:что|будто) "),
    ),
    Dispute(
        "thesis",
        re.compile(
            r"(?<!\w)(?<!not )(?<!n't )(?<!never )(?:disput(?:es?|ing)|challeng(?:es?|ing)|"
            r"reject(?:s|ing)?|contests?|den(?:y|ies)|argu(?:es?|ing) against|disagrees? with|"
            r"takes? issue with)(?!\w)"
        ),
        re.compile(
            r"(?<!\w)(?:thesis|claim|idea|view|argument|assertion|position|belief|notion|case)s?(?!\w)"
            r"|disagrees? with"
        ),
        re.compile(r",? that "),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The tables above with a project's own phrases."""

    lead_ins: tuple[LeadIn, ...]
    conclusion: re.Pattern[str]  # the whole of a lead-in or heading


def words_with(extra: Mapping[str, Sequence[str]]) -> Words:
    """Return the words with more of them, under the keys "against", "for" and "conclusion"."""
    sides: tuple[tuple[Side, str], ...] = (("con", "against"), ("pro", "for"))
    own = tuple(
        LeadIn(side, _words(*map(_literal, extra[key]))) for side, key in sides if extra.get(key)
    )
    conclusion = (*CONCLUSION, *map(_literal, extra.get("conclusion", ())))
    return Words((*own, *LEAD_INS), re.compile(rf"(?:{'|'.join(conclusion)})"))


def folded(text: str) -> str:
    """Return text as the patterns expect it, of the same length."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(one if len(one := char.lower()) == 1 else char for char in text)
    return low.replace("ё", "е")


def _literal(phrase: str) -> str:
    return re.escape(" ".join(folded(phrase).split()))
