"""The words of the pages, Russian and English, and how numbers, dates and amounts are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from argmap.pages.tongues import FOLDERS, both

if TYPE_CHECKING:
    from collections.abc import Callable

    from argmap.evidence.model import Value
    from argmap.strengths import Interval

DASH = "\u2013"
MINUS = "\u2212"

# Statuses and marks; outcomes; reasons; roles; relations from both ends; the pages' own words.
_RU = {
    "supported": "подтверждено", "refuted": "опровергнуто", "contested": "спорно",
    "unknown": "нет данных", "is.supported": "подтверждён", "is.refuted": "опровергнут",
    "is.contested": "спорен", "is.unknown": "без данных", "lapsed": "устарело",
    "stale": "давние данные", "inferred": "выведено из текста", "circular": "по кругу",
    "pass": "прошла", "fail": "не прошла", "o.unknown": "не узнать", "error": "ошибка",
    "judgement": "суждение", "cited": "ссылка", "check": "проверка",
    "why.interval": "интервал накрывает порог", "why.expired": "данные истекли",
    "why.too_early": "данных на эту дату ещё нет", "why.implausible": "значение неправдоподобно",
    "why.jump": "скачок от прошлого значения слишком велик", "why.retracted": "данные отозваны",
    "why.acknowledged": "не прошла, но отложена",
    "why.no_data": "данных нет", "why.division": "деление на интервал с нулём",
    "why.outage": "источник не ответил", "why.unjudged": "никто не поручился",
    "why.error": "проверка составлена с ошибкой", "why.too_little": "слишком мало свидетельств",
    "why.loop": "утверждения ссылаются друг на друга",
    "why.evidence": "больше всего неясности вносит", "role.thesis": "Тезис",
    "role.conclusion": "Вывод", "role.pro": "Довод · за", "role.con": "Довод · против",
    "role.claim": "Утверждение", "role.undercut": "Подрыв", "role.both": "Довод",
    "role.argument": "вместе", "role.evidence": "Свидетельство", "supports": "поддерживает",
    "attacks": "атакует", "contradicts": "противоречит", "undercuts": "подрывает",
    "premise": "посылка", "tests": "проверяет", "by.supports": "довод за",
    "by.attacks": "довод против", "by.contradicts": "противоречит", "by.undercuts": "подрыв",
    "by.premise": "посылка", "by.tests": "проверка", "claims": "Утверждения", "checks": "Проверки",
    "judgements": "Суждения", "map": "Карта", "list": "Список", "theme": "Светлая или тёмная тема",
    "close": "Закрыть", "legend": "Обозначения", "for": "за", "against": "против",
    "idle": "не влияет", "undercut": "подрывает", "view": "Вид", "fit": "Показать всё",
    "threshold": "порог", "strength": "сила", "weight": "вес", "why": "Почему", "total": "Итого",
    "prior": "Исходная уверенность", "formula": "Сила", "now": "сейчас",
    "then_now": "Тогда и сейчас", "written": "заметка написана", "history": "История",
    "relations": "Связи", "note": "Заметка", "line": "строка", "page": "Страница утверждения",
    "more": "ещё", "evidence": "Свидетельства", "sources": "Источники", "source": "Источник",
    "attributed": "Чьё утверждение", "no_date": "без даты", "judged": "вынесено",
    "judged_by": "кем", "expires": "действует до", "became": "перешло в", "because": "из-за",
    "by_way_of": "через", "cut.above": "разобрано выше", "cut.loop": "по кругу",
    "cut.deep": "дальше — на его странице", "one_source": "стоит на одном источнике",
    "reasons": "доводов", "on_stale": "стоит на давних данных",
    "notes_changed": "изменились заметки", "runs": "Вывод по прогонам", "data": "данные",
    "as_of": "По состоянию на", "fixed": "Построено на дату",
    "problems": "Замечания", "no_problems": "Замечаний нет.",
    "index": "Все споры", "last_turn": "Последний перелом",
    "claim_head": "Утверждение и его проверки", "outcome": "Исход", "value": "Значение и порог",
    "date": "Дата данных", "above": "см. выше", "left": "подрыв", "scale": "круг",
    "severity.error": "ошибка", "severity.warning": "предупреждение", "code": "Код",
    "place": "Место", "message": "Что не так", "links": "Ссылки из заметки",
    "pageless": "без страницы", "aliases": "Также", "properties": "Свойства",
    "backlinks": "Ссылки на эту заметку", "more_notes": "и ещё",
    "footnote.back": "Назад к тексту", "math": "Формула, LaTeX",
    "raw.deep": "HTML, вложено слишком глубоко: показан как текст",
    "embed.circle": "уже показана выше: заметки вложены по кругу",
    "embed.deep": "не показана: вложена слишком глубоко",
    "embed.many": "не показана: вложений на странице слишком много",
    "embed.nothing": "такого места в заметке нет",
    "task.open": "не сделано", "task.done": "сделано", "task.half": "начато",
    "task.dropped": "отменено", "task.moved": "перенесено",
    "co.note": "Заметка", "co.abstract": "Кратко", "co.info": "Сведения", "co.todo": "Сделать",
    "co.tip": "Совет", "co.success": "Успех", "co.question": "Вопрос",
    "co.warning": "Предупреждение", "co.failure": "Неудача", "co.danger": "Опасно",
    "co.bug": "Ошибка", "co.example": "Пример", "co.quote": "Цитата",
    "in_its_place": "В заметке",
    "in_note": "Утверждения этой заметки", "unresolved": "нет такой заметки или файла",
    "unnamed": "так ничто не называется",
    "written_at": "Когда писалась заметка", "nothing": "ничего не говорит ни за, ни против",
    "empty": "Утверждений пока нет.", "debate": "Спор", "age": "данные", "notes": "Заметки",
    "tree": "Утверждения списком", "idle_now": "сейчас не влияет",
    "zoom": "Масштаб", "zoom_in": "Крупнее",
    "zoom_out": "Мельче", "fold": "Свернуть", "thesis": "тезис", "yes": "да", "no": "нет",
    "until": "до", "since": "с", "all_sources": "все источники", "tag.pro": "за",
    "tag.con": "против", "tag.argument": "вместе", "field.premises": "посылки",
    "field.check": "проверка", "field.test": "испытание", "field.source": "источник",
    "field.judged": "оценено", "field.expires": "действует до", "field.weight": "вес",
    "field.credence": "уверенность", "field.from": "с", "field.until": "до",
    "field.expect": "ожидается", "field.role": "роль", "field.supports": "поддерживает",
    "field.attacks": "атакует", "field.contradicts": "противоречит",
    "field.undercuts": "подрывает", "credits": "Чьи данные", "search": "Поиск",
    "search_hint": "Поиск по утверждениям, заметкам, меткам и свидетельствам", "filters": "Отбор",
    "status": "Статус", "kind": "Что", "tag": "Метка", "any": "любой", "any_f": "любая",
    "anything": "всё", "mark": "Пометка", "found": "Найдено", "not_found": "Ничего не нашлось",
    "reset": "Сбросить", "kind.claim": "утверждения", "kind.evidence": "свидетельства",
    "kind.note": "заметки", "kind.debate": "споры", "sort": "Порядок",
    "sort.turn": "что перешло последним", "sort.title": "по названию",
    "sort.age": "чьи данные старше", "all_checks": "Все проверки", "tags": "Метки",
    "untagged": "Меток пока нет.", "last_runs": "Последние прогоны", "data_age": "Возраст данных",
    "next_due": "Обновить до", "stale_on": "станут давними", "expires_on": "истекут",
    "feed": "Лента перемен", "whatif": "Что если",
    "whatif.on": "Что если: исход переключён", "back": "Вернуть как есть",
    "to_now": "К сегодняшнему дню", "as_was": "Как было", "play": "Показать по прогонам",
    "pause": "Остановить", "slider": "Прогон", "focus": "Окружение", "steps": "шагов",
    "whole": "Вся карта", "collapse": "Свернуть ветку", "expand": "Развернуть ветку",
    "hide_evidence": "Без свидетельств",
    "changed": "С прошлого раза изменилось", "was": "было", "ok": "Понятно",
    "overdue": "Последний прогон был давно",
    "aged": "С тех пор данные устарели; показано по сегодняшнему дню",
    "ended": "больше не в счёт",
    "copy_link": "Скопировать ссылку", "copied": "Скопировано", "cite": "Сослаться",
    "take": "Сохранить файлом",
    "take_how": "Утверждение и всё, что рядом, одним файлом: чтобы отправить письмом",
    "saved": "Сохранено",
    "copy": "Скопировать", "badge": "Значок", "save_svg": "Сохранить как SVG",
    "save_png": "Сохранить как PNG", "menu": "Ещё",
    "large": "Карта велика: показано окружение вывода",
    "built": "как построено", "api": "Данные для программ",
    "retrieved": "по состоянию на",
    "written_short": "написана", "result": "Исход",
    "would_turn": "Что изменит статус", "none_alone": "ни одно свидетельство в одиночку",
    "obsidian": "Открыть в Obsidian",
    "unpublished": "Не опубликовано",
    "stands_in": "Стоит вместо того, что автор не опубликовал; сила посчитана.",
    "one.note": "заметка", "one.tag": "метка",
    "set_aside": "отложена до", "aside": "отложена",
    "waiting": "ждёт данных",
    "down": "источник молчит",
    "inferred_by": "Выведено из текста: правило",
    "rule.lead-in": "«перечень», пункт списка доводов",
    "rule.headings": "«подзаголовки», подзаголовок под заголовком доводов",
    "rule.table": "«таблица», ячейка таблицы за и против",
    "rule.label": "«подпись», абзац с подписанной ролью",
    "rule.nested": "«за и против», пункт с подписанными за и против",
    "rule.because": "«потому что», пункт списка, где каждый начат с этих слов",
    "rule.why": "«почему», довод под заголовком, который говорит, как быть или что выбрано",
    "rule.ordinals": "«по порядку», абзац в ряду «во-первых», «во-вторых»",
    "rule.reasons": "«причины», предложение, названное причиной",
    "rule.disputed-thesis": "«спорный тезис», тезис, с которым спорят",
    "rule.stated": "«от себя», тезис от первого лица",
    "rule.belief": "«мнение многих», то, что думают многие",
    "rule.reported": "«чужое мнение», мнение с ответами на него",
    "rule.conclusion": "«вывод», абзац с пометкой «вывод»",
    "rule.therefore": "«следовательно», абзац, начатый с этого слова",
    "rule.asserted": "«как быть», утверждение прямо над доводами за и против",
    "first_run": "первый прогон", "never_turned": "исход не менялся", "by_itself": "сама по себе",
    "event.written": "заметка написана", "event.changed": "определение изменено",
    "event.acknowledged": "отложена", "event.retracted": "данные отозваны",
    "distance": "от порога", "distance.near": "от ближнего края порога",
    "hangs": "Ответ больше всего зависит от", "seen_on": "увидено",
    "down_since": "Источник не ответил; показано последнее, что он сказал",
    "check_page": "Страница проверки", "what_seen": "Что увидено", "inputs": "Из чего посчитано",
    "measure": "Показатель", "log": "Что менялось", "as_table": "Таблицей", "run": "Прогон",
    "date_of": "Данные за", "what_value": "Значение", "limit": "Порог", "remark": "Пометка",
    "set_aside_full": "Провал отложен до",
    "overdue_mark": "просрочена",
    "fetch_on": "обновить источник", "due_checks": "Пора обновить проверки",
    "o.tests": "испытание: провал говорит против", "o.reason": "довод: провал ничего не значит",
}  # fmt: skip

_EN = {
    "supported": "supported", "refuted": "refuted", "contested": "contested", "unknown": "no data",
    "is.supported": "supported", "is.refuted": "refuted", "is.contested": "contested",
    "is.unknown": "undecided", "lapsed": "lapsed", "stale": "stale data", "inferred": "inferred",
    "circular": "circular", "pass": "passed", "fail": "failed", "o.unknown": "cannot tell",
    "error": "error", "judgement": "judgement", "cited": "cited", "check": "check",
    "why.interval": "the interval lies across the threshold",
    "why.expired": "the data has expired", "why.too_early": "no data so early",
    "why.jump": "too far from the last value", "why.retracted": "the data were retracted",
    "why.acknowledged": "it fails, and is set aside",
    "why.implausible": "the value is not plausible", "why.no_data": "no data",
    "why.division": "division by an interval that holds 0",
    "why.outage": "the source did not answer", "why.unjudged": "nobody vouches for it yet",
    "why.error": "the check itself is wrong", "why.too_little": "too little evidence",
    "why.loop": "claims that rest on each other", "why.evidence": "what widens it most is",
    "role.thesis": "Thesis", "role.conclusion": "Conclusion", "role.pro": "Argument · for",
    "role.con": "Argument · against", "role.claim": "Claim", "role.undercut": "Undercutter",
    "role.both": "Argument", "role.argument": "together", "role.evidence": "Evidence",
    "supports": "supports", "attacks": "attacks", "contradicts": "contradicts",
    "undercuts": "undercuts", "premise": "premise of", "tests": "tests",
    "by.supports": "supported by", "by.attacks": "attacked by", "by.contradicts": "contradicts",
    "by.undercuts": "undercut by", "by.premise": "premise", "by.tests": "tested by",
    "claims": "Claims", "checks": "Checks", "judgements": "Judgements", "map": "Map",
    "list": "List", "theme": "Light or dark theme", "close": "Close", "legend": "Legend",
    "for": "for", "against": "against", "idle": "no effect", "undercut": "undercuts",
    "view": "View", "fit": "Show all", "threshold": "threshold", "strength": "strength",
    "weight": "weight", "why": "Why", "total": "Sum", "prior": "Prior credence",
    "formula": "Strength", "now": "now", "then_now": "Then and now", "written": "note written",
    "history": "History", "relations": "Relations", "note": "Note", "line": "line",
    "page": "The claim's page", "more": "more", "evidence": "Evidence", "sources": "Sources",
    "source": "Source", "attributed": "Whose claim", "no_date": "undated", "judged": "judged",
    "judged_by": "by", "expires": "holds until", "became": "became", "because": "because of",
    "by_way_of": "by way of", "cut.above": "told above", "cut.loop": "in a circle",
    "cut.deep": "more on its page", "one_source": "rests on one source", "reasons": "reasons",
    "on_stale": "rests on stale data",
    "notes_changed": "the notes changed", "runs": "The conclusion, run by run", "data": "data",
    "as_of": "As of", "fixed": "Built as of", "problems": "Problems",
    "no_problems": "No problems.",
    "index": "All debates", "last_turn": "Last turn", "claim_head": "Claim and its checks",
    "outcome": "Outcome", "value": "Value and threshold", "date": "Date of data",
    "above": "see above", "left": "undercut", "scale": "circle", "severity.error": "error",
    "severity.warning": "warning", "code": "Code", "place": "Place", "message": "What is wrong",
    "pageless": "without a page", "aliases": "Also", "properties": "Properties",
    "backlinks": "Links to this note", "more_notes": "and",
    "footnote.back": "Back to the text", "math": "Formula, LaTeX",
    "raw.deep": "HTML, nested too deep: shown as text",
    "embed.circle": "shown above already: the notes embed each other",
    "embed.deep": "not shown: embedded too deep",
    "embed.many": "not shown: too much is embedded on this page",
    "embed.nothing": "no such place in the note",
    "task.open": "to do", "task.done": "done", "task.half": "begun",
    "task.dropped": "dropped", "task.moved": "moved",
    "co.note": "Note", "co.abstract": "In short", "co.info": "Info", "co.todo": "To do",
    "co.tip": "Tip", "co.success": "Success", "co.question": "Question",
    "co.warning": "Warning", "co.failure": "Failure", "co.danger": "Danger",
    "co.bug": "Bug", "co.example": "Example", "co.quote": "Quote",
    "in_its_place": "In the note",
    "links": "Links in this note", "in_note": "Claims in this note",
    "unresolved": "no such note or file", "unnamed": "nothing is called so",
    "written_at": "When the note was written", "nothing": "nothing speaks for it or against it",
    "empty": "No claims yet.", "debate": "Debate", "age": "data", "notes": "Notes",
    "tree": "The claims as a list", "idle_now": "no effect now",
    "zoom": "Zoom", "zoom_in": "Zoom in",
    "zoom_out": "Zoom out", "fold": "Fold", "thesis": "thesis", "yes": "yes", "no": "no",
    "until": "until", "since": "from", "all_sources": "all sources", "tag.pro": "for",
    "tag.con": "against", "tag.argument": "together", "field.premises": "premises",
    "field.check": "check", "field.test": "test", "field.source": "source",
    "field.judged": "judged", "field.expires": "holds until", "field.weight": "weight",
    "field.credence": "credence", "field.from": "from", "field.until": "until",
    "field.expect": "expected", "field.role": "role", "field.supports": "supports",
    "field.attacks": "attacks", "field.contradicts": "contradicts",
    "field.undercuts": "undercuts", "credits": "Whose data", "search": "Search",
    "search_hint": "Search claims, notes, tags and evidence", "filters": "Filters",
    "status": "Status", "kind": "What", "tag": "Tag", "any": "any", "any_f": "any",
    "anything": "everything", "mark": "Mark", "found": "Found", "not_found": "Nothing found",
    "reset": "Reset", "kind.claim": "claims", "kind.evidence": "evidence",
    "kind.note": "notes", "kind.debate": "debates", "sort": "Order",
    "sort.turn": "last turned first", "sort.title": "by title",
    "sort.age": "oldest data first", "all_checks": "All checks", "tags": "Tags",
    "untagged": "No tags yet.", "last_runs": "Last runs", "data_age": "Age of data",
    "next_due": "Renew by", "stale_on": "stale on", "expires_on": "expires on",
    "feed": "Feed of changes", "whatif": "What if",
    "whatif.on": "What if: outcomes switched", "back": "Back to what is",
    "to_now": "Back to now", "as_was": "As it was", "play": "Play the runs",
    "pause": "Pause", "slider": "Run", "focus": "Neighbourhood", "steps": "steps",
    "whole": "Whole map", "collapse": "Collapse the branch", "expand": "Expand the branch",
    "hide_evidence": "Without evidence",
    "changed": "Changed since your last visit", "was": "was", "ok": "OK",
    "overdue": "The last run was long ago",
    "aged": "Data has aged since; shown as of today",
    "ended": "counts no more",
    "copy_link": "Copy link", "copied": "Copied", "cite": "Cite",
    "take": "Save as a file",
    "take_how": "The claim and what is near it as one file, to send by mail",
    "saved": "Saved",
    "copy": "Copy", "badge": "Badge", "save_svg": "Save as SVG",
    "save_png": "Save as PNG", "menu": "More",
    "large": "A large map: the conclusion's neighbourhood is shown",
    "built": "as built", "api": "Data for programs",
    "retrieved": "as of",
    "written_short": "written", "result": "Outcome",
    "would_turn": "What would turn it", "none_alone": "no single piece of evidence",
    "obsidian": "Open in Obsidian",
    "unpublished": "Not published",
    "stands_in": "Stands for something that the author does not publish; its strength counts.",
    "one.note": "note", "one.tag": "tag",
    "set_aside": "set aside until", "aside": "set aside",
    "waiting": "awaits data",
    "down": "source silent",
    "inferred_by": "Inferred from the text: the rule",
    "rule.lead-in": "“lead-in”, an item of a list of arguments",
    "rule.headings": "“headings”, a heading below a heading of arguments",
    "rule.table": "“table”, a cell of a table for and against",
    "rule.label": "“label”, a paragraph with its role as label",
    "rule.nested": "“nested”, an item with what is for and against it",
    "rule.because": "“because”, an item of a list whose items all open with this word",
    "rule.why": "“why”, a reason below a heading that says what should be or was chosen",
    "rule.ordinals": "“ordinals”, a paragraph in a row of “first”, “second”",
    "rule.reasons": "“reasons”, a sentence that is called a reason",
    "rule.disputed-thesis": "“disputed thesis”, a thesis that is disputed",
    "rule.stated": "“stated”, a thesis in the first person",
    "rule.belief": "“belief”, what many hold",
    "rule.reported": "“reported”, an opinion with objections to it",
    "rule.conclusion": "“conclusion”, a paragraph called the conclusion",
    "rule.therefore": "“therefore”, a paragraph that opens with this word",
    "rule.asserted": "“asserted”, what should be, right above what is for and against it",
    "first_run": "first run", "never_turned": "the outcome never turned", "by_itself": "by itself",
    "event.written": "note written", "event.changed": "definition changed",
    "event.acknowledged": "set aside", "event.retracted": "data retracted",
    "distance": "from the threshold", "distance.near": "from the threshold's nearer end",
    "hangs": "The answer hangs most on", "seen_on": "seen",
    "down_since": "The source did not answer; shown is the last it said",
    "check_page": "The check's page", "what_seen": "What was seen", "inputs": "What it reads",
    "measure": "Measure", "log": "What changed", "as_table": "As a table", "run": "Run",
    "date_of": "Data of", "what_value": "Value", "limit": "Threshold", "remark": "Remark",
    "set_aside_full": "The failure is set aside until",
    "overdue_mark": "overdue", "fetch_on": "ask the source", "due_checks": "Checks are due",
    "o.tests": "a test: a failure speaks against", "o.reason": "a reason: a failure says nothing",
}  # fmt: skip

_FORMS: dict[str, dict[str, tuple[str, ...]]] = {
    "ru": {
        "pro": ("довод за", "довода за", "доводов за"),
        "con": ("довод против", "довода против", "доводов против"),
        "source": ("источник", "источника", "источников"),
        "claim": ("утверждение", "утверждения", "утверждений"),
        "check": ("проверка", "проверки", "проверок"),
        "judgement": ("суждение", "суждения", "суждений"),
        "evidence": ("свидетельство", "свидетельства", "свидетельств"),
        "run": ("прогон", "прогона", "прогонов"),
        "problem": ("замечание", "замечания", "замечаний"),
        "note": ("заметка", "заметки", "заметок"),
        "debate": ("спор", "спора", "споров"),
        "day": ("день", "дня", "дней"),
        "step": ("шаг", "шага", "шагов"),
        "turn": ("перелом", "перелома", "переломов"),
    },
    "en": {
        "pro": ("argument for", "arguments for"),
        "con": ("argument against", "arguments against"),
        "source": ("source", "sources"),
        "claim": ("claim", "claims"),
        "check": ("check", "checks"),
        "judgement": ("judgement", "judgements"),
        "evidence": ("piece of evidence", "pieces of evidence"),
        "run": ("run", "runs"),
        "problem": ("problem", "problems"),
        "note": ("note", "notes"),
        "debate": ("debate", "debates"),
        "day": ("day", "days"),
        "step": ("step", "steps"),
        "turn": ("turn", "turns"),
    },
}

_MONTHS: dict[str, tuple[str, ...]] = {
    "ru": (
        "янв.", "фев.", "марта", "апр.", "мая", "июня", "июля", "авг.", "сен.", "окт.", "нояб.",
        "дек.",
    ),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}  # fmt: skip
_MONTHS_ALONE: dict[str, tuple[str, ...]] = {
    "ru": (
        "янв.", "фев.", "март", "апр.", "май", "июнь", "июль", "авг.", "сен.", "окт.", "нояб.",
        "дек.",
    ),
    "en": _MONTHS["en"],
}  # fmt: skip
_UNITS_RU = {
    "USD": "$", "EUR": "€", "RUB": "₽",
    "tok": "ток.", "ktok": "тыс. ток.", "Mtok": "млн ток.", "Gtok": "млрд ток.",
    "Ttok": "трлн ток.",
    "param": "парам.", "Mparam": "млн парам.", "Gparam": "млрд парам.", "Tparam": "трлн парам.",
    "request": "запрос",
}  # fmt: skip
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_OPS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", ">": ">", "<": "<"}


@dataclass(frozen=True, slots=True)
class Words:
    """A language's words, its plurals, its numbers and dates; of both languages where it is "".

    What is said of both stays one text until `spoken` cuts it.
    """

    language: str

    def _each(self, say: Callable[[Words], str]) -> str:
        """Return what is said in the language, or in both."""
        return say(self) if self.language else both(say(ENGLISH), say(RUSSIAN))

    def __call__(self, key: str) -> str:
        """Return the word for a key of the table; the key itself if there is none."""
        return self._each(lambda words: _TABLES[words.language].get(key, key))

    @property
    def code(self) -> str:
        """The language, as HTML and Atom name it."""
        return self._each(lambda words: words.language)

    @property
    def shared(self) -> str:
        """What leads, from the root of the pages in a language, to what both have in common."""
        return "" if self.language else both(FOLDERS["en"], "../")

    def all(self) -> dict[str, str]:
        """Return every word of the one language, for the pages' scripts."""
        return dict(sorted(_TABLES[self.language].items()))

    def forms(self) -> dict[str, tuple[str, ...]]:
        """Return the forms of every noun of the one language, for the pages' scripts."""
        return _FORMS[self.language]

    def months(self) -> tuple[str, ...]:
        """Return the months of the one language as they stand in a date."""
        return _MONTHS[self.language]

    def count(self, number: int, key: str) -> str:
        """Return a number with its noun: "3 довода за", "1 source"."""
        return f"{number}\u00a0{self.noun(number, key)}"

    def noun(self, number: int, key: str) -> str:
        """Return the noun in the form the number asks for."""
        return self._each(
            lambda words: _FORMS[words.language][key][_FORM_OF[words.language](number)]
        )

    def standing(self, number: int) -> str:
        """Return "из них устоял 1" or "2 of which stand"."""
        stood, stand = ("устоял", "stands") if number == 1 else ("устояло", "stand")
        return self._in(f"{number} of which {stand}", f"из них {stood}\u00a0{number}")

    def dates(self, number: int, needed: int) -> str:
        """Return "2 из 3 дат данных" or "2 of 3 dates of data"."""
        dates, russian = ("date", "даты") if needed == 1 else ("dates", "дат")
        return self._in(
            f"{number}\u00a0of\u00a0{needed} {dates} of data",
            f"{number}\u00a0из\u00a0{needed} {russian} данных",
        )

    def quoted(self, text: str) -> str:
        """Return a text between the language's quotation marks."""
        return f"{self._in('“', '«')}{text}{self._in('”', '»')}"

    def _in(self, english: str, russian: str) -> str:
        return self._each(lambda words: russian if words.language == "ru" else english)

    def number(self, number: float) -> str:
        """Return a number as a person writes it, with the right comma."""
        from argmap.evidence.model import Value

        return self._each(lambda words: words.shown(Value(number, number)))

    def fixed(self, number: float, places: int = 2, sign: bool = False) -> str:
        """Return a number with so many decimals, a zero without a sign."""
        number = round(number, 9)  # what is below the arithmetic's own precision must not show
        text = f"{number:+.{places}f}" if sign else f"{number:.{places}f}"
        return self.decimal(text if float(text) else text.lstrip("+-"))

    def decimal(self, text: str) -> str:
        """Return a number that is written out, with the right comma."""
        text = text.replace("-", MINUS)
        return self._in(text, text.replace(".", ","))

    def signed(self, number: float) -> str:
        """Return "+0,50", "−0,67", "0,00"."""
        return self.fixed(number, sign=True)

    def interval(self, interval: Interval) -> str:
        """Return a strength: one number, or two with an ellipsis between."""
        lo, hi = (self.signed(end) for end in interval)
        return lo if lo == hi else f"{lo} … {hi}"

    def day(self, day: date | None) -> str:
        """Return "9 окт. 2026" or "9 Oct 2026"."""
        if day is None:
            return self("no_date")
        month = self._each(lambda words: _MONTHS[words.language][day.month - 1])
        return f"{day.day}\u00a0{month}\u00a0{day.year}"

    def month(self, day: date) -> str:
        """Return "окт. 2026"."""
        month = self._each(lambda words: _MONTHS_ALONE[words.language][day.month - 1])
        return f"{month}\u00a0{day.year}"

    def op(self, op: str) -> str:
        """Return a comparison as it is printed."""
        return _OPS.get(op, op)

    def amount(self, value: Value | None) -> str:
        """Return an interval with its unit: "4,4 %", "5,6–6,8", "0,93–9,3 $/млн ток."."""
        if value is None:
            return "?"
        if isinstance(value.lo, date) or isinstance(value.hi, date):
            return self._dates(value)
        return self._each(lambda words: words.measured(value))

    def measured(self, value: Value) -> str:
        """Return an interval of numbers with its unit, of the one language."""
        number, space, unit = self.shown(value).rpartition(" ")
        return f"{number}\u00a0{self.unit(unit)}" if space and value.unit else self.shown(value)

    def unit(self, unit: str) -> str:
        """Return a unit as a person reads it: "$/млн ток." for USD/Mtok."""
        return self._in(unit, "/".join(_UNITS_RU.get(part, part) for part in unit.split("/")))

    def shown(self, value: Value) -> str:
        """Return an interval with the unit as it is written, of the one language."""
        from argmap.evidence.quantity import show

        return show(value, self.language).replace("-", MINUS)

    def seen(self, text: str) -> str:
        """Return an amount that was put into a formula, as its readers write numbers."""
        return self._in(text, _russian(text))

    def _dates(self, value: Value) -> str:
        ends = [self.day(end) if isinstance(end, date) else "?" for end in (value.lo, value.hi)]
        return ends[0] if ends[0] == ends[1] else f"{ends[0]} {DASH} {ends[1]}"


def _russian(text: str) -> str:
    """Return "5,6–6,8 USD" for "5.6 to 6.8 USD"; units and dates stay as they are written."""
    text = _NUMBER.sub(lambda found: found[0].replace(",", "\u00a0").replace(".", ","), text)
    lo, to, hi = text.partition(" to ")
    if not to:
        return text
    return f"от {lo} до {hi}" if lo.startswith("-") else f"{lo}{DASH}{hi}"


def _plural_ru(number: int) -> int:
    """Return which form: 0 as in "1 довод", 1 as in "3 довода", 2 as in "5 доводов"."""
    teen = number % 100 in range(11, 15)
    if number % 10 == 1 and not teen:
        return 0
    return 1 if number % 10 in range(2, 5) and not teen else 2


_TABLES = {"en": _EN, "ru": _RU}
_FORM_OF: dict[str, Callable[[int], int]] = {
    "en": lambda number: int(number != 1),
    "ru": _plural_ru,
}
ENGLISH, RUSSIAN = Words("en"), Words("ru")
