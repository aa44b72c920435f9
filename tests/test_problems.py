"""Every code of docs/problems.md comes of the example that stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from argmap.cli import main
from argmap.source import CODES

if TYPE_CHECKING:
    from pathlib import Path

N = "vault/n.md"
S = "claims/s.yaml"
WELL = "- All is well #claim ^well\n"
CHECK = "checks:\n  one: {title: One, tests: well, assert: %s}\n"
DATA = "claims/data/d.csv"

# The files of each example; what is not said of a project is the note WELL.
EXAMPLES: dict[str, dict[str, str | bytes]] = {
    "A001": {"argmap.toml": "vault = \n"},
    "A002": {"argmap.toml": "valt = 'notes'\n"},
    "A003": {"argmap.toml": "language = 7\n"},
    "A004": {"argmap.toml": "vault = 'x'\n"},
    "A101": {N: "Привет".encode("cp1251")},
    "A102": {N: "---\ntitle: A: b\n---\n"},
    "A103": {N: "---\ntags: a\ntags: b\n---\n"},
    "A104": {N: "[[No such note]]\n"},
    "A105": {N: "[[Log]]\n", "vault/a/Log.md": "", "vault/b/Log.md": ""},
    "A106": {N: "[[AI]]\n", "vault/Models.md": "---\naliases: [AI]\n---\n"},
    "A107": {"vault/a/n.md": "[[../Log]]\n", "vault/Log.md": ""},
    "A109": {N: "---\nup: [[Note]]\n---\n"},
    "A111": {N: "".join("  " * i + "- x\n" for i in range(100))},
    "A113": {"vault/C# notes.md": ""},
    "A201": {N: "- X #claim (supports:: marke)\n"},
    "A202": {
        N: "- X #claim (supports:: market)\n",
        "vault/a.md": "- A #claim ^market\n",
        "vault/b.md": "- B #claim ^market\n",
    },
    "A203": {N: "- A #claim ^market\n- B #claim ^market\n"},
    "A204": {N: "- X #claim (weight:: heavy)\n"},
    "A205": {N: "- So #claim ^conclusion\n- X #claim (undercuts:: conclusion)\n"},
    "A206": {N: "- So it follows #argument\n"},
    "A207": {N: "- Seen #evidence\n"},
    "A208": {N: "- #claim ^x\n"},
    "A209": {N: "- X #claim\n    - Y #evidence (judged:: 2025-09-20)\n"},
    "A210": {N: "- Cheap #pro\n"},
    "A211": {N: "- X #claim (suports:: y)\n"},
    "A212": {N: "- X #claim ^рынок\n"},
    "A214": {N: "- M #claim ^market\n- X #claim (supports:: market) (supports:: market)\n"},
    "A215": {N: "- M #claim ^market\n- X #claim (supports:: market) (attacks:: market)\n"},
    "A216": {N: "- X #claim (credence:: 1)\n"},
    "A218": {N: "- X #claim (supports:: x) ^x\n"},
    "A221": {N: "## Rents fall #claim\n"},
    "A301": {S: "checks: [\n"},
    "A302": {S: "checks:\n  one: {tests: well, asert: a < b}\n"},
    "A303": {S: "checks:\n  one: {tests: well, assert: 1 < 2, weight: heavy}\n"},
    "A304": {
        S: "measures: {trio_share: {value: 1}}\n",
        "claims/t.yaml": "measures: {trio_share: {value: 2}}\n",
    },
    "A305": {S: "measures: {trio_share: {value: 1}}\n" + CHECK % "trio_shar >= 25 %"},
    "A306": {S: "measures: {a: {value: 1}}\n" + CHECK % "'a >= '"},
    "A307": {S: CHECK % "3 USD < 2 tok"},
    "A308": {S: "measures: {m: {table: {file: data/none.csv, sql: SELECT 1 AS value}}}\n"},
    "A309": {
        S: "measures: {m: {table: {file: data/d.csv, sql: SELECT nothing}}}\n",
        DATA: "a,b\n1,2\n",
    },
    "A310": {S: "measures: {a: {formula: b + 1}, b: {formula: a}}\n"},
    "A311": {
        S: "measures: {m: {price: {provider: google, model: no-such-model, meter: input, "
        "since: 2025-01-01}}}\n" + CHECK % "m < 1 USD/Mtok"
    },
    "A312": {
        S: "measures: {a: {value: 1}, b: {value: 2}}\nchecks:\n"
        "  one: {tests: well, assert: a < b}\n  two: {tests: well, assert: a < b}\n"
    },
    "A313": {S: "measures: {h: {value: 3}}\n"},
    "A314": {S: CHECK % "1 < 2", "claims/acks.yaml": "one: {until: 2026-12-01}\n"},
    "A315": {
        S: CHECK % "1 < 2",
        "claims/acks.yaml": "trio-leeds: {until: 2026-12-01, because: wrong source}\n",
    },
    "A316": {S: CHECK % "1 < 2"},
    "A317": {
        S: """
