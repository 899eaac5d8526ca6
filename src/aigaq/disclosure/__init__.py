"""What leaves the office for an authority or a court: demands, the head's approval, packages, hand-overs (R15.1)."""
