"""A card as a body camera would write it: for the demonstration office, the tests and the benchmarks."""

from aigaq.simulate.card import IDENTITY_NAME, NaiveStartError, card, sparse_card

__all__ = ["IDENTITY_NAME", "NaiveStartError", "card", "sparse_card"]
