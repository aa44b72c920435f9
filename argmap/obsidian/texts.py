"""The files that `argmap init` writes: a config, a worked example, templates."""

from __future__ import annotations

_CONFIG = """\
# argmap: which facts your arguments rest on, and whether they still hold.
# Every key may be left out; `argmap schema config` tells them all.

vault = "{vault}" # the folder of notes, from this file
claims = "claims" # measures and checks that are too long for a note; its history/ is the record
site = "{site}" # where `argmap build` writes the pages
title = "My arguments"
# language = "en" # of the pages: en or ru; without it each reader's browser chooses

[infer]
# Claims are also found in plain notes that argue. [] stops that; ["Essays"] looks there only.
folders = ["*"]

[obsidian]
sync = false # true: `argmap build` also writes statuses into the vault
# site = "https://example.org/arguments" # for links from the vault's dashboard to the pages
"""


def config_text(vault: str) -> str:
    """Return a small argmap.toml; where the vault is the project, the site is out of its sight."""
    site = ".argmap/site" if vault == "." else "site"
    return _CONFIG.format(vault=vault, site=site)


EXAMPLE_SHEET = """\
# Measures are named quantities, checks are formulas over them. A check that comes out otherwise
# one day turns the claim it tests. `example` may go as soon as you have your own.
measures:
  rent:
    value: 1.50 USD/hour
    source: https://example.org/prices # where you saw it
    as_of: {{day}} # the day it was so
    fresh: 90d # older than that: it counts, marked as stale
  hours: {value: 8 .. 24 hour, note: an assumption; an interval says how sure you are}
  budget: {value: 40 USD}
checks:
  rent-fits:
    title: A day of renting stays within the budget
    tests: rent-a-gpu # passes: speaks for the claim; fails: against it
    assert: rent * hours <= budget
"""

EXAMPLE_NOTE = """\
# A worked example

Each line that carries a tag is read by argmap; everything else is yours.

- We should rent the GPU by the hour #claim ^rent-a-gpu
    - Buying one takes three months to deliver #pro ^delivery
        - The vendor said so by mail #evidence (source:: the vendor's mail) (judged:: {{day}})
    - Rented machines are slower to start #con

The check `rent-fits` in `claims/example.yaml` tests the first line. Change the budget
there to 20 USD, run `argmap build` again, and see the map turn.
"""

TEMPLATES = {
    "argmap claim.md": """\
---
claim: "{{title}}"
created: "{{date:YYYY-MM-DD}}"
---
What exactly is claimed, and what would show that it is wrong.

- What speaks for it #pro
    - Something a person can look up #evidence (source:: [[]]) (judged:: {{date:YYYY-MM-DD}})
- What speaks against it #con
""",
    "argmap evidence.md": """\
- What was seen #evidence (source:: [[]]) (judged:: {{date:YYYY-MM-DD}}) (expires:: )
""",
    "argmap check.md": """\
- What the number says #evidence (test:: measure >= 25 %)

```yaml argmap
measures:
  measure:
    value: 30 %
    source: https://example.org
    as_of: "{{date:YYYY-MM-DD}}"
    fresh: 90d
```
""",
}
