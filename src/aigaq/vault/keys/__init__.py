"""The vault's key: wrapped for each reader's password, and held open for one browser session.

The formats are in docs/formats/keys.md.
"""

from aigaq.vault.keys.passwords import (
    CommonVaultPasswordError,
    LongVaultPasswordError,
    ShortVaultPasswordError,
    UnusableVaultPasswordError,
    WeakVaultPasswordError,
    check_vault_password,
)
from aigaq.vault.keys.session import (
    SECRET_SIZE,
    UnlockExpiredError,
    UnlockInvalidError,
    open_for_session,
    seal_for_session,
)
from aigaq.vault.keys.shared import (
    SecretFileError,
    SecretOnDiskError,
    require_shareable,
    shared_secret,
)
from aigaq.vault.keys.wrapping import (
    RECOMMENDED,
    Cost,
    WrapDamagedError,
    WrappedKey,
    WrongVaultPasswordError,
    unwrap,
    wrap,
)

__all__ = [
    "RECOMMENDED",
    "SECRET_SIZE",
    "CommonVaultPasswordError",
    "Cost",
    "LongVaultPasswordError",
    "SecretFileError",
    "SecretOnDiskError",
    "ShortVaultPasswordError",
    "UnlockExpiredError",
    "UnlockInvalidError",
    "UnusableVaultPasswordError",
    "WeakVaultPasswordError",
    "WrapDamagedError",
    "WrappedKey",
    "WrongVaultPasswordError",
    "check_vault_password",
    "open_for_session",
    "require_shareable",
    "seal_for_session",
    "shared_secret",
    "unwrap",
    "wrap",
]
