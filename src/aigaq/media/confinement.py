"""Giving up every right but computing, before the first octet of a recording is seen.

Several layers, since none is on every kernel: an own user, limits, Landlock, a filter of system calls.
What could be applied is reported, so that `aigaq check` can say what this machine lacks.
"""

import ctypes
import math
import os
import resource
import signal
from dataclasses import asdict, dataclass
from typing import Final

from aigaq.core.canonical import Json
from aigaq.errors import N_
from aigaq.media import landlock, seccomp
from aigaq.media.probe import UntrustworthyAnswerError

NOBODY: Final = 65534
_OPEN_FILES: Final = 16
"""The standard three and the socket, with some to spare for the libraries' own."""

_SET_PARENT_DEATH_SIGNAL: Final = 1
_SET_DUMPABLE: Final = 4
_SET_NO_NEW_PRIVILEGES: Final = 38


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds a child. The defaults are those of a process that is not held at all."""

    limits: bool = False
    """Memory, file size 0, core 0, few open files, no further process."""
    own_user: bool = False
    """Not root: either it never was, or it has become nobody."""
    no_new_privileges: bool = False
    dies_with_parent: bool = False
    landlock: int = 0
    """The version of Landlock applied; 0 is none."""
    system_calls: bool = False
    """Only the calls that computing needs."""

    def weaknesses(self) -> tuple[str, ...]:
        """What is missing, as English sentences that are also the keys of their translations."""
        missing = {
            N_("The limits of memory and processes could not be set."): not self.limits,
            N_("The examining program runs as root: it could not become nobody."): not self.own_user,
            N_("The examining program could gain privileges."): not self.no_new_privileges,
            N_("The examining program could outlive Aigaq."): not self.dies_with_parent,
            N_("This kernel has no Landlock: use Linux 6.7 or later with Landlock on."): not self.landlock,
            N_("System calls are not filtered on this machine."): not self.system_calls,
        }
        return tuple(sentence for sentence, is_missing in missing.items() if is_missing)

    @property
    def keeps_files_and_network_away(self) -> bool:
        """Whether at least one layer stands between a parser that was taken over and the machine."""
        return self.system_calls or self.landlock > 0

    def to_dict(self) -> dict[str, Json]:
        return asdict(self)

    @classmethod
    def believe(cls, value: object) -> "Confinement":
        """From a child's hello; raise `UntrustworthyAnswerError` unless it has exactly these fields."""
        default = asdict(cls())
        if not isinstance(value, dict) or value.keys() != default.keys():
            raise UntrustworthyAnswerError(field="confinement")
        for name, kind in ((name, type(standard)) for name, standard in default.items()):
            if type(value[name]) is not kind:
                raise UntrustworthyAnswerError(field=f"confinement.{name}")
        return cls(**value)


def confine(*, memory: int, parent: int) -> Confinement:
    """Confine this process for good; call it when everything is imported and one thread runs.

    `memory` bounds the address space, in octets. `parent` is the process id of the one that must be
    living still: if it is gone already, the process exits.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    own_user = _become_nobody()
    # After the change of user, which clears it (prctl(2), PR_SET_PDEATHSIG).
    dies_with_parent = libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0) == 0
    if os.getppid() != parent:
        raise SystemExit(0)
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    limits = _set_limits(memory)
    no_new_privileges = libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    return Confinement(
        limits=limits,
        own_user=own_user,
        no_new_privileges=no_new_privileges,
        dies_with_parent=dies_with_parent,
        landlock=landlock.deny_everything(libc),
        system_calls=seccomp.restrict(libc),
    )


def allow_processor_time(seconds: int) -> None:
    """Let this process use `seconds` more of processor time; then the kernel ends it (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # The kernel counts whole seconds, so up to one more is allowed.
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, hard))


def _become_nobody() -> bool:
    """Whether the process is not root afterwards. A container may have no such user to become."""
    if os.geteuid() != 0:
        return True
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return False
    return True


def _set_limits(memory: int) -> bool:
    try:
        for limit, most in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, _OPEN_FILES),
            (resource.RLIMIT_NPROC, 0),
        ):
            resource.setrlimit(limit, (most, most))
    except (OSError, ValueError):
        return False
    return True
