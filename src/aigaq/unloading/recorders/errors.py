"""What is wrong with a recorder profile."""

from aigaq.errors import N_, BadInputError


class BrokenProfileError(BadInputError):
    """`file` and `key` say where, `reason` what to write instead. The profile is left out; others work."""

    code = "recorders.broken-profile"
    message = N_(
        "The recorder profile {file} can't be used: {key}: {reason}. Correct it as "
        "docs/formats/recorder-profile.md says; until then recorders are read without it."
    )
