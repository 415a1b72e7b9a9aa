# ruff: noqa: INP001 - a script beside shell scripts, not a package
"""Draw custom_components/teslalogger/brand/*.png: a gauge that follows a road, around a bolt.

Run from the repository's root. Standard library only, and the same bytes every time.
"""

from collections.abc import Callable, Iterable
import math
from pathlib import Path
import struct
from typing import Final
import zlib

BRAND: Final = Path("custom_components/teslalogger/brand")
ICON_SIZES: Final = {"": 256, "@2x": 512}

type Colour = tuple[float, float, float]
type Point = tuple[float, float]
type Distance = Callable[[float, float], float]

ARC_START: Final[Colour] = (18, 196, 160)
ARC_END: Final[Colour] = (44, 108, 246)
INK: Final[Colour] = (24, 32, 52)
PAPER: Final[Colour] = (244, 248, 255)

# Coordinates are in a square from -1 to 1, y downwards.
ARC_RADIUS: Final = 0.86
ARC_WIDTH: Final = 0.13
ARC_OPENING: Final = math.radians(50)
NEEDLE: Final = math.radians(-38)
BOLT: Final[tuple[Point, ...]] = (
    (0.16, -0.62),
    (-0.40, 0.10),
    (-0.04, 0.10),
    (-0.16, 0.62),
    (0.40, -0.12),
    (0.04, -0.12),
)


def _arc(x: float, y: float) -> float:
    """Distance to the open ring; the opening is at the bottom."""
    angle = math.atan2(x, y)
    if abs(angle) < ARC_OPENING:
        bound = math.copysign(ARC_OPENING, angle or 1)
        end = (ARC_RADIUS * math.sin(bound), ARC_RADIUS * math.cos(bound))
        return math.dist((x, y), end) - ARC_WIDTH
    return abs(math.hypot(x, y) - ARC_RADIUS) - ARC_WIDTH


def _dot(radius: float) -> Distance:
    """Distance to a disc on the ring, where the needle points."""
    centre = (ARC_RADIUS * math.cos(NEEDLE), ARC_RADIUS * math.sin(NEEDLE))
    return lambda x, y: math.dist((x, y), centre) - radius


def _bolt(x: float, y: float) -> float:
    """Distance to the bolt with rounded corners."""
    nearest = math.inf
    inside = False
    for (ax, ay), (bx, by) in zip(BOLT, BOLT[1:] + BOLT[:1], strict=True):
        along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
        along = min(1.0, max(0.0, along))
        nearest = min(nearest, math.dist((x, y), (ax + along * (bx - ax), ay + along * (by - ay))))
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return (-nearest if inside else nearest) - 0.05


def _mix(low: Colour, high: Colour, share: float) -> Colour:
    share = min(1.0, max(0.0, share))
    red, green, blue = (a + (b - a) * share for a, b in zip(low, high, strict=True))
    return red, green, blue


def _pixel(x: float, y: float, pixel: float, bolt: Colour) -> bytes:
    """One pixel, edges smoothed over one pixel's width, alpha not premultiplied."""

    def cover(distance: float) -> float:
        return min(1.0, max(0.0, 0.5 - distance / pixel))

    ring = cover(_arc(x, y)) * (1 - cover(_dot(ARC_WIDTH + 0.07)(x, y)))
    layers: tuple[tuple[float, Colour], ...] = (
        (ring, _mix(ARC_START, ARC_END, (x - y + 1.2) / 2.4)),
        (cover(_dot(ARC_WIDTH)(x, y)), ARC_END),
        (cover(_bolt(x, y)), bolt),
    )
    alpha = max(share for share, _ in layers)
    if not alpha:
        return bytes(4)
    weight = sum(share for share, _ in layers)
    mixed = (sum(share * colour[i] for share, colour in layers) / weight for i in range(3))
    return bytes((*(round(value) for value in mixed), round(alpha * 255)))


def _rows(size: int, bolt: Colour) -> Iterable[bytes]:
    pixel = 2 / size
    for row in range(size):
        y = (row + 0.5) * pixel - 1
        yield b"".join(_pixel((col + 0.5) * pixel - 1, y, pixel, bolt) for col in range(size))


def _png(size: int, rows: Iterable[bytes]) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        checked = kind + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def main() -> None:
    """Write the four icons: light and dark, single and double size."""
    for theme, bolt in (("", INK), ("dark_", PAPER)):
        for suffix, size in ICON_SIZES.items():
            (BRAND / f"{theme}icon{suffix}.png").write_bytes(_png(size, _rows(size, bolt)))


if __name__ == "__main__":
    main()
