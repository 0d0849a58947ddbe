"""Signed heads: what the log's last row was on a day, in a file that can be kept elsewhere.

The chain alone cannot show that its newest rows were cut off, or that all of it was written
anew.  A head that was copied off the machine can.  It is signed (Ed25519, RFC 8032) with a key
that the portal makes for itself; what proves it is the public key, printed with it.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from portal.audit.chain import canonical
from portal.audit.services import get_head
from portal.now import now

FOLDER = "audit"
_KEY_FILE = "signing.key"


_instance: Path | None = None


def keep_under(instance: Path) -> None:
    """Let the portal's heads be kept under this instance folder."""
    global _instance
    _instance = instance


def kept_under() -> Path:
    """The instance folder that heads are kept under."""
    if _instance is None:
        raise RuntimeError("no instance is in use; call keep_under() first")
    return _instance


class BadHead(ValueError):
    """A file that is not a head this portal signed; the message is one readable line."""


def export_head(instance: Path) -> Path:
    """Write the present head, signed, under ``instance/audit/``; the day's file is replaced."""
    seq, digest = get_head()
    moment = now()
    said = {"seq": seq, "hash": digest, "at": moment.isoformat(timespec="seconds")}
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = _signing_key(folder / _KEY_FILE)
    signed = {
        **said,
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(canonical(said).encode()).hex(),
    }
    file = folder / f"head-{moment:%Y-%m-%d}.json"
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(signed, indent=2) + "\n")
    draft.replace(file)
    return file


def _signing_key(file: Path) -> Any:
    """The portal's key, made at first need and readable by its owner alone."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if file.exists():
        return Ed25519PrivateKey.from_private_bytes(file.read_bytes())
    key = Ed25519PrivateKey.generate()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as output:
        output.write(key.private_bytes_raw())
    return key


def read_heads(files: Iterable[Path], public_key: str | None = None) -> dict[int, str]:
    """Hashes by row of the heads in these files; raises BadHead for one that was not signed.

    Without ``public_key``, all must be signed by the key that the first one names.
    """
    heads: dict[int, str] = {}
    for file in files:
        said = _read(file)
        public_key = public_key or said["public_key"]
        if said["public_key"] != public_key:
            raise BadHead(f"{file.name} is signed by another key.")
        if heads.setdefault(said["seq"], said["hash"]) != said["hash"]:
            raise BadHead(f"{file.name} contradicts another head of row {said['seq']}.")
    return heads


def _read(file: Path) -> dict[str, Any]:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        said = json.loads(file.read_text())
        body: Mapping[str, Any] = {name: said[name] for name in ("seq", "hash", "at")}
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(said["public_key"]))
        key.verify(bytes.fromhex(said["signature"]), canonical(body).encode())
        return {**body, "seq": int(said["seq"]), "public_key": said["public_key"]}
    except InvalidSignature:
        raise BadHead(f"{file.name} was changed after it was signed.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadHead(f"{file.name} is not a signed head of an audit log.") from error


def list_heads(instance: Path) -> list[Path]:
    """The heads that this portal exported, oldest first."""
    return sorted((instance / FOLDER).glob("head-*.json"))


def find_public_key(instance: Path) -> str | None:
    """The key that this portal signs with, if it has signed anything."""
    file = instance / FOLDER / _KEY_FILE
    return _signing_key(file).public_key().public_bytes_raw().hex() if file.exists() else None
