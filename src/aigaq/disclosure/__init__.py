"""What leaves the office for an authority or a court: demands, approvals, packages, hand-overs (R15.1)."""
