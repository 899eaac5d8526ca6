"""Where a vault keeps its blobs: one contract (`base`), one module for each kind of store."""
