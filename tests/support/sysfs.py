"""A computer's disks as sysfs shows them, built in a folder."""

from pathlib import Path

USB = "devices/pci0000:00/0000:00:14.0/usb1"


class Computer:
    def __init__(self, folder: Path) -> None:
        self.sys = folder / "sys"
        (self.sys / "block").mkdir(parents=True)

    def disk(
        self, name: str, way: str, *, megabytes: int = 64, device: str | None = "0", **facts: str
    ) -> Path:
        """At the end of `way` through the buses. `device` is what it says of its type."""
        at = self.sys / way / "block" / name
        (at / "holders").mkdir(parents=True)
        usual = {"dev": f"8:{len(list((self.sys / 'block').iterdir())) * 16}", "ro": "0", "diskseq": "7"}
        for key, value in {**usual, "size": str(megabytes * 2048), **facts}.items():
            (at / key).write_text(f"{value}\n")
        (self.sys / way).joinpath("type").write_text(f"{device}\n")
        (at / "device").symlink_to(self.sys / way)
        (self.sys / "block" / name).symlink_to(at)
        return at

    def stick(self, name: str, port: str, *, lun: int = 0, **more) -> Path:
        parts = port.split(".")
        hubs = "/".join(".".join(parts[: n + 1]) for n in range(len(parts)))
        return self.disk(name, f"{USB}/{hubs}/{port}:1.0/host4/target4:0:0/4:0:0:{lun}", **more)

    def partition(self, disk: Path, number: int, *, megabytes: int) -> None:
        at = disk / f"{disk.name}{number}"
        (at / "holders").mkdir(parents=True)
        for key, value in {"partition": number, "dev": f"8:{number}", "size": megabytes * 2048}.items():
            (at / key).write_text(f"{value}\n")
