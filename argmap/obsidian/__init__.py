"""Report -> the vault: what stands shows where the notes are, and no note is hurt."""
