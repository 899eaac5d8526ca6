"""Errors of this floor."""

from aigaq.errors import N_, AigaqError


class UnusablePapersError(AigaqError):
    code = "package.page-papers"
    message = N_("The page of the package can't be made: “{path}” can't be used ({reason}).")
