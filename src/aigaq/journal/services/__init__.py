"""One act a file: the rule checked, the rows written, the ledger entry appended, in one transaction."""
