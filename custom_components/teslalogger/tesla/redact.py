"""What may be said about a car or a token where others can read it."""

import re
from typing import Final

MAX_TEXT: Final = 300

_VIN_TAIL: Final = 6
_VIN: Final = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])", re.IGNORECASE)
# Up to its end, or to the end of a text that was cut off within it.
_PEM: Final = re.compile(r"-----BEGIN [^-]*-----.*?(?:-----END [^-]*-----|\Z)", re.DOTALL)
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_JWT: Final = re.compile(r"eyJ[\w-]*(?:\.[\w-]*)*")
# Refresh tokens and authorization codes begin with their region; client secrets with "ta-secret".
_OPAQUE: Final = re.compile(r"\b(?:(?:NA|EU|CN)_|ta-secret)[\w!.~*-]{8,}|[\w+/=-]{40,}")
_UNPRINTABLE: Final = re.compile(r"[^\w!-~ …]+")
# What is looked at before the text is shortened: a secret must not survive by being cut in two.
_MAX_SCANNED: Final = 16_384


def short_vin(vin: str) -> str:
    """The last six characters, which are what a VIN may be known by in a log."""
    return f"…{vin[-_VIN_TAIL:]}"


def sanitise(text: str, *, limit: int = MAX_TEXT) -> str:
    """Text of a stranger's as one printable line of at most `limit` characters, without secrets."""
    text = _PEM.sub("<key>", text[:_MAX_SCANNED])
    text = _UNPRINTABLE.sub(" ", text)
    text = _JWT.sub("<token>", text)
    text = _OPAQUE.sub("<redacted>", text)
    text = _EMAIL.sub("<e-mail>", text)
    text = _VIN.sub(lambda match: short_vin(match[0]), text)
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
