"""Where a thing was written, and what is wrong with it: the two types every stage shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
_MOST_COMPARED = 300_000  # names, to give hints; what is misspelt beyond that goes without


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file a person wrote: path from the project's root, line and column from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """Return ``path:line:column``, which terminals and editors turn into a link."""
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table of problems: how bad it is, what it says, an example that causes it."""

    severity: Severity
    title: str
    example: str


CODES: dict[str, Code] = {
    # The project and its config
    "A001": Code("error", "the config cannot be read", "argmap.toml: `vault = `"),
    "A002": Code("error", "a key the config does not know", "argmap.toml: `valt = 'notes'`"),
    "A003": Code("error", "a value the config cannot use", "argmap.toml: `language = 7`"),
    "A004": Code("error", "a folder the config names is not there", "argmap.toml: `vault = 'x'`"),
    # Notes
    "A101": Code("error", "a note that cannot be read", "a note saved in Windows-1251"),
    "A102": Code("error", "properties that are not YAML", "`title: A: b`"),
    "A103": Code("warning", "a property given twice", "`tags: a` and again `tags: b`"),
    "A104": Code("warning", "a link to nothing", "`[[No such note]]`"),
    "A105": Code("warning", "a link that several notes answer", "`[[Log]]`, and two notes `Log`"),
    "A106": Code("warning", "an alias used as a name", "`[[AI]]`, an alias of `Models`"),
    "A107": Code("warning", "a link that Obsidian may follow elsewhere", "`[[../Log]]`"),
    "A108": Code("error", "a note that cannot be written", "a note that changed meanwhile"),
    "A109": Code("warning", "a property that Obsidian reads otherwise", "`up: [[Note]]`"),
    "A110": Code("warning", "a file of the vault that `obsidian sync` leaves as it is",
                 "a note whose properties are JSON"),
    "A111": Code("error", "what nests too deeply to be read", "a list of a hundred levels"),
    "A112": Code("warning", "a part of the vault that is not read",
                 "a folder that is a link out of the vault"),
    "A113": Code("warning", "a note whose name no link can hold", "`C# notes.md`"),
    # Claims and relations
    "A201": Code("error", "no such claim, evidence, argument, check or measure",
                 "`(supports:: marke)`"),
    "A202": Code("error", "a name that fits several", "`(supports:: market)`, in two notes"),
    "A203": Code("error", "an id given twice", "two items that end in `^market`"),
    "A204": Code("error", "a field whose value cannot be used", "`(weight:: heavy)`"),
    "A205": Code("error", "a relation that cannot hold between these",
                 "`(undercuts:: conclusion)`"),
    "A206": Code("error", "an argument without premises or without a conclusion",
                 "`- So it follows #argument`"),
    "A207": Code("error", "evidence with nothing to speak for", "`- Seen #evidence`, at the top"),
    "A208": Code("error", "a claim without text", "`- #claim ^x`"),
    "A209": Code("warning", "a judgement without a source", "`#evidence (judged:: 2025-09-20)`"),
    "A210": Code("warning", "a pro or con that stands below nothing", "`- Cheap #pro`, at the top"),
    "A211": Code("warning", "a field that looks misspelt", "`- X #claim (suports:: y)`"),
    "A212": Code("warning", "a block id that Obsidian does not find", "`- X #claim ^рынок`"),
    "A213": Code("error", "a note whose claims `adopt` cannot mark",
                 "`### Forests burn`, below `## Arguments against`"),
    "A214": Code("warning", "a relation said twice", "`(supports:: market) (supports:: market)`"),
    "A215": Code("error", "a relation for and one against, between the same two",
                 "`(supports:: market) (attacks:: market)`"),
    "A216": Code("warning", "a weight or a credence at an extreme",
                 "`(credence:: 1)`, `(weight:: 1e12)`"),
    "A217": Code("warning", "two supported claims that contradict each other",
                 "`(contradicts:: cheap)`, and a passed check for each"),
    "A218": Code("error", "a relation of a thing to itself",
                 "`- X #claim (supports:: x) ^x`; a premise that is its own conclusion"),
    "A219": Code("warning", "a judgement that has expired", "`(expires:: 2025-12-31)`"),
    "A220": Code("warning", "reasons that all come from one source",
                 "three checks of one table, and nothing else"),
    "A221": Code("warning", "a tag of ours where it marks nothing", "`## Rents fall #claim`"),
    # Sheets, measures, checks and formulas
    "A301": Code("error", "a sheet that is not YAML", "`checks: [`"),
    "A302": Code("error", "a key a sheet does not know", "`asert: a < b`"),
    "A303": Code("error", "a value a sheet cannot use", "`weight: heavy`"),
    "A304": Code("error", "a name given twice", "`trio_share` in two sheets"),
    "A305": Code("error", "no such measure", "`trio_shar >= 25 %`"),
    "A306": Code("error", "a formula that does not parse", "`a >= `"),
    "A307": Code("error", "units that do not fit", "`3 USD < 2 tok`"),
    "A308": Code("error", "a data file that is not there", "`file: data/none.csv`"),
    "A309": Code("error", "a query that fails", "`sql: SELECT nothing`"),
    "A310": Code("error", "measures that depend on each other in a circle", "`a: b + 1`, `b: a`"),
    "A311": Code("error", "a price nobody lists", "`model: no-such-model`"),
    "A312": Code("warning", "a check that says the same as another on the same claim",
                 "two checks `a < b` for one claim"),
    "A313": Code("warning", "a measure named like a unit", "`h: {value: 3}`"),
    "A314": Code("error", "an acknowledgement that cannot be used",
                 "acks.yaml: `trio-leads: {until: 2026-12-01}`"),
    "A315": Code("warning", "an acknowledgement of a check that is not there",
                 "acks.yaml: `trio-leeds: {…}`"),
    "A316": Code("warning", "a check that always comes out the same",
                 "`1 < 2`; `share <= 1`, of a share with `plausible: 0 .. 1`"),
    "A317": Code("warning", "a query that finds no row, whatever the day",
                 "`sql: SELECT … WHERE town = 'Ashbey'`"),
    "A318": Code("warning", "an acknowledgement that sets no failure aside",
                 "acks.yaml: `until: 2025-12-31`; or of a check that passes"),
    "A321": Code("error", "an address that may not be fetched from", "`url: http://10.0.0.1`"),
    "A322": Code("error", "a secret that the config does not let go there",
                 '`headers: {Authorization: "Bearer ${KEY}"}`'),
    # The history
    "A401": Code("warning", "a torn last line in the history", "a run that was cut off"),
    "A402": Code("error", "a record of the history that cannot be read", "a line edited by hand"),
    "A403": Code("error", "a run that could not be recorded", "a full disk"),
    # Sources
    "A411": Code("warning", "a source that did not say what was asked", "one that answers 503"),
    "A412": Code("warning", "no network", "a laptop on a plane"),
    "A414": Code("warning", "a webhook that was not told", "`webhook.url` answers 404"),
    "A413": Code("warning", "the bytes behind values could not be kept", "a full disk"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with what a person wrote. It stops nothing: everything else still builds."""

    code: str
    span: Span
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """The code's own: an unresolved link warns, a misspelt key is an error."""
        return CODES[self.code].severity

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """What problems are sorted by: their places, then what they say."""
        span = self.span
        return span.path, span.line, span.column, self.code, self.message

    @property
    def data(self) -> dict[str, str | int]:
        """The same for programs, as graph.json and `lint --json` have it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "path": self.span.path,
            "line": self.span.line,
            "column": self.span.column,
            "message": self.message,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        """Return the line a terminal shows."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.span}: {self.code} {self.message}{hint}"


def nearest(name: str, names: list[str]) -> str:
    """Return the hint ``did you mean …?`` for a misspelt name, empty where nothing comes near."""
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


class Hints:
    """Hints for many misspelt names, each looked for once, and none after very many comparisons."""

    def __init__(self, names: list[str]) -> None:
        """Take the names that there are."""
        self.names = names
        self.told: dict[str, str] = {}

    def of(self, name: str) -> str:
        """Return the hint for a name, empty where nothing comes near."""
        if name not in self.told and len(self.told) * len(self.names) < _MOST_COMPARED:
            self.told[name] = nearest(name, self.names)
        return self.told.get(name, "")
