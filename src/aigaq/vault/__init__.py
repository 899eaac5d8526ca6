"""The vault: recordings encrypted under the age format, stored once, proven at every read."""
