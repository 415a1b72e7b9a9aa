"""What Tesla knows of a car besides what the car tells: visits, papers, people, charging."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from simulator.car.model import CarModel

INVITATION_LIFE: Final = 24 * 3600.0
"""Seconds that an invitation can be accepted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """An offer to drive a car, for whoever has its `code`."""

    number: int
    code: str
    expires_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ChargingSession:
    """A stop at a Supercharger; times in seconds since 1970, energy in kWh, price per kWh."""

    number: int
    site: str
    started_at: float
    stopped_at: float
    energy: float
    rate: float
    currency: str = "EUR"
    country: str = "DE"

    @property
    def invoice(self) -> str:
        """The id of its invoice."""
        return f"invoice-{self.number}"

    @property
    def due(self) -> float:
        """What it costs."""
        return round(self.energy * self.rate, 2)


@dataclass(kw_only=True, slots=True)
class CarRecords:
    """The file of one car. Empty as for a new car; tests fill in what they need."""

    alerts: list[dict[str, Any]] = field(default_factory=list)
    service: dict[str, Any] = field(default_factory=dict)
    sessions: list[ChargingSession] = field(default_factory=list)
    invitations: dict[int, Invitation] = field(default_factory=dict)
    invited: int = 0

    def invite(self, now: float) -> Invitation:
        """Make a new invitation."""
        self.invited += 1
        invitation = Invitation(
            number=self.invited,
            code=f"simulated-invitation-{self.invited}",
            expires_at=now + INVITATION_LIFE,
        )
        self.invitations[invitation.number] = invitation
        return invitation


_MODEL_CODES: Final = {
    "modelx": ("MDLX", "Model X"),
    "models2": ("MDLS", "Model S"),
    "model3": ("MDL3", "Model 3"),
    "modely": ("MDLY", "Model Y"),
    "cybertruck": ("MDLC", "Cybertruck"),
}
_COLOUR_CODES: Final = {
    "DeepBlue": ("PPSB", "Deep Blue Metallic"),
    "MidnightSilver": ("PMNG", "Midnight Silver Metallic"),
    "PearlWhite": ("PPSW", "Pearl White Multi-Coat"),
    "StealthGrey": ("PN01", "Stealth Grey"),
    "StainlessSteel": ("PBCW", "Stainless Steel"),
    "UltraRed": ("PR01", "Ultra Red"),
}
BASIC_YEARS: Final = 4
BATTERY_YEARS: Final = 8


def options_of(model: CarModel) -> list[dict[str, Any]]:
    """The option codes of a kind of car."""
    codes = [_MODEL_CODES[model.car_type], _COLOUR_CODES[model.exterior_color]]
    if model.has_seat_cooling:
        codes.append(("ST33", "Ventilated Front Seats"))
    return [{"code": f"${code}", "displayName": name, "isActive": True} for code, name in codes]


def warranty_of(model: CarModel, this_year: int) -> dict[str, list[dict[str, Any]]]:
    """The basic and the battery's warranty, counted from the year of the car."""
    papers: dict[str, list[dict[str, Any]]] = {
        "activeWarranty": [],
        "upcomingWarranty": [],
        "expiredWarranty": [],
    }
    for kind, name, years, miles in (
        ("NEW_MFG_WARRANTY", "Basic Vehicle Limited Warranty", BASIC_YEARS, 50_000),
        ("BATTERY_WARRANTY", "Battery Limited Warranty", BATTERY_YEARS, 120_000),
    ):
        ends = model.option_year + years
        over = ends <= this_year
        papers["expiredWarranty" if over else "activeWarranty"].append(
            {
                "warrantyType": kind,
                "warrantyDisplayName": name,
                "expirationDate": f"{ends}-06-01T00:00:00Z",
                "expirationOdometer": miles,
                "odometerUnit": "MI",
                "warrantyExpiredOn": f"{ends}-06-01T00:00:00Z" if over else None,
                "coverageAgeInYears": years,
            }
        )
    return papers
