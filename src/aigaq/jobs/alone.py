"""A chore is done by one process at a time, whichever; and one that was killed holds nobody up.

PostgreSQL keeps a lock for as long as the connection lives that took it: it costs no row and no write, and
goes with the process. A host that vanished is found out by keepalives (`settings`). It is good manners, not
what correctness rests on: a process that was stopped for an hour may go on when another has begun, and every
chore may be done twice.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

_OURS: Final = int.from_bytes(b"Aiga", "big")
"""The first half of the lock's number, so that nobody else in this database means the same one."""


@contextmanager
def alone(name: str, *, everywhere: bool = False) -> Iterator[bool]:
    """Whether this process may do `name` now; as long as it does, nobody else may.

    With SQLite one process serves, so it always may; and what is done `everywhere` needs nobody's leave.
    """
    if everywhere or connection.vendor != "postgresql":
        yield True
        return
    key = (_OURS, zlib.crc32(name.encode()) - (1 << 31))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            # Not by unlocking: this is also right where the chore left a connection that answers nothing.
            connection.close()
