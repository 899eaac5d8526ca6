"""The evidence package of `docs/formats/package.md`: written, and checked by whoever trusts nobody here."""
