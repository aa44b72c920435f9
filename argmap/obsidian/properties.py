"""A note's bytes -> the same with argmap's own properties as they ought to be, else untouched.

Lines are spliced, nothing is written anew: whatever is not ours stays as it was, byte for byte.
Where it is not sure that this succeeds, the note is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argmap import yaml
from argmap.notes import SYNCED, plain_lines, split_front_matter
from argmap.splice import Edit, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STATUSES = ("supported", "refuted", "contested", "unknown")
_FENCE = re.compile(r"---[ \t]*")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_ITEM = re.compile(r"[ \t]*-(?:[ \t]|$)")
_SCALAR = re.compile(r"""[ \t]*[a-z_]+:[ \t]*("[^"\\]*"|'[^']*'|[^"'#\[{&*!|>]*?)([ \t]+#.*)?$""")
_LIST = re.compile(r"[ \t]*[a-z_]+:[ \t]*(?:\[[^\]#]*\][ \t]*)?$")


class RefusedError(ValueError):
    """A note whose properties cannot surely be changed; the line, from 1, and what to do."""

    def __init__(self, why: str, hint: str, line: int = 1) -> None:
        super().__init__(why)
        self.why, self.hint, self.line = why, hint, line


def is_ours(synced: Mapping[str, Any]) -> bool:
    """Say whether these values of our properties are such as argmap writes."""
    return synced.get("argmap", "unknown") in STATUSES


def with_properties(data: bytes, wanted: Mapping[str, Any], *, keep_block: bool = False) -> bytes:
    """Return the note with our properties as `wanted`, none where that is empty.

    A block of properties that is empty afterwards goes, unless `keep_block`. Raises RefusedError.
    """
    try:
        text = Text(data)
    except UnicodeDecodeError:
        raise RefusedError("it is not UTF-8", "save the note as UTF-8") from None
    front = _front(text)
    if front is None:
        if not wanted:
            return data
        lines = ["---", *_rendered(wanted), "---", ""]
        after = text.spliced([Edit(text.starts[0], text.starts[0], "\n".join(lines))])
    else:
        after = _spliced(text, front, wanted, keep_block=keep_block)
    if after != data:
        _verify(data, after, wanted)
    return after


@dataclass(frozen=True, slots=True)
class _Front:
    """The lines between the fences: where each begins and ends, its line end included."""

    whole: str
    start: int  # of the opening fence
    end: int  # behind the closing fence
    lines: tuple[tuple[int, int], ...]
    newline: str

    def line(self, number: int) -> str:
        """Return a line without its end."""
        start, end = self.lines[number]
        return self.whole[start:end].rstrip("\r\n")

    @property
    def text(self) -> str:
        """All of it, as YAML is read."""
        return "".join(f"{self.line(number)}\n" for number in range(len(self.lines)))

    def begin(self, number: int) -> int:
        """Return where a line begins; the closing fence counts as one."""
        return self.lines[number][0] if number < len(self.lines) else self._fence

    @property
    def _fence(self) -> int:
        return self.lines[-1][1] if self.lines else self.start + self._opening

    @property
    def _opening(self) -> int:
        found = _LINE.match(self.whole, self.start)
        return len(found[0]) if found else 0


def _front(text: Text) -> _Front | None:
    """Return the properties' block; None if the note has none."""
    start = text.starts[0]
    found = _LINE.match(text.whole, start)
    if not found or not _FENCE.fullmatch(found[1]):
        return None
    newline = found[2]
    lines: list[tuple[int, int]] = []
    for line in _LINE.finditer(text.whole, found.end()):
        if _FENCE.fullmatch(line[1]):
            return _Front(text.whole, start, line.end(), tuple(lines), newline)
        lines.append(line.span())
    raise RefusedError("it begins with --- that no other closes", "close the properties with ---")


def _spliced(text: Text, front: _Front, wanted: Mapping[str, Any], *, keep_block: bool) -> bytes:
    document = _document(front)
    regions = {key: _region(front, document, key) for key in SYNCED if (key,) in document.places}
    values: dict[str, Any] = document.value or {}
    edits: list[Edit] = []
    at = len(front.lines)  # what is new stands last, or behind what is ours
    for key in SYNCED:
        if key in regions:
            first, at = regions[key]
            if key not in wanted:
                edits.append(Edit(front.begin(first), front.begin(at), ""))
            elif wanted[key] != values[key]:
                lines = _replaced(front, first, at, key, wanted[key])
                edits.append(Edit(front.begin(first), front.begin(at), _ended(lines, front)))
        elif key in wanted:
            lines = _indented(_rendered({key: wanted[key]}), _indent(document))
            edits.append(Edit(front.begin(at), front.begin(at), _ended(lines, front)))
    gone = sum(end - start for start, end in regions.values())
    if not wanted and regions and gone == len(front.lines) and not keep_block:
        edits = [Edit(front.start, front.end, "")]
    return _as_written(text, edits)


