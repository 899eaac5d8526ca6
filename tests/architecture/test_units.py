"""The units of systemd: hardened, and without what would keep the office from working."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.films import film

UNITS = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
SERVICES = ("aigaq.service", "aigaq-dock.service", "aigaq-backup.service")
OF_MANY = ("aigaq-web@.service", "aigaq-worker@.service")
EXPOSURE = {"aigaq.service": 17, "aigaq-backup.service": 16, "aigaq-dock.service": 22}
"""The most, in tenths, that `systemd-analyze security` may give."""
WITH_USB = 24
SECRET = re.compile(r"(?:TOKEN|PASSWORD|SECRET_KEY|ACCESS_KEY|SMTP_URL|DATABASE_URL|TLS_KEY)(?:_FILE)?=(\S+)")
ANALYZE = shutil.which("systemd-analyze")
analyzed = pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze here")


def directives(*names: str) -> list[tuple[str, str]]:
    text = "\n".join((UNITS / name).read_text(encoding="utf-8") for name in names)
    return re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)


def words(found: list[tuple[str, str]], name: str) -> set[str]:
    return {word for key, value in found if key == name for word in value.split()}


@pytest.mark.parametrize("unit", [*SERVICES, *OF_MANY])
def test_each_service_gives_up_what_it_does_not_need(unit):
    found = dict(directives(unit))
    wanted = {
        "User": "aigaq",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateMounts": "yes",
        "ProtectKernelTunables": "yes",
        "ProtectKernelModules": "yes",
        "ProtectControlGroups": "yes",
        "RestrictNamespaces": "yes",
        "RestrictSUIDSGID": "yes",
        "MemoryDenyWriteExecute": "yes",
        "LockPersonality": "yes",
        "SystemCallArchitectures": "native",
        "UMask": "0077",
        "LimitCORE": "0",
        "StateDirectoryMode": "0700",
    }
    assert {name: found.get(name) for name in wanted} == wanted
    assert {"@system-service", "~@privileged"} <= words(directives(unit), "SystemCallFilter")


@pytest.mark.parametrize("unit", ["aigaq.service", "aigaq-dock.service", *OF_MANY])
def test_what_examines_recordings_can_shut_itself_in(unit):
    own = {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp"}
    assert own <= words(directives(unit), "SystemCallFilter")


def test_recordings_can_be_sealed():
    for unit in ("aigaq.service", "aigaq-backup.service", *OF_MANY):
        found = directives(unit)
        assert (
            words(found, "AmbientCapabilities")
            == words(found, "CapabilityBoundingSet")
            == {"CAP_LINUX_IMMUTABLE"}
        )
        # The capability would be one of a user space that owns no file of the system.
        assert "PrivateUsers" not in dict(found)


def test_cards_can_be_mounted_where_that_was_asked_for_and_nowhere_else():
    for names in (("aigaq.service", "examples/usb.conf"), ("aigaq-dock.service",)):
        found = directives(*names)
        assert "CAP_SYS_ADMIN" in words(found, "AmbientCapabilities") & words(found, "CapabilityBoundingSet")
        assert {"mount", "umount2"} <= words(found, "SystemCallFilter")
        assert "AF_NETLINK" in words(found, "RestrictAddressFamilies")
        assert {"block-sd rw", "block-mmc rw", "/dev/fuse rw"} <= {v for k, v in found if k == "DeviceAllow"}
        assert "PrivateDevices" not in dict(found)
        assert dict(found).get("ProcSubset", "all") == "all", "/proc/swaps"
    plain = directives("aigaq.service")
    assert "CAP_SYS_ADMIN" not in words(plain, "CapabilityBoundingSet")
    assert "mount" not in words(plain, "SystemCallFilter")


def test_no_secret_is_in_an_environment():
    files = [*UNITS.glob("*.service"), *UNITS.glob("examples/*.conf")]
    assert len(files) >= 7
    told = [value for file in files for value in SECRET.findall(file.read_text(encoding="utf-8"))]
    assert told
    assert all(value.startswith("%d/") for value in told), told
    for file in files:
        text = file.read_text(encoding="utf-8")
        given = set(re.findall(r"LoadCredential=([\w-]+):", text))
        assert given == set(re.findall(r"%d/([\w-]+)", text)), file
        for setting, name in re.findall(r"AIGAQ_(\w+)_FILE=%d/([\w-]+)", text):
            assert name == setting.lower().replace("_", "-"), "aigaq-admin would not find it"


def test_the_timer_makes_a_backup_each_day_and_makes_up_for_a_night_without_power():
    found = dict(directives("aigaq-backup.timer"))
    assert re.match(r"\*-\*-\* \d\d:\d\d", found["OnCalendar"])
    assert found["Persistent"] == "yes"


@analyzed
@pytest.mark.parametrize("unit", SERVICES)
def test_systemd_itself_finds_each_service_hardened(unit):
    secured(UNITS / unit, EXPOSURE[unit])


@analyzed
def test_systemd_finds_the_office_with_usb_hardened_too(tmp_path):
    whole = tmp_path / "aigaq.service"
    text = (UNITS / "aigaq.service").read_text(encoding="utf-8")
    whole.write_text(
        text.replace("[Install]", (UNITS / "examples" / "usb.conf").read_text(encoding="utf-8") + "[Install]")
    )
    secured(whole, WITH_USB)


@analyzed
def test_systemd_understands_every_line(tmp_path):
    """With the program where it is here: that it is in its place is for the guide's test."""
    for file in [*UNITS.glob("*.service"), *UNITS.glob("*.timer")]:
        text = file.read_text(encoding="utf-8").replace("/opt/aigaq/current/bin/aigaq ", "/bin/true ")
        (tmp_path / file.name).write_text(text)
    for unit in ("aigaq", "aigaq-backup"):
        (tmp_path / f"{unit}.service.d").mkdir()
        for example in (UNITS / "examples").glob("*.conf"):
            if unit == "aigaq" or example.stem in {"secrets", "copies"}:
                shutil.copy(example, tmp_path / f"{unit}.service.d")
    done = subprocess.run(
        [
            ANALYZE,
            "verify",
            "--man=no",
            *map(str, sorted(each for each in tmp_path.iterdir() if each.is_file())),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )
    ours = [line for line in done.stderr.splitlines() if "aigaq" in line]
    assert ours == [], done.stderr


def secured(unit, threshold):
    done = subprocess.run(
        [ANALYZE, "security", "--no-pager", "--offline=yes", f"--threshold={threshold}", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


IN_IT = """
import ctypes, io, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):  # PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN
    sys.exit("there is no such limit here")
from pathlib import Path
from aigaq.media.judge import Judge
from aigaq.paperwork.typesetting import can_set
film = Path(sys.argv[1]).read_bytes()
with Judge() as judge:
    print(judge.judge(io.BytesIO(film), "film.mp4", len(film)).verdict.value, can_set("Қ"))
"""


def test_no_memory_has_to_be_written_and_run(tmp_path):
    """What `MemoryDenyWriteExecute` forbids is not needed for examining a film, nor for setting a paper."""
    (tmp_path / "film").write_bytes(film(seconds=1))
    done = subprocess.run(
        [sys.executable, "-c", IN_IT, str(tmp_path / "film")], capture_output=True, text=True, check=False
    )
    if "no such limit" in done.stderr:
        pytest.skip("this kernel is older than Linux 6.3")
    assert done.stdout.split() == ["playable", "True"], done.stderr
