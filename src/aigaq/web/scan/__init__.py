"""Scanning: whatever was scanned or typed is found, and said to the page that asked where it belongs."""
