"""Aigaq: issues body cameras, keeps what they recorded unchanged, and proves it to a court."""

__version__ = "0.2.0"
