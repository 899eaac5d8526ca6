"""Ways out of the office: each carries a letter to an address, or says why not. `wiring` chooses."""
