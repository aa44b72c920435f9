"""argmap.toml, or [tool.argmap] in pyproject.toml -> Settings. Every key stands in this place."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from argmap.source import Problem, Span, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

CONFIG = "argmap.toml"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Table):
    """Words that open an argument in a plain note, beside the built-in Russian and English ones."""

    against: tuple[str, ...] = Field((), description="lead-ins to what speaks against a thesis")
    for_: tuple[str, ...] = Field((), alias="for", description="lead-ins to what speaks for it")
    conclusion: tuple[str, ...] = Field((), description="words that open a conclusion")


class Infer(_Table):
    """Where claims may be found in plain notes."""

    folders: tuple[str, ...] = Field(
        ("*",), description="patterns of the vault's folders to infer from; `[]` stops inference"
    )
    words: Words = Words()


class Markup(_Table):
    """Other names for argmap's fields and tags."""

    aliases: dict[str, tuple[str, ...]] = Field(
        {}, description='other names of fields and tags: `supports = ["за"]`'
    )


class Evidence(_Table):
    """How evidence is run."""

    since: date | None = Field(
        None, description="where there is no history yet, a build runs the past from this day on"
    )
    allow_hosts: tuple[str, ...] = Field(
        (),
        description="hosts (`host` or `host:port`) that may be fetched from though they are not "
        "public, or answer over http",
    )


class Secret(_Table):
    """Where the value of an environment variable may be sent to."""

    hosts: tuple[str, ...] = Field((), description="the hosts it may be sent to, and no other")


class Webhook(_Table):
    """Who is told when a claim turns."""

    url: str = Field(
        "",
        description="told by POST of each change of a claim's status; `${NAME}` in it is a secret",
    )


class Obsidian(_Table):
    """What `argmap obsidian sync` does, and when."""

    sync: bool = Field(False, description="whether `build` and `serve` sync the vault as well")
    site: str = Field(
        "", description="the address of the site, for links from the vault's dashboard to it"
    )


class Config(_Table):
    """The file, as an author writes it."""

    vault: str = Field("vault", description="the folder of notes, from the project's root")
    claims: str = Field("claims", description="the folder of sheets; its history/ is the record")
    site: str = Field("site", description="where the pages go")
    title: str = Field("", description="of the site")
    language: Literal["en", "ru"] | None = Field(
        None,
        description="of the pages; if not given, the site is in both, and a reader's browser "
        "chooses",
    )
    infer: Infer = Infer()
    markup: Markup = Markup()
    evidence: Evidence = Evidence()
    obsidian: Obsidian = Obsidian()
    webhook: Webhook = Webhook()
    secrets: dict[str, Secret] = Field(
        {},
        description="environment variables that a fetch may send along, as `${NAME}`, each with "
        'the hosts it may go to: `[secrets.OPENROUTER_API_KEY]`, `hosts = ["openrouter.ai"]`',
    )
    units: dict[str, str] = Field(
        {}, description='more units, as pint defines them: `RPM = "1 / minute"`'
    )


class Settings(Config):
    """The config with the place it holds for."""

    root: Path

    @property
    def own_language(self) -> Literal["en", "ru"]:
        """Of what is for one reader, as in the vault."""
        return self.language or "en"

    @property
    def vault_folder(self) -> Path:
        """Where the notes are."""
        return self.root / self.vault

    @property
    def claims_folder(self) -> Path:
        """Where the sheets are, and their history."""
        return self.root / self.claims

    @property
    def site_folder(self) -> Path:
        """Where the pages go."""
        return self.root / self.site

    @property
    def state_folder(self) -> Path:
        """What may be deleted at any time."""
        return self.root / ".argmap"

    def infers_from(self, note: str) -> bool:
        """Say whether claims may be found in the plain text of this note (a path in the vault)."""
        return any(is_below(note, folder) for folder in self.infer.folders)


def is_below(note: str, pattern: str) -> bool:
    """Say whether a note (its path in the vault) is in a folder of this pattern, or below one."""
    return pattern == "*" or _is_folder_below(note.rpartition("/")[0], pattern.rstrip("/"))


