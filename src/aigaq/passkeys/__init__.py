"""Passkeys (W3C Web Authentication, level 3): enrolling one, and checking what it signed, now or years later.

Knows neither Django nor a table. The ceremony is the browser's; what comes back is hostile until checked.
"""
