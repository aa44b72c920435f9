"""The kinds of measures there are: the key an author writes, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argmap.evidence.computed import Formula
from argmap.evidence.fetch import Fetch
from argmap.evidence.price import Price
from argmap.evidence.table import Table
from argmap.evidence.value import Value

if TYPE_CHECKING:
    from argmap.evidence.measure import Measure

KINDS: dict[str, type[Measure]] = {
    "value": Value,
    "price": Price,
    "table": Table,
    "fetch": Fetch,
    "formula": Formula,
}
