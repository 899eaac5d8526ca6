"""The table the tamper-evident log lives in. Everything done in Aigaq is an entry here, or was not done."""