@lru_cache(maxsize=1 << 14)
def _is_folder_below(folder: str, pattern: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(folder, pattern) or fnmatchcase(folder, f"{pattern}/*")


def find_root(start: Path) -> Path | None:
    """Return the nearest folder at or above `start` that is a project, None if none is."""
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file() or _in_pyproject(folder):
            return folder
        if (folder / "vault").is_dir():
            return folder
    return None


def _in_pyproject(folder: Path) -> bool:
    path = folder / "pyproject.toml"
    return path.is_file() and b"[tool.argmap" in path.read_bytes()


def load(root: Path) -> tuple[Settings, list[Problem]]:
    """Read the settings of the project at `root`; what is wrong keeps its default and is told."""
    path = root / CONFIG
    if not path.is_file() and _in_pyproject(root):
        path = root / "pyproject.toml"
    if not path.is_file():
        return Settings(root=root), []
    try:
        text = path.read_text("utf-8-sig")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        where = re.search(r"line (\d+), column (\d+)", str(error))
        span = Span(path.name, *(map(int, where.groups()) if where else ()))
        return Settings(root=root), [Problem("A001", span, f"not read: {error}")]
    prefix = ("tool", "argmap") if path.name == "pyproject.toml" else ()
    for key in prefix:
        table = table.get(key, {})
    return _validated(table, root, lambda keys: _place(text, path.name, (*prefix, *keys)))


def _validated(
    table: dict[str, Any], root: Path, place: Callable[[tuple[str, ...]], Span]
) -> tuple[Settings, list[Problem]]:
    """Take what is right; leave out, and tell, each key that is not."""
    problems: list[Problem] = []
    while True:
        try:
            return Settings(**{**table, "root": root}), problems
        except ValidationError as error:
            for detail in error.errors():
                keys = tuple(str(key) for key in detail["loc"])
                problems.append(_problem(keys, detail, place(keys)))
                _drop(table, keys)


def _problem(keys: tuple[str, ...], detail: ErrorDetails, span: Span) -> Problem:
    name = ".".join(keys)
    if detail["type"] != "extra_forbidden":
        said = detail["msg"].replace("a valid tuple", 'a list: ["…"]')
        return Problem("A003", span, f"{name}: {said}")
    known = _keys_beside(keys)
    hint = nearest(keys[-1], known) or f"known: {', '.join(known)}"
    return Problem("A002", span, f"no key {name!r}", hint)


def _keys_beside(keys: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Config
    if keys[0] == "secrets" and len(keys) > 2:  # noqa: PLR2004  secrets.NAME.key
        return list(Secret.model_fields)
    for key in keys[:-1]:
        table = model.model_fields[key].annotation
        model = table if isinstance(table, type) and issubclass(table, BaseModel) else model
    return [field.alias or name for name, field in model.model_fields.items()]


def _drop(table: dict[str, Any], keys: tuple[str, ...]) -> None:
    """Take out the deepest key on this path (an item of a list goes with its list)."""
    for key in keys[:-1]:
        if not isinstance(table.get(key), dict):
            break
        keys, table = keys[1:], table[key]
    table.pop(keys[0], None)


def place_of(root: Path, *keys: str) -> Span:
    """Return where a key stands in the project's config, as near as it is known."""
    path = root / CONFIG
    prefix: tuple[str, ...] = ()
    if not path.is_file() and _in_pyproject(root):
        path, prefix = root / "pyproject.toml", ("tool", "argmap")
    try:
        return _place(path.read_text("utf-8-sig"), path.name, (*prefix, *keys))
    except (OSError, UnicodeDecodeError):
        return Span(path.name)


def _place(text: str, path: str, keys: tuple[str, ...]) -> Span:
    """Find a key's line: below its table's header, as TOML is usually written."""
    header: tuple[str, ...] = ()
    best = Span(path)
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[+([^\]]+)\]", line):
            header = tuple(part.strip(" \"'") for part in found[1].split("."))
            if header == keys[: len(header)]:
                best = Span(path, number, line.index("[") + 1)
        elif found := re.match(r"(\s*)[\"']?([\w.-]+)[\"']?\s*=", line):
            full = (*header, *found[2].split("."))
            if full == keys[: len(full)]:
                best = Span(path, number, len(found[1]) + 1)
    return best
