"""The overview: figures of a division and of those below it, on the page, as CSV and on paper."""
