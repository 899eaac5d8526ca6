from aigaq.errors import N_, AigaqError


class AlreadyPrintingError(AigaqError):
    code = "prints.already"
    message = N_("A paper is being prepared for you already. Take it or stop it, then ask for the next.")


class PressBusyError(AigaqError):
    code = "prints.busy"
    message = N_("Several people are printing at once. Ask again in a minute.")
