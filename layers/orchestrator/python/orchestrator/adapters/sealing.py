"""Texts that only who knows a secret can read: AES-GCM under a key derived from it."""

import base64
import os
from hashlib import scrypt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12
_SALT: Final = b"task-orchestrator/sealed-answer"


def sealed(text: str, secret: str) -> str:
    """The text, encrypted, in base 64."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _cipher(secret).encrypt(nonce, text.encode(), None)).decode()


def opened(text: str, secret: str) -> str:
    """What `sealed` encrypted under the same secret."""
    raw = base64.b64decode(text)
    return _cipher(secret).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()


def _cipher(secret: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to import, seldom needed

    return AESGCM(scrypt(secret.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32))
