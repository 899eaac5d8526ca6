"""Cards being unloaded."""
