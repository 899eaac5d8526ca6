"""The vault's recovery key on one sheet for the safe: a code to scan, and groups of letters to type."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aigaq.paperwork.dates import official_moment
from aigaq.paperwork.typesetting import typeset
from aigaq.vault.age import Identity

_RULES: Final = (
    """Осы парақ кімде болса, сол барлық жазбаны оқи алады. Сейфте, мөрленген конвертте сақтаңыз.""",
    """Басшының да, жауапты тұлғаның да қойма паролі жоғалса, жазбалар осы кілтпен ғана ашылады: \
aigaq vault hand-over --to ЛОГИН --recovery-key-file ФАЙЛ""",
    """Жылына бір рет тексеріңіз: aigaq vault recovery-key --rehearse. \
Кілтті бас әріппен де, кіші әріппен де теруге болады, бос орындардың мәні жоқ.""",
    """У кого этот лист, тот читает все записи. Храните его в сейфе, в опечатанном конверте; \
раз в год проверяйте: aigaq vault recovery-key --rehearse.""",
)
_GROUP: Final = 4
_IN_A_LINE: Final = 5


def print_recovery_key(identity: Identity, *, division: str, ledger: str, made_at: datetime) -> bytes:
    """One A4 sheet. Who has it reads every recording: it goes into the safe, and the file away."""
    return typeset(
        "recovery_key",
        {
            "title": "Қойманың қалпына келтіру кілті",
            "russian": "Ключ восстановления хранилища",
            "division": division,
            "made_at": official_moment(made_at),
            "recipient": str(identity.recipient),
            "ledger": ledger,
            "qr": str(identity),
            "lines": [list(line) for line in lines(str(identity))],
            "rules": list(_RULES),
        },
        dated=made_at,
    )


def lines(text: str) -> list[Sequence[str]]:
    """Groups of four letters, five to a line."""
    groups = [text[start : start + _GROUP] for start in range(0, len(text), _GROUP)]
    return [groups[start : start + _IN_A_LINE] for start in range(0, len(groups), _IN_A_LINE)]
