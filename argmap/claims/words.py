"""The words that make plain text an argument, in Russian and English: all of them, in this place.

Patterns are matched against text in lower case with ё as е. A project adds phrases of its own
through `[infer] words`. `…_CUES` are pieces of text of which each match of a pattern holds one:
without any of them in a text, which is found out quickly, no such pattern need be tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Side = Literal["con", "pro"]
_REMEMBERED = 5_000  # characters of a paragraph, which each rule wants folded
MARKS = " \t-–—•*#0123456789.)"  # a number or the like before a heading's words
# What must stand beside what was found, so that it counts: nothing more; a thesis, a conclusion
# or the other side; a thesis; a thesis, or the other side and a conclusion.
Needs = Literal["", "debate", "thesis", "sides"]


@dataclass(frozen=True, slots=True)
class LeadIn:
    """Words that open a list of arguments."""

    side: Side
    pattern: re.Pattern[str]
    needs: Needs = ""
    bold: bool = False  # whether each item must open in bold
    whole: bool = False  # whether the words must be the whole line
    own: bool = False  # whether they are for what the note says: against a thesis it disputes


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


_IT_RU = (
    r"(?:не(?:е|го)|них|(?:эт(?:ой|ого|их|от|у) )?(?:верси|гипотез|тезис|предположени|мнени)\w*)"
)
LEAD_INS: tuple[LeadIn, ...] = (
    LeadIn("con", _words(
        r"контраргумент\w*", r"контрдовод\w*",
        r"(?:аргумент|довод|возражени)\w* против", r"возражения",
        r"counter-?\s?arguments?", r"(?:the )?(?:arguments?|points?|case) against",
        r"objections?(?: to)?",
    )),
    LeadIn("pro", _words(
        r"(?:аргумент|довод)\w* (?:за|в пользу|в поддержку)",
        r"(?:the )?(?:arguments?|points?) in (?:favou?r|support)(?: of)?",
        r"supporting (?:arguments?|points?)",
    )),
    LeadIn("con", _words(
        r"причины (?:не|провала|неудач\w*)", r"почему .*(?:проигр|провал|ошиб|неверн|не работа|"
        r"не сработа|несостоятел|преждевремен)\w*",
        r"reasons? (?:against|not to)",
        r"why .*(?:fails?|loses?|(?:is|are) (?:wrong|premature|mistaken)|"
        r"(?:won't|will not|do(?:es)?n't|do(?:es)? not) (?:work|hold))",
    ), needs="debate", bold=True),
    LeadIn("pro", _words(
        r"причины(?:(?:, по которым| считать| полагать| думать).*)?",
        r"почему(?: .*(?:выигр|побед|верн|прав|стоит|нужн|надо|следует|нельзя|лучше|так счита|"
        r"так дума)\w*.*)?",
        r"reasons?(?: (?:to (?:think|believe|doubt|prefer|support)|why|for (?:this|that|it)).*)?",
        r"why(?: .*(?:wins?|works?|(?:is|are) right|should|must|ought|i think so|i believe).*)?",
    ), needs="debate", bold=True, whole=True, own=True),
    LeadIn("pro", _words(
        r"the case for", r"(?:the )?arguments? for",
    ), needs="debate"),
    LeadIn("con", _words(r"против", r"against", r"contra", r"контра"), needs="sides", whole=True),
    LeadIn("pro", _words(r"за", r"for", r"pro", r"про"), needs="sides", whole=True),
    LeadIn("con", _words(
        r"противники(?: \w+)?(?: говорят| возражают| считают)?", r"минусы",
        r"недостатки", r"свидетельства против", r"факты против",
        r"(?:critics|opponents)(?: (?:say|argue|object))?", r"cons",
        r"disadvantages", r"evidence against", r"drawbacks", r"downsides",
        r"критика", r"что (?:\w+ )?против.*", r"(?:мои )?сомнения",
        r"what (?:speaks|counts|is) against.*", r"criticisms?", r"counter-?points?",
        r"weaknesses", r"problems with .*", r"(?:my )?doubts", r"against the motion",
        r"(?:the )?bear case", r"(?:the )?bears(?: say)?",
        r"worries", r"concerns", r"опасения", r"что (?:\w+ )?возраз(?:ить|ят)",
        r"what (?:can|could|might) be (?:said against.*|objected)",
        r"данные против", rf"против {_IT_RU}(?: говор[ия]т)?",
    ), needs="thesis", whole=True),
    LeadIn("pro", _words(
        r"сторонники(?: \w+)?(?: говорят| считают)?", r"плюсы",
        r"преимущества", r"свидетельства за", r"факты за",
        r"(?:proponents|supporters|advocates)(?: (?:say|argue))?", r"pros",
        r"advantages", r"evidence for", r"benefits", r"upsides",
        r"что (?:\w+ )?(?:за|в пользу).*",
        r"strengths", r"what (?:speaks|counts) (?:for|in favou?r of).*", r"for the motion",
        r"(?:the )?bull case", r"(?:the )?bulls(?: say)?",
        r"данные за", rf"(?:за|в пользу|в поддержку) {_IT_RU}(?: говор[ия]т)?",
    ), needs="thesis", whole=True),
    LeadIn("con", _words(r"(?:\w+ )?риски", r"(?:key |main )?risks"), needs="thesis", bold=True,
           whole=True),
    LeadIn("pro", _words(
        r"аргументы(?: автор(?:а|ов))?", r"доводы(?: автор(?:а|ов))?", r"причины", r"обоснование",
        r"почему(?: я)?(?: так (?:считаю|думаю))?", r"потому что",
        r"reasons", r"why(?: i (?:think|believe) so)?", r"rationale", r"because", r"arguments",
        r"grounds",
    ), needs="thesis", whole=True, own=True),
    LeadIn(
        "pro", _words(r"why .+", r"почему .+"), needs="thesis", bold=True, whole=True, own=True
    ),
)  # fmt: skip

# What may stand before them: «Основные контраргументы», "Three arguments against".
BEFORE = re.compile(
    r"(?:(?:основн|главн|ключев|важнейш|эт|так|сам)\w*|его|ее|их|мои|наши|и|"
    r"\d+[.)]?|дв[ае]|три|четыре|пять|несколько|"
    r"the|main|key|chief|major|some|his|her|their|our|my|two|three|four|five|several|and)\s+"
)


def without_before(text: str) -> str:
    """Return a line without a number or such words in front."""
    text = text.lstrip(MARKS)
    while step := BEFORE.match(text):
        text = text[step.end() :]
    return text


# Or, in a line that ends in a colon, a sentence that announces them: "She gives two reasons:".
ANNOUNCING = _words(
    r"(?:привод|выдвига|называ|перечисля|предлага|формулиру|излага|следующ|так)\w*", r"есть",
    r"вот", r"(?:give|offer|raise|make|list|name|present|advance|see)s?", r"there (?:is|are)",
    r"ha(?:s|ve)",
    r"here (?:is|are)", r"following", r"puts? forward",
)  # fmt: skip

# A line with these is about arguments, or about those of a program: it opens no list of them.
NO_LEAD_IN = _words(
    r"как", r"ответ(?:а|ы|ов|ам|ом)?", r"отвеча\w*", r"опроверж\w*", r"разбор\w*", r"примеры?",
    r"шаблон\w*", r"виды", r"типы", r"заметки", r"книги", r"ссылки", r"командн\w*", r"функци\w*",
    r"метод\w*",
    r"how", r"answer\w*", r"repl(?:y|ies)\w*", r"respon[sd]\w*", r"rebut\w*",
    r"refut\w*", r"examples?", r"template\w*", r"types?", r"kinds?", r"notes", r"books", r"links",
    r"command\w*", r"functions?", r"methods?", r"keyword", r"positional", r"optional", r"default",
    r"cli", r"constructor", r"script",
)  # fmt: skip

CONCLUSION = (
    r"(?:общий |главный |основной )?вывод(?:ы)?", r"итог(?:и)?", r"заключение",
    r"(?:the )?conclusions?", r"tl;?dr", r"bottom line", r"(?:my |final )?verdict",
    r"takeaways?", r"вердикт", r"итого", r"в итоге", r"where i (?:come down|stand|land)",
    r"к чему я приш(?:ел|ла)",
)  # fmt: skip
ON_TOP = re.compile(r"tl;?dr")  # a conclusion that may stand above its arguments

# A paragraph that opens with these draws a conclusion from what stands above.
THEREFORE = re.compile(
    r"(?:следовательно|поэтому|таким образом|значит|отсюда следует, что|из этого следует, что|"
    r"итак|подводя итог|therefore|hence|thus|consequently|it follows that|so|in conclusion|"
    r"in short|on balance|all in all|overall|to sum up|in sum|most likely|скорее всего|в целом|"
    r"подытожива[ея]\w*|резюмиру\w*|в общем|in the end|в итоге)(?!\w)[,:]?\s+"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A word before a colon that says what follows it: `Claim: …`, «Возражение: …»."""

    role: Literal["thesis", "pro", "con", "reply", "view"]  # "view": a thesis, or what is concluded
    pattern: re.Pattern[str]  # the whole word
    needs: Needs = "debate"


