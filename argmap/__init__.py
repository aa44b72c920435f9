"""argmap: continuous integration for arguments."""

__version__ = "0.1.0"
