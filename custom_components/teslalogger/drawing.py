"""Draws a car from the side, as SVG: its model's outline in its own colour."""

from dataclasses import dataclass
import re
from typing import Final

WIDTH: Final = 480
HEIGHT: Final = 200

_GROUND: Final = 168
_UNKNOWN_PAINT: Final = "#9aa0a6"
_PAINTS: Final = {
    "solidblack": "#16181b",
    "diamondblack": "#1b1c20",
    "obsidianblack": "#17181a",
    "pearlwhite": "#f3f4f4",
    "whitemulticoat": "#f1f2f2",
    "solidwhite": "#f5f5f5",
    "glacierblue": "#c9dbe3",
    "frostblue": "#8fb3c7",
    "deepblue": "#1f4f94",
    "deepbluemetallic": "#1f4f94",
    "marineblue": "#12345c",
    "red": "#b3141c",
    "redmulticoat": "#b3141c",
    "ultrared": "#b8101f",
    "midnightcherryred": "#5a0f1c",
    "silver": "#b9bdc1",
    "silvermetallic": "#b9bdc1",
    "quicksilver": "#a8a9a6",
    "lunarsilver": "#b4b6b7",
    "cosmicsilver": "#9fa4a8",
    "steelgrey": "#6b7076",
    "stealthgrey": "#3b3f43",
    "midnightsilver": "#4a4f55",
    "midnightsilvermetallic": "#4a4f55",
    "titaniummetallic": "#8d8780",
    "stainlesssteel": "#c3c6c7",
    "green": "#23402f",
    "brown": "#4f3a2c",
}
_OVERRIDE: Final = re.compile(r"\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,.*)?")
_BRIGHTEST: Final = 255


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """An outline that looks to the right: paths of body and glass, wheels by centre and radius."""

    body: str
    glass: str
    wheels: tuple[int, ...]
    radius: int = 34


_SEDAN: Final = Shape(
    body="M22 150 L24 112 Q30 98 70 92 L118 86 Q176 44 246 42 Q318 42 366 88 L424 98 "
    "Q456 104 460 128 L460 150 Z",
    glass="M136 88 Q184 54 240 54 L240 90 Z M250 54 Q312 54 348 90 L250 90 Z",
    wheels=(112, 372),
)
_COMPACT: Final = Shape(
    body="M30 150 L32 108 Q40 92 86 86 Q158 40 232 40 Q304 42 356 88 L416 100 "
    "Q448 108 452 130 L452 150 Z",
    glass="M112 86 Q168 52 228 52 L228 90 Z M238 52 Q296 54 336 90 L238 90 Z",
    wheels=(114, 366),
)
_LARGE_CROSSOVER: Final = Shape(
    body="M22 148 L24 96 Q34 76 62 70 Q124 30 228 28 Q306 30 362 80 L426 94 "
    "Q456 102 460 126 L460 148 Z",
    glass="M84 74 Q136 42 222 40 L222 82 L84 82 Z M232 40 Q298 42 340 82 L232 82 Z",
    wheels=(112, 374),
    radius=38,
)
_CROSSOVER: Final = Shape(
    body="M28 148 L30 98 Q38 78 72 72 Q142 32 228 32 Q302 34 356 82 L418 96 "
    "Q450 104 454 128 L454 148 Z",
    glass="M92 76 Q150 44 224 44 L224 84 L92 84 Z M234 44 Q294 46 334 84 L234 84 Z",
    wheels=(112, 368),
    radius=37,
)
_TRUCK: Final = Shape(
    body="M18 142 L22 86 L236 26 L444 92 L466 112 L462 142 Z",
    glass="M160 60 L236 38 L236 80 L160 80 Z M246 38 L372 80 L246 80 Z",
    wheels=(104, 376),
    radius=42,
)
_ROADSTER: Final = Shape(
    body="M26 150 L28 116 Q40 100 96 96 Q166 58 246 58 Q308 62 352 98 L424 108 "
    "Q452 114 456 132 L456 150 Z",
    glass="M150 96 Q196 70 244 70 Q294 72 328 98 Z",
    wheels=(110, 374),
)
_SEMI: Final = Shape(
    body="M40 148 L40 120 L196 112 L196 22 Q300 18 352 40 Q396 66 422 112 Q440 124 442 148 Z",
    glass="M300 36 Q348 44 384 96 L300 100 Z",
    wheels=(84, 160, 380),
    radius=32,
)
_SHAPES: Final = {
    "S": _SEDAN,
    "3": _COMPACT,
    "X": _LARGE_CROSSOVER,
    "Y": _CROSSOVER,
    "C": _TRUCK,
    "R": _ROADSTER,
    "T": _SEMI,
}


def paint(colour: str | None, override: str | None = None) -> str:
    """A colour's name in Tesla's words as a colour of SVG; `override` is "red,green,blue,..."."""
    if override is not None and (match := _OVERRIDE.fullmatch(override)) is not None:
        parts = [int(part) for part in match.groups()]
        if max(parts) <= _BRIGHTEST:
            return "#" + "".join(f"{part:02x}" for part in parts)
    name = re.sub(r"[^a-z]", "", (colour or "").lower()).removeprefix("exteriorcolor")
    return _PAINTS.get(name, _UNKNOWN_PAINT)


def draw(model: str | None, colour: str) -> str:
    """The drawing of a model (its letter in the VIN) in a colour of SVG."""
    shape = _SHAPES.get(model or "", _CROSSOVER)
    wheels = "".join(_wheel(centre, shape.radius) for centre in shape.wheels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<ellipse cx="{WIDTH // 2}" cy="{_GROUND}" rx="220" ry="8" fill="#000" opacity=".18"/>'
        f'<path d="{shape.body}" fill="{colour}" stroke="#5f6368" stroke-width="2" '
        'stroke-linejoin="round"/>'
        f'<path d="{shape.glass}" fill="#20262c" stroke="#20262c" stroke-width="3" '
        'stroke-linejoin="round"/>'
        f"{wheels}</svg>"
    )


def _wheel(centre: int, radius: int) -> str:
    at = f'cx="{centre}" cy="{_GROUND - radius}"'
    return (
        f'<circle {at} r="{radius}" fill="#1d1f21"/>'
        f'<circle {at} r="{radius * 2 // 3}" fill="#8d9196" stroke="#55595e" stroke-width="2"/>'
        f'<circle {at} r="{radius // 6}" fill="#55595e"/>'
    )
