"""Whether what has to be done by itself is done: chores that fail, jobs that nobody takes or could do."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings

from aigaq import wiring
from aigaq.errors import N_, AigaqError
from aigaq.jobs.broker import waiting_since
from aigaq.jobs.taking import given_up
from aigaq.jobs.troubles import open_troubles
from aigaq.vault.keys import require_shareable

_TAKEN_WITHIN: Final = timedelta(minutes=5)

Found = tuple[str, str, dict[str, object]]


def problems() -> Iterator[Found]:
    """Code, sentence, and what stands in it."""
    now = wiring.clock().now()
    for trouble in open_troubles(now):
        message = N_("“{name}” has been failing on {host} since {since}: {said}. The log has more.")
        yield (
            "work.failing",
            message,
            {"name": trouble.name, "host": trouble.host, "since": trouble.since, "said": trouble.said},
        )
    since = waiting_since()
    if since is not None and now - since > _TAKEN_WITHIN:
        message = N_(
            "A job has been waiting since {since} and nobody takes it. Start “aigaq serve”, or “aigaq worker”"
            " where there are several processes."
        )
        yield "work.waiting", message, {"since": since}
    for job in given_up():
        message = N_("The job “{name}” of {started} failed {attempts} times: {reason}. The log has more.")
        details = {"name": job.name, "started": job.started, "attempts": job.attempt_count - 1}
        yield "work.given-up", message, {**details, "reason": job.result}


def settings_problems() -> Iterator[Found]:
    """Of what several processes share."""
    try:
        wiring.proxies()
        if settings.PROCESS_SECRET_FILE is not None:
            require_shareable(settings.PROCESS_SECRET_FILE)
    except AigaqError as error:
        yield error.code, error.message, error.details
