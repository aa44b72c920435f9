"""Sheets and formulas -> outcomes: what can be run is run, dated, and shown as it was seen."""