def _as_written(text: Text, edits: Sequence[Edit]) -> bytes:
    """Return the text with the edits made, whose lines end as they say."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += [text.whole[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text.whole[at:]]).encode("utf-8")


def _document(front: _Front) -> yaml.Document:
    """Return the properties, read; refuse what Obsidian itself would not surely read so."""
    hint = "mend its properties first"
    try:
        document = yaml.load(front.text)
    except yaml.YamlError as error:
        line = error.line + 1
        raise RefusedError(f"its properties are not YAML: {error.message}", hint, line) from None
    if front.text.lstrip().startswith(("{", "[")):
        raise RefusedError("its properties are JSON", "write them as `key: value`", 2)
    if not isinstance(document.value, dict) and (document.value is not None or _says(front)):
        raise RefusedError("its properties are not `key: value`", hint, 2)
    if twice := [path for path in document.duplicates if len(path) == 1]:
        line = document.places[twice[0]][0] + 1
        raise RefusedError(f"{twice[0][0]!r} is given twice", hint, line)
    return document


def _says(front: _Front) -> bool:
    lines = (front.line(number).strip() for number in range(len(front.lines)))
    return any(line and not line.startswith("#") for line in lines)


def _region(front: _Front, document: yaml.Document, key: str) -> tuple[int, int]:
    """Return the lines of one of our properties: its first, and the one behind its last."""
    first = document.places[key,][0] - 1
    if first >= len(front.lines):  # line ends of YAML's that a note does not have
        raise RefusedError("its properties are written unusually", "mend its properties first")
    end = first + 1
    while end < len(front.lines) and _ITEM.match(front.line(end)):
        end += 1
    plain = _SCALAR if end == first + 1 else _LIST
    lines = [front.line(number) for number in range(first, end)]
    is_list = key == "argmap_marks" and _LIST.match(lines[0])
    if not (is_list or plain.match(lines[0])) or any("#" in line for line in lines[1:]):
        hint = f"take {key!r} out by hand"
        raise RefusedError(f"{key!r} is not written as argmap writes it", hint, first + 2)
    return first, end


def _replaced(front: _Front, first: int, end: int, key: str, value: Any) -> list[str]:
    """Return the lines of a property with its new value; a comment on it stays."""
    line = front.line(first)
    if isinstance(value, str) and end == first + 1 and (found := _SCALAR.match(line)):
        return [f"{line[: found.start(1)].rstrip()} {value}{found[2] or ''}"]
    indent = line[: len(line) - len(line.lstrip())]
    return _indented(_rendered({key: value}), indent)


def _indent(document: yaml.Document) -> str:
    columns = [column for path, (_, column) in document.places.items() if len(path) == 1]
    return " " * (min(columns, default=1) - 1)


def _indented(lines: list[str], indent: str) -> list[str]:
    return [indent + line for line in lines]


def _ended(lines: list[str], front: _Front) -> str:
    return "".join(line + front.newline for line in lines)


def _rendered(values: Mapping[str, Any]) -> list[str]:
    """Return our properties' lines, a list as Obsidian itself writes it."""
    lines = []
    for key, value in values.items():
        if isinstance(value, str):
            lines.append(f"{key}: {value}")
        else:
            lines += [f"{key}:", *(f"  - {item}" for item in value)]
    return lines


def _verify(before: bytes, after: bytes, wanted: Mapping[str, Any]) -> None:
    """Read what would be written: our properties as wanted, all else as it was; else refuse."""
    was, was_body = _read(before)
    now, now_body = _read(after)
    ours = {key: now.pop(key) for key in SYNCED if key in now}
    theirs = {key: value for key, value in was.items() if key not in SYNCED}
    same = repr(list(theirs.items())) == repr(list(now.items())) and was_body == now_body
    if not same or ours != dict(wanted):
        raise RefusedError("its properties are written unusually", "mend its properties first")


def _read(data: bytes) -> tuple[dict[str, Any], str]:
    front, body, _ = split_front_matter(plain_lines(data.decode("utf-8")))
    try:
        value = yaml.load(f"{front}\n" if front else "").value
    except yaml.YamlError:
        raise RefusedError("its properties are written unusually", "mend them first") from None
    return value if isinstance(value, dict) else {}, body
