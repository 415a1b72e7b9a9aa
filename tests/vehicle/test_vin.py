"""What a VIN tells."""

import pytest

from custom_components.teslalogger.vehicle import model_letter, model_year, signing_by_vin

CARS: list[tuple[str, str | None, int | None, bool | None]] = [
    ("5YJSA1E11EF012345", "S", 2014, False),
    ("5YJXCDE22JF012345", "X", 2018, False),
    ("5YJSA1E20LF012345", "S", 2020, False),
    ("5YJSA1E25MF012350", "S", 2021, None),  # a 2021 with a motor of the old design
    ("5YJSA1E60MF012345", "S", 2021, True),
    ("7SAXCDE5XPF012345", "X", 2023, True),
    ("5YJ3E7EB8MF012346", "3", 2021, True),
    ("5YJ3E1EA0KF012345", "3", 2019, True),
    ("XP7YGCEK6SB012348", "Y", 2025, True),
    ("7G2CEHED3RA012349", "C", 2024, True),
    ("7G2TEHED3RA012349", "T", 2024, None),
    ("5YJQA1E11EF012345", None, 2014, None),
    ("5YJSA1E110F012345", "S", None, None),
    ("SHORT", None, None, None),
]


@pytest.mark.parametrize(("vin", "letter", "year", "signs"), CARS)
def test_cars(vin: str, letter: str | None, year: int | None, signs: bool | None) -> None:  # noqa: FBT001  a column of the table
    """Model, year, and whether it obeys signed commands only."""
    assert (model_letter(vin), model_year(vin), signing_by_vin(vin)) == (letter, year, signs)


@pytest.mark.parametrize("model", ["S", "X"])
@pytest.mark.parametrize(
    ("codes", "signs"), [("ABCDEFGHJKL", False), ("MNPRSTVWXY", True), ("IOQUZ", None)]
)
def test_the_year_of_the_redesign_decides(model: str, codes: str, signs: bool | None) -> None:  # noqa: FBT001  a column of the table
    """2010 to 2020 do not sign, from 2021 on they do; some letters are no year at all."""
    for code in codes:
        assert signing_by_vin(f"5YJ{model}A1E5X{code}F012345") is signs
