"""Secrets of webhooks, encrypted under a KMS key. Plain texts stay in memory for as long as the function lives."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.adapters.failures import unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_kms import KMSClient

_PART: Final = "the encryption service"
_REMEMBERED: Final = 1000


@dataclass(frozen=True, slots=True)
class KmsSecretBox:
    """`ports.events.SecretBox`: the purpose is the encryption context, so a ciphertext opens only where it belongs."""

    client: "Callable[[], KMSClient]"
    key_id: str
    _opened: dict[tuple[str, bytes], str] = field(default_factory=dict[tuple[str, bytes], str], repr=False)

    def seal(self, text: str, *, purpose: str) -> bytes:
        """Encrypt."""
        with unavailable(_PART):
            answer = self.client().encrypt(
                KeyId=self.key_id, Plaintext=text.encode(), EncryptionContext={"purpose": purpose}
            )
        return answer["CiphertextBlob"]

    def open(self, sealed: bytes, *, purpose: str) -> str:
        """Decrypt; the same ciphertext is asked for once."""
        known = self._opened.get((purpose, sealed))
        if known is not None:
            return known
        with unavailable(_PART):
            answer = self.client().decrypt(
                KeyId=self.key_id, CiphertextBlob=sealed, EncryptionContext={"purpose": purpose}
            )
        if len(self._opened) >= _REMEMBERED:
            self._opened.clear()
        text = answer["Plaintext"].decode()
        self._opened[purpose, sealed] = text
        return text
