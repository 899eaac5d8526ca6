"""The transparency log that the ledger lives in: entries, the tree over them, checkpoints, verification.

The format is in docs/formats/ledger.md; another program can be written from it.
"""
