"""What an order fixes by wording or number, as data: another order is another profile, not other code."""
