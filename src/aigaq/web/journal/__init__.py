"""The book, as the annex of the order has it."""
