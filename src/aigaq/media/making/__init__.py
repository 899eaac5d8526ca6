"""Making what a browser can show of a recording that it can't: by a confined child, never in this process.

`recipes` says what is to be made of which file; `maker` and `spool` are the parent's side; all the rest runs
in the child. What comes out is described in `docs/formats/derivative.md`.
"""