def _label(role: Literal["thesis", "pro", "con", "reply", "view"], *patterns: str) -> Label:
    return Label(role, re.compile(rf"(?:{'|'.join(patterns)})(?: ?[№#]?\d+)?"))


LABELS: tuple[Label, ...] = (
    _label(
        "thesis", r"(?:мой |главный |основной )?тезис(?: дебатов)?", r"утверждение",
        r"(?:главная|основная) мысль", r"предложение", r"гипотеза", r"(?:моя )?версия",
        r"предположение", r"решение",
        r"(?:my |our |the )?(?:main |central |core )?"
        r"(?:claim|thesis|proposition|proposal|hypothesis|position)",
        r"decision", r"motion",
    ),
    _label(
        "view", r"мой ответ", r"(?:мое |наше )?мнение", r"(?:моя |наша )?позиция",
        r"my (?:take|view|opinion|answer)",
    ),
    _label(
        "pro", r"аргумент", r"довод", r"(?:аргумент|довод) (?:за|в пользу)", r"посылка",
        r"reason", r"argument", r"argument for", r"premise", r"because",
    ),
    _label(
        "con", r"возражение", r"контраргумент", r"контрдовод", r"(?:аргумент|довод) против",
        r"objection", r"counter-?\s?argument", r"argument against",
    ),
    replace(
        _label("pro", r"evidence", r"подтверждени[ея]", r"свидетельств[оа](?: за)?", r"pro"),
        needs="thesis",
    ),
    replace(
        _label("con", r"counter-?\s?evidence", r"evidence against", r"against", r"contra", r"con",
               r"but", r"however", r"свидетельств[оа] против", r"против", r"но", r"однако"),
        needs="thesis",
    ),
    _label(
        "reply", r"ответ", r"ответ на возражение", r"опровержение", r"reply", r"response",
        r"rebuttal",
    ),
)  # fmt: skip

