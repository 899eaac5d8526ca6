"""What brings an office back: the ledger's copy in the vault, rebuilding from it, backup, restore, drill."""
