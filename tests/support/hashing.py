"""Passwords hashed as in an office, only cheaply: the tests make thousands."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2Hasher(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 64
    parallelism = 1


QUICKLY = [f"{QuickArgon2Hasher.__module__}.{QuickArgon2Hasher.__qualname__}"]