measures:
  m: {table: {file: data/d.csv, sql: "SELECT a AS value, day AS date FROM t WHERE town = 'Ashbey'"}}
checks:
  one: {title: One, tests: well, assert: m < 1}
""",
        DATA: "a,town,day\n1,Ashby,2025-01-01\n",
    },
    "A318": {
        S: "measures: {a: {value: 1}}\n" + CHECK % "a < 2",
        "claims/acks.yaml": "one: {until: 2024-12-01, because: wrong source}\n",
    },
    "A321": {S: 'measures: {m: {fetch: {url: "http://10.0.0.1", json: $.a}}}\n' + CHECK % "m < 1"},
    "A322": {
        S: 'measures: {m: {fetch: {url: "https://example.org/a", json: $.a, '
        'headers: {Authorization: "Bearer ${KEY}"}}}}\n' + CHECK % "m < 1"
    },
    "A401": {"claims/history/2026-01.ndjson": '{"record": "stat'},
    "A402": {"claims/history/2026-01.ndjson": "edited by hand\n"},
}  # fmt: skip

# What `lint` cannot show, and where it is tested: a command writes, runs or asks first.
ELSEWHERE = {
    "A108": "test_adopting.py", "A110": "test_sync.py", "A112": "test_hostile.py",
    "A213": "test_adopted.py", "A217": "test_graph.py", "A219": "test_lint_checks.py",
    "A220": "test_lint_checks.py", "A403": "test_faults.py", "A411": "test_fetch.py",
    "A412": "test_fetch.py", "A413": "test_fetch.py", "A414": "test_notices.py",
}  # fmt: skip


def test_every_code_has_an_example() -> None:
    """A code is either shown here, or tested by name elsewhere."""
    assert set(EXAMPLES) | set(ELSEWHERE) == set(CODES)
    assert not set(EXAMPLES) & set(ELSEWHERE)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_produces_its_code(tmp_path: Path, code: str) -> None:
    """`argmap lint` tells the code with a path, a line and a column."""
    for name, content in {"vault/well.md": WELL, **EXAMPLES[code]}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "lint"])
    lines = [line for line in result.output.splitlines() if f": {code} " in line]
    assert lines, result.output
    place, _, _ = lines[0].partition(f": {code} ")
    assert all(part.isdecimal() for part in place.rsplit(":", 2)[1:])
    assert result.exit_code == (3 if CODES[code].severity == "error" else 0), result.output


@pytest.mark.parametrize(("code", "file"), ELSEWHERE.items())
def test_what_is_tested_elsewhere_is(request: pytest.FixtureRequest, code: str, file: str) -> None:
    """The other test files hold these codes."""
    assert code in (request.path.parent / file).read_text("utf-8")


def test_problems_of_one_kind_in_one_file_are_told_a_thousand_times(tmp_path: Path) -> None:
    """Then one more says how many there are; another file, and another kind, has its own."""
    (tmp_path / "vault").mkdir()
    gone = "".join(f"[[gone {number}]]\n" for number in range(1_501))
    (tmp_path / "vault" / "a.md").write_text(f"{gone}- x #pro\n")
    (tmp_path / "vault" / "b.md").write_text("[[gone]]\n")
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "lint"])
    lines = [line for line in result.output.splitlines() if ": A104 " in line]
    assert len(lines) == 1_002
    assert lines[1_000] == "vault/a.md:1001:1: A104 and 501 more like it from here on"
    assert lines[1_001].startswith("vault/b.md:1:1: A104 no note or file 'gone'")
