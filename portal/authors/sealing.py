"""Sealing a person's key so that only the portal's sealing key opens it; the key's file.

A seal is made for the public half of an X25519 key: an ephemeral key agrees on a secret, HKDF
(RFC 5869) makes a key of it, ChaCha20-Poly1305 (RFC 8439) closes it over the subject's name, so
that a seal moved to another thing does not open.  From the same 32 random bytes come the key of
the tokens by which authors find their own, and the salt of the phrases.
"""

import hashlib
import hmac
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TOKEN_BYTES = 16
_NONCE = bytes(12)
"""Every seal has a key of its own, so one nonce serves all (RFC 8439 asks for once per key)."""


class SealBroken(Exception):
    """The key file is missing or damaged, or a seal was made with another key."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the key file's 32 bytes become."""

    private: X25519PrivateKey
    index: bytes
    phrase_salt: bytes


class _Keeper:
    """The process's key file, read on first use."""

    path: Path | None = None
    keys: Keys | None = None


def use_key_file(path: Path) -> None:
    """Name the key file of this portal; it is read, or made, when something is first sealed."""
    _Keeper.path, _Keeper.keys = path, None


def key_file() -> Path | None:
    """The key file in use."""
    return _Keeper.path


def _keys() -> Keys:
    if _Keeper.keys is None:
        if _Keeper.path is None:
            raise SealBroken("no sealing key is in use")
        _Keeper.keys = derive(_read(_Keeper.path))
    return _Keeper.keys


def derive(secret: bytes) -> Keys:
    """The keys that come from the file's 32 bytes."""
    return Keys(
        private=X25519PrivateKey.from_private_bytes(_expand(secret, b"seal")),
        index=_expand(secret, b"index"),
        phrase_salt=_expand(secret, b"phrase")[:16],
    )


def _expand(secret: bytes, purpose: bytes, salt: bytes | None = None) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"portal " + purpose).derive(secret)


def _read(path: Path) -> bytes:
    try:
        if not path.exists():
            _make(path)
        secret = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise SealBroken(f"the sealing key {path} cannot be read") from error
    if len(secret) != 32:
        raise SealBroken(f"the sealing key {path} is damaged")
    return secret


def _make(path: Path) -> None:
    """Write the file aside and link it in place, for its owner's eyes alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(os.urandom(32).hex())
    with suppress(FileExistsError):  # another process was faster: its key is the one
        os.link(aside, path)
    aside.unlink()


def seal(person_id: int, subject: str) -> bytes:
    """Close a person's key over a subject such as ``idea:17``; always 56 bytes."""
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    box = _box(ephemeral.exchange(_keys().private.public_key()), public)
    return public + box.encrypt(_NONCE, person_id.to_bytes(8, "big"), subject.encode())


def unseal(sealed: bytes, subject: str) -> int:
    """The person's key; raises SealBroken for another key file or another subject."""
    public, closed = sealed[:32], sealed[32:]
    try:
        shared = _keys().private.exchange(X25519PublicKey.from_public_bytes(public))
        opened = _box(shared, public).decrypt(_NONCE, closed, subject.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("this seal does not open with the portal's key") from error
    return int.from_bytes(opened, "big")


def _box(shared: bytes, public: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_expand(shared, b"box", salt=public))


def owner_token(person_id: int, place: int) -> bytes:
    """What finds the ``place``-th thing that a person sealed; alike for no other."""
    message = f"owner:{person_id}:{place}".encode()
    return hmac.new(_keys().index, message, hashlib.sha256).digest()[:TOKEN_BYTES]


def phrase_salt() -> bytes:
    """The salt of all phrases: without the key file, a stolen database proves no guess."""
    return _keys().phrase_salt