# What a nested item may open with, or, with items of its own below it, consist of.
NESTED: tuple[Label, ...] = (
    _label(
        "con", r"против", r"минус(?:ы)?", r"cons?", r"against", *(
            r"возражени[ея]", r"контраргумент(?:ы)?", r"довод(?:ы)? против",
            r"аргумент(?:ы)? против", r"objections?", r"counter-?arguments?",
            r"arguments? against",
        ),
    ),
    _label(
        "pro", r"за", r"плюс(?:ы)?", r"pros?", r"for", *(
            r"довод(?:ы)?(?: за)?", r"аргумент(?:ы)?(?: за)?", r"arguments? for", r"reasons?",
            r"supports?",
        ),
    ),
    replace(_label("con", r"но", r"однако", r"but", r"however"), needs="thesis"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """How a cited opinion is reported: its source opens the paragraph, what is said follows."""

    side: Literal["", "con"]  # "con": against the opinion reported before
    pattern: re.Pattern[str]


_LINK = r"(?:\[\[[^\[\]]+\]\]|\[[^\[\]]+\]\([^()\s]+\))(?:\s*\(\d{4}\w?\))?"


def _report(side: Literal["", "con"], pattern: str) -> Report:
    return Report(side, re.compile(pattern.replace("LINK", _LINK)))


_SAYS_RU = (
    r"(?:счита|утвержда|полага|доказыва|настаива|убежда|предполага|заявля)(?:ет|ют)|"
    r"пиш[еу]т|говор[ия]т|увер[ея]н[аы]?|(?:доказал|утверждал|считал|писал|заявил)[аи]?"
)
_SAYS = (
    r"argue[sd]?|claim(?:s|ed)?|maintain(?:s|ed)?|contend(?:s|ed)?|hold(?:s)?|believe[sd]?|"
    r"says?|said|writes?|wrote|suggest(?:s|ed)?|conclude[sd]?|assert(?:s|ed)?|insist(?:s|ed)?"
)
REPORTS: tuple[Report, ...] = (
    _report("", rf"LINK\s+(?:{_SAYS_RU}), (?:что|будто)\s+"),
    _report("", r"(?:по мнению|как считает|согласно) LINK,\s+"),
    _report(
        "",
        rf"LINK\s+(?:{_SAYS}) that\s+",
    ),
    _report("", r"(?:according to|in the view of) LINK,\s+"),
    _report(
        "con",
        r"(?:но |однако |а )?LINK\s+(?:(?:возража|отвеча|указыва|замеча|отмеча)(?:ет|ют)|"
        r"не соглас(?:ен|на|ны))(?:, (?:что|будто)|:)\s+",
    ),
    _report(
        "con",
        r"(?:but |yet |however, )?LINK\s+(?:(?:object|counter|repl(?:y|ie)|answer|respond|"
        r"point)(?:s|ed)?(?: out)?|disagrees?|disagreed)(?: that|:)\s+",
    ),
)  # fmt: skip

# Somebody without a citation: counts only where arguments follow.
SOMEBODY_SAYS = re.compile(
    r"(?P<who>[\w.’-]+(?: [\w.’-]+){0,3}?) (?:"
    r"(?:счита|утвержда|полага|доказыва|настаива)(?:ет|ют), что|"
    r"(?:argue|claim|maintain|contend|insist)s? that)\s+"
)

# Reasons that are counted, each in a paragraph of its own; steps are counted as well, but tell one
# what to do.
ORDINAL = re.compile(
    r"(?:(?P<first>first(?:ly)?|во-первых)|(?:second|third|fourth|fifth)(?:ly)?|finally|lastly|"
    r"во-вторых|в-третьих|в-четвертых|в-пятых|наконец),\s+"
)
STEP = re.compile(
    r"\w+(?:(?:йте|ите|ьте)(?:сь)?|т[иь](?:ся)?)(?!\w)|"
    r"(?:please|let us|let's|add|boil|build|buy|call|check|choose|click|close|copy|create|cut|"
    r"delete|download|fill|find|get|give|go|install|look|make|move|open|pick|put|read|remove|rinse|"
    r"run|save|select|send|set|start|stop|take|test|turn|type|use|wait|wash|write)(?!\w)"
)
# What is decided is followed by what is to be done.
DECIDES = re.compile(
    r"[*_]*(?:решение|предложение|decision|proposal|plan|план)(?!\w)|(?:я )?(?:предлагаю|прошу)|"
    r"(?:i|we) propose"
)

# A reason that says so in its first word: an item of a list, or of one below its claim.
BECAUSE = re.compile(
    r"(?P<opposed>bad, |but |но )?(?:good, )?"
    r"(?:because|since|потому,? что|так как|поскольку|ибо)(?! of\b)\s+"
)
BECAUSE_CUES = ("because", "since", "потому", "так как", "поскольку", "ибо")
# A line that ends so has its thesis before these words, and its reasons in the list below.
HERE_IS_WHY = re.compile(
    r"(?:^|[\s,;:.!—–-]{1,4})(?:(?:and |и )?(?:"
    r"because|here(?: is|'s|’s) why|for (?:(?:the following|these|several|many|a few|"
    r"two|three|four|five|\d) )?reasons|потому,? что|вот почему|"
    r"по (?:(?:следующим|этим|многим|нескольким|двум|трем|четырем|пяти|\d) )?причинам))\s*:\s*$"
)
I_ARGUE = re.compile(
    r"(?:i (?:am writing to )?(?:argue|claim|maintain|contend) that|"
    r"я (?:утверждаю|настаиваю|доказываю), что)\s+"
)
# Words of one who wants to persuade; what is told to the reader is a step.
ARGUABLE = _words(
    r"should(?:n['’]t)?",
    r"must(?:n['’]t)?",
    r"ought",
    r"ha(?:s|ve) to (?:go|stop|change|end)",
    r"worth",
    r"(?:is|are) (?:not )?(?:better|worse|right|wrong|overrated|underrated|"
    r"necessary|unnecessary|a mistake|too \w+)",
    r"deserves?",
    r"better than",
    r"worse than",
    r"(?:не)?нужн(?:о|а|ы)",
    r"нужен",
    r"надо",
    r"следует",
    r"не ?стоит",
    r"стоит",
    r"нельзя",
    r"долж(?:ен|на|но|ны)",
    r"необходим\w*",
    r"пора",
    r"лучше",
    r"хуже",
    r"зря",
    r"незачем",
    r"(?:бес)?полез(?:ен|на|но|ны)",
    r"вред(?:ен|на|но|ны)",
    r"(?:пере|недо)оценен\w*",
    r"оправдан\w*",
    r"(?:не)?прав(?:ы|а)?",
)
ADDRESSED = re.compile(
    r"(?:you|your|ты|вы|вам|тебе|what|which|how|when|where|who|whether|if|что|как\w*|где|когда|"
    r"кто|куда|сколько|если|todo|note|примечание|важно)(?!\w)|.*\?$"
)
# What a person has chosen, and now defends: "Why I stopped …", «Почему я вернулся …».
WHY = re.compile(
    r"(?:(?:\d+\.? )?why|почему) (?P<what>(?P<chosen>(?:i|we) (?:do not|don['’]t|no longer|never|"
    r"stopped|quit|switched|still|prefer|chose|choose|love|hate|gave up|went back)|"
    r"я (?:больше )?(?:не|все еще|до сих пор|люблю|предпочитаю|"
    r"(?:вернул|отказал|переше|перешл|выбра|броси|переста|верну|уше)\w*))?.+)"
)
# Reasons told one by one in a paragraph, behind what they are for.
REASON = re.compile(
    r"(?:(?:the|my|our|one|another|a) (?:\w+ ){0,2}reason (?:(?:for (?:this|that|it)) )?is"
    r"(?: simply)?(?: that|:)|"
    r"(?:главная|основная|первая|вторая|третья|другая|одна|еще одна) (?:\w+ )?причина"
    r"(?: этого| тому)?(?:: | ?[—–-] | в том, что| такая:| проста:))\s*"
)
REASON_CUES = (
    "reason is", "reason for", "причина этого", "причина тому", "причина:", "причина —",
    "причина –", "причина -", "причина—", "причина–", "причина-", "причина в том",
    "причина такая", "причина проста",
)  # fmt: skip
MORE_REASONS = re.compile(
    r"(?:also|besides|moreover|furthermore|in addition|finally|lastly|second(?:ly)?|third(?:ly)?|"
    r"кроме того|к тому же|наконец|вдобавок|более того|во-вторых|в-третьих),\s+"
)
ON_THE_OTHER_HAND = re.compile(r"(?:(?:but |yet )?on the other hand|(?:но )?с другой стороны),\s+")
HOWEVER = re.compile(rf"(?:{ON_THE_OTHER_HAND.pattern}|(?:however|однако),\s+|(?:but|но|yet)\s+)")

# The note's own thesis, in the first person: counts only where arguments follow.
STATED = re.compile(
    r"(?:я (?:\w+ )?(?:считаю|думаю|полагаю|утверждаю|уверен|уверена|убежден|убеждена), что|"
    r"(?:я )?(?:предлагаю|прошу)|мы (?:считаем|полагаем), что|по-моему,|на мой взгляд,|"
    r"i (?:\w+ )?(?:think|believe|argue|claim|maintain)(?: that)?|"
    r"i am writing to argue that|(?:i|we) propose (?:to|that)|"
    r"we (?:believe|argue) that|in my (?:view|opinion),)\s+|"
    r"(?=(?:i am|i['’]m|we are|we['’]re) (?:against|opposed to|in favou?r of|convinced that)\s|"
    r"(?:я|мы) (?:против|за)\s)"
)

# A view that is told to be denied: what others hold, a stop, the denial, what speaks against it.
_OTHERS_RU = (
    r"(?:некоторые|многие|критики|скептики|противники|другие|все|(?:мне|нам)(?: могут| скажут)?)"
)
BELIEF = re.compile(
    r"(?:(?P<common>(?:обычно |часто )?считается|принято считать|часто (?:говорят|пишут)|"
    r"(?:распространен\w* |есть )мнение|многие (?:думают|считают|говорят))|"
    r"(?:иногда |обычно )?(?:говорят|пишут|возражают)|"
    rf"(?:{_OTHERS_RU} )?(?:думают|считают|говорят|пишут|утверждают|возразят|возразить|скажут|"
    r"сказать|опасаются|боятся|полагают)|(?:можно|могут) (?:возразить|сказать)), (?:что|будто)\s+|"
    r"(?:(?P<common_en>it is (?:often|commonly|widely|sometimes) "
    r"(?:said|thought|believed|held|claimed)|(?:many|most)(?: people)? (?:think|believe|say))|"
    r"(?:some|many|most|critics|opponents|skeptics|sceptics|others|people)(?: \w+)? "
    r"(?:think|believe|say|claim|argue|object|fear)|"
    r"(?:one|you|they|it|critics|some) (?:might|may|could|can|will) (?:object|argue|say|"
    r"be (?:objected|argued|said)))(?: that\s+|\s+(?=(?:the|an?|this|these|those|we|they|there|our|"
    r"it (?:is|will|would|does|has|can))\s))"
)
BELIEF_CUES = (
    "счита", "говорят", "пишут", "мнение", "возраз", "возраж", "думают", "утвержда", "скаж",
    "сказать", "опаса", "боятся", "полага", "said", "say", "thought", "think", "believe", "held",
    "claim", "argue", "object", "fear",
)  # fmt: skip
DENIAL = re.compile(
    r"\s*(?:но )?(?:это (?:неверно|не так|ошибка|заблуждение|неправда|миф)|"
    r"(?:but )?(?:this|that|it) is (?:wrong|false|not so|not true|a myth|a mistake|untrue))"
    r"\s*[:.—–]\s*|"
    r"\s*(?:but|yet|however|in fact|actually|но|однако|на самом деле|в действительности)(?!\w)"
    r",?\s+|"
    r"\s*(?=(?:it does|it is|they do|they are|true|that is true|right|это так|верно|да|правда), "
    r"(?:but|но)\s)"
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """How a thesis is disputed: `verb`, then its citation, then `that`, with a `noun` near it."""

    name: str  # what the thesis is called in its id
    verb: re.Pattern[str]
    cues: tuple[str, ...]  # of the verb
    noun: re.Pattern[str]  # «тезис», "the claim of": without it, `that` may be about anything
    that: re.Pattern[str]


DISPUTES: tuple[Dispute, ...] = (
    Dispute(
        "тезис",
        re.compile(
            r"(?<!\w)(?<!не )(?:(?:оспарива|опроверга|отверга)(?:ет|ют|ем|ю)|критику(?:ет|ют|ем|ю)|"
            r"возража(?:ет|ют|ем|ю)|(?:спор(?:ит|ят|им|ю)|не соглас(?:ен|на|ны)) со?|"
            r"(?:оспарива|опроверга|отверга|критику)(?:ется|ются)|"
            r"(?:ставится|ставят|поставлен\w?) под сомнение)(?!\w)"
        ),
        ("оспарива", "опроверга", "отверга", "критику", "возража", "спор", "не соглас",
         "под сомнение"),
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
        ("disput", "challeng", "reject", "contest", "deny", "denies", "against", "disagree",
         "issue with"),
        re.compile(
            r"(?<!\w)(?:thesis|claim|idea|view|argument|assertion|position|belief|notion|case)s?(?!\w)"
            r"|disagrees? with"
        ),
        re.compile(r",? that "),
    ),
)  # fmt: skip
# The same in the passive, which need not say whose thesis it is: `said`, else what follows.
DISPUTED = re.compile(
    r"(?<!\w)(?:it is (?:disputed|denied|contested|doubted|questioned) that\s+|"
    r"the (?:claim|thesis|idea|view|notion|assumption|belief|hypothesis) that "
    r"(?P<said>[^.!?\n]{5,300}?) (?:is|was|has been) (?:widely )?"
    r"(?:disputed|challenged|rejected|questioned|contested|denied|refuted)(?!\w)|"
    r"(?:тезис|утверждение|мысль|идея|мнение|гипотеза)(?: о том)?, (?:что|будто) "
    r"(?P<said_ru>[^.!?\n]{5,300}?),? (?:оспаривается|опровергается|отвергается|критикуется|"
    r"ставится под сомнение)(?!\w))"
)
DISPUTED_CUES = (
    "disputed", "denied", "contested", "doubted", "questioned", "challenged", "rejected",
    "refuted", "оспарива", "опроверга", "отверга", "критику", "под сомнение",
)  # fmt: skip


# What a note that argues holds somewhere; only such a note is looked at closely by `argmap scan`.
HINT = re.compile(
    r"аргумент|довод|возражен|тезис|вывод|гипотез|следовательно|таким образом|по мнению|оспарива|"
    r"считается|argument|objection|claim|thesis|conclusion|tl;?dr|therefore|hence|hypothesis|"
    r"argues|disput|should|must|because|почему|потому|мнение|"
    r"(?:some|many|most|people) (?:say|think)|нужн|стоит|следует|"
    r"\b(?:за|против|плюсы|минусы|pros?|cons?|for|against)\b\W{0,4}:|premise|reason"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The tables above with a project's own phrases."""

    lead_ins: tuple[LeadIn, ...]
    conclusion: re.Pattern[str]  # the whole of a lead-in or heading
    opens: re.Pattern[str]  # a paragraph with it: `word`, then `stop`
    labels: tuple[Label, ...] = LABELS


def words_with(extra: Mapping[str, Sequence[str]]) -> Words:
    """Return the words with more of them, under the keys "against", "for" and "conclusion"."""
    sides: tuple[tuple[Side, str], ...] = (("con", "against"), ("pro", "for"))
    more = {
        key: [_literal(one) for one in phrases if one.strip()] for key, phrases in extra.items()
    }
    own = tuple(LeadIn(side, _words(*more[key])) for side, key in sides if more.get(key))
    conclusion = (*CONCLUSION, *more.get("conclusion", ()))
    word = rf"(?:{'|'.join(conclusion)})"
    opens = re.compile(rf"[*_]*(?P<word>{word})[*_]*\s*(?P<stop>[:.—–])[*_]*\s*")
    return Words((*own, *LEAD_INS), re.compile(word), opens)


def has_any(text: str, cues: Sequence[str]) -> bool:
    """Say whether one of the cues stands in a text, which is folded."""
    return any(map(text.__contains__, cues))


def folded(text: str) -> str:
    """Return text as the patterns expect it, of the same length."""
    return _known_folded(text) if len(text) < _REMEMBERED else _folded(text)


@lru_cache(maxsize=512)
def _known_folded(text: str) -> str:
    return _folded(text)


def _folded(text: str) -> str:
    low = text.lower()
    if len(low) != len(text):
        low = "".join(one if len(one := char.lower()) == 1 else char for char in text)
    return low.replace("ё", "е")


def _literal(phrase: str) -> str:
    return re.escape(" ".join(folded(phrase).split()))
