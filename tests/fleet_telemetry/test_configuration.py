"""What is signed is what Tesla documents, and no more than the car understands."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.fleet_telemetry.checks import (
    InvalidConfiguration,
    Problem,
    check_choice,
    check_port,
    read_authorities,
    read_hostname,
)
from custom_components.teslalogger.fleet_telemetry.configuration import (
    Car,
    Configuration,
    Fitted,
    LeftOut,
    build,
    fit,
)
from custom_components.teslalogger.fleet_telemetry.field import Hardware
from custom_components.teslalogger.fleet_telemetry.fields import FIELDS
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS, FieldChoice, Preset
from custom_components.teslalogger.vehicle_command.jws import (
    TELEMETRY_AUDIENCE,
    telemetry_token,
    verify_token,
)
from custom_components.teslalogger.vehicle_command.keys import CommandKey

NEWEST: Final = "2026.40 0123abcd"
SCOPES: Final = {"vehicle_device_data", "vehicle_location"}
ALL_HARDWARE: Final = frozenset(Hardware)


def _certificate(name: str, constraints: x509.BasicConstraints | None) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    if constraints is not None:
        builder = builder.add_extension(constraints, critical=True)
    signed = builder.sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


CA: Final = _certificate("Home CA", x509.BasicConstraints(ca=True, path_length=None))
SECOND_CA: Final = _certificate("Next CA", x509.BasicConstraints(ca=True, path_length=0))
LEAF: Final = _certificate("car.example.org", x509.BasicConstraints(ca=False, path_length=None))
OLD_LEAF: Final = _certificate("car.example.org", None)
PRIVATE_KEY: Final = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"


def _build(choice: Any = None, **changes: Any) -> Configuration:
    given: dict[str, Any] = {
        "hostname": "car.example.org",
        "port": 8443,
        "ca": CA,
    }
    car: dict[str, Any] = {"firmware": NEWEST, "scopes": SCOPES, "hardware": ALL_HARDWARE}
    car |= {name: changes.pop(name) for name in car if name in changes}
    wanted = {"Soc": FieldChoice(interval=30)} if choice is None else choice
    return build(wanted, Car(**car), **(given | changes))


def test_a_configuration_is_what_tesla_documents() -> None:
    """Name for name, with a port that is a number."""
    choice = {
        "Locked": FieldChoice(interval=1, resend=300),
        "Odometer": FieldChoice(interval=60, minimum_delta=0.1, include=("Soc",)),
    }
    built = _build(choice, hostname=" Car.Example.ORG. ", expires=1_800_000_000)
    assert built.content == {
        "hostname": "car.example.org",
        "port": 8443,
        "ca": CA,
        "fields": {
            "Locked": {"interval_seconds": 1, "resend_interval_seconds": 300},
            "Odometer": {
                "interval_seconds": 60,
                "minimum_delta": 0.1,
                "include_fields": ["Soc"],
            },
        },
        "alert_types": ["service"],
        "delivery_policy": "latest",
        "exp": 1_800_000_000,
    }
    assert built.left_out == {}


def test_without_expiry_none_is_sent() -> None:
    """Tesla takes a configuration without."""
    assert "exp" not in _build().content


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_is_signed_and_verified(preset: Preset) -> None:
    """As the car will do it."""
    built = _build(PRESETS[preset])
    assert set(built.content["fields"]) == set(PRESETS[preset])
    key = CommandKey.generate()
    token = telemetry_token(key, built.content)
    claims = verify_token(token, key.public_point, audience=TELEMETRY_AUDIENCE)
    assert built.content.items() <= claims.items()


# Firmware; fields of it and of the one after; what an entry and the whole may have.
@pytest.mark.parametrize(
    ("firmware", "newest", "too_new", "keys", "policy"),
    [
        ("2024.26.7", "DestinationName", "DetailedChargeState", set(), None),
        ("2024.38.1", "DetailedChargeState", "HvacPower", set(), None),
        ("2024.44.25", "HvacPower", "LocatedAtHome", set(), None),
        (
            "2024.44.32",
            "LocatedAtHome",
            "MediaAudioVolume",
            {"minimum_delta", "resend_interval_seconds"},
            None,
        ),
        (
            "2025.2.6",
            "MediaAudioVolume",
            "MilesSinceReset",
            {"minimum_delta", "resend_interval_seconds"},
            "latest",
        ),
        (
            "2026.26.6",
            "MilesSinceReset",
            "GpsAccuracyMeters",
            {"minimum_delta", "resend_interval_seconds", "include_fields"},
            "latest",
        ),
        (
            "2026.32.1",
            "GpsAccuracyMeters",
            "PowerTransferStatus",
            {"minimum_delta", "resend_interval_seconds", "include_fields"},
            "latest",
        ),
    ],
)
def test_a_car_is_asked_for_nothing_newer_than_itself(
    firmware: str, newest: str, too_new: str, keys: set[str], policy: str | None
) -> None:
    """Neither fields nor words: how it takes those is undocumented."""
    choice = {
        "Odometer": FieldChoice(interval=60, minimum_delta=1, resend=300, include=("Soc",)),
        newest: FieldChoice(interval=60),
        too_new: FieldChoice(interval=60),
    }
    built = _build(choice, firmware=firmware)
    assert set(built.content["fields"]) == {"Odometer", newest}
    assert built.left_out == {too_new: LeftOut.FIRMWARE}
    assert set(built.content["fields"]["Odometer"]) == {"interval_seconds"} | keys
    assert built.content.get("delivery_policy") == policy


@pytest.mark.parametrize("firmware", [None, "", "unknown"])
def test_unknown_firmware_is_the_oldest_that_streams(firmware: str | None) -> None:
    """Better too little than a car that refuses all."""
    built = _build(PRESETS[Preset.ECONOMY], firmware=firmware)
    assert built.content["fields"]["Locked"] == {"interval_seconds": 1}
    assert built.left_out["DetailedChargeState"] is LeftOut.FIRMWARE


@pytest.mark.parametrize("name", ["Location", "OriginLocation", "DestinationLocation"])
def test_places_need_their_permission(name: str) -> None:
    """Without it they never arrive, so that they are not asked for."""
    choice = {"Soc": FieldChoice(interval=1, include=(name,)), name: FieldChoice(interval=1)}
    built = _build(choice, scopes={"vehicle_device_data"})
    assert built.left_out == {name: LeftOut.SCOPE}
    assert built.content["fields"] == {"Soc": {"interval_seconds": 1}}
    assert _build(choice).content["fields"]["Soc"]["include_fields"] == [name]


def test_hardware_that_a_car_lacks_is_not_asked_for() -> None:
    """Where it is not known what the car has, everything is."""
    choice = {
        "Soc": FieldChoice(interval=1),
        "SelfDrivingMilesSinceReset": FieldChoice(interval=60),
        "TonneauPosition": FieldChoice(interval=5),
    }
    built = _build(choice, hardware={Hardware.CYBERTRUCK})
    assert built.left_out == {"SelfDrivingMilesSinceReset": LeftOut.HARDWARE}
    assert _build(choice, hardware=None).left_out == {}


def test_the_self_driving_counters_get_the_delta_that_makes_them_speak() -> None:
    """Also where nobody chose one."""
    entry = _build({"SelfDrivingMilesSinceReset": FieldChoice(interval=60)}).content["fields"]
    assert entry["SelfDrivingMilesSinceReset"]["minimum_delta"] == 1


def test_what_is_broken_in_the_car_is_left_out() -> None:
    """An old choice may still have it."""
    choice = {"Soc": FieldChoice(interval=1), "RouteLastUpdated": FieldChoice(interval=1)}
    assert _build(choice).left_out == {"RouteLastUpdated": LeftOut.NEVER}


ONE: Final = FieldChoice(interval=1)


@pytest.mark.parametrize(
    ("choice", "changes", "problem"),
    [
        ({}, {}, Problem.NO_FIELDS),
        ({"Location": ONE}, {"scopes": ()}, Problem.NO_FIELDS),
        ({"CruiseState": ONE}, {}, Problem.FIELD_UNKNOWN),
        ({"Soc": FieldChoice(interval=1, include=("Nothing",))}, {}, Problem.INCLUDE_INVALID),
        (None, {"hostname": "car"}, Problem.HOSTNAME_MALFORMED),
        (None, {"port": "443"}, Problem.PORT_INVALID),
        (None, {"ca": LEAF}, Problem.CA_NOT_AN_AUTHORITY),
        ({"Soc": FieldChoice(interval=0)}, {}, Problem.INTERVAL_INVALID),
    ],
    ids=lambda value: value.name if isinstance(value, Problem) else "",
)
def test_an_invalid_configuration_is_not_built(
    choice: Any, changes: dict[str, Any], problem: Problem
) -> None:
    """And the reason has words of its own."""
    with pytest.raises(InvalidConfiguration) as caught:
        _build(choice, **changes)
    assert caught.value.problem is problem
    assert caught.value.translation_key == problem.value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("192.0.2.1", Problem.HOSTNAME_IS_ADDRESS),
        ("[2001:db8::1]", Problem.HOSTNAME_IS_ADDRESS),
        ("homeassistant.local", Problem.HOSTNAME_NOT_PUBLIC),
        ("localhost", Problem.HOSTNAME_NOT_PUBLIC),
        ("box.home.arpa", Problem.HOSTNAME_NOT_PUBLIC),
        ("car", Problem.HOSTNAME_MALFORMED),
        ("", Problem.HOSTNAME_MALFORMED),
        ("https://car.example.org", Problem.HOSTNAME_MALFORMED),
        ("car.example.org:443", Problem.HOSTNAME_MALFORMED),
        ("-car.example.org", Problem.HOSTNAME_MALFORMED),
        ("car_1.example.org", Problem.HOSTNAME_MALFORMED),
        ("a" * 64 + ".org", Problem.HOSTNAME_MALFORMED),
        (".".join(["a" * 60] * 5) + ".org", Problem.HOSTNAME_MALFORMED),
    ],
)
def test_a_name_that_no_car_can_dial_is_refused(text: str, problem: Problem) -> None:
    """With what was typed, shortened."""
    with pytest.raises(InvalidConfiguration) as caught:
        read_hostname(text)
    assert caught.value.problem is problem
    assert len(caught.value.placeholders["hostname"]) <= 64


def test_a_name_is_read_as_dns_writes_it() -> None:
    """Punycode included."""
    assert read_hostname("Tesla.XN--Bcher-KVA.Example.") == "tesla.xn--bcher-kva.example"


@given(st.integers(1, 65_535))
def test_a_port_is_a_number(port: int) -> None:
    """Of the range that there is; a text made cars silently deaf."""
    assert check_port(port) == port
    for wrong in (str(port), float(port), -port, port + 65_535, None):
        with pytest.raises(InvalidConfiguration):
            check_port(wrong)


def test_true_is_no_port() -> None:
    """Python takes it for 1."""
    with pytest.raises(InvalidConfiguration):
        check_port(True)  # noqa: FBT003 - the value under test


@pytest.mark.parametrize(
    ("pem", "problem"),
    [
        ("", Problem.CA_NOT_PEM),
        ("garbage", Problem.CA_NOT_PEM),
        (CA.replace("M", "*"), Problem.CA_NOT_PEM),
        (CA + PRIVATE_KEY, Problem.CA_HAS_PRIVATE_KEY),
        (LEAF, Problem.CA_NOT_AN_AUTHORITY),
        (OLD_LEAF, Problem.CA_NOT_AN_AUTHORITY),
        (CA + LEAF, Problem.CA_NOT_AN_AUTHORITY),
    ],
    ids=["empty", "garbage", "damaged", "with a key", "leaf", "old leaf", "with a leaf"],
)
def test_what_a_car_cannot_trust_is_refused(pem: str, problem: Problem) -> None:
    """A private key must not go to Tesla, and its text is in no error."""
    with pytest.raises(InvalidConfiguration) as caught:
        read_authorities(pem)
    assert caught.value.problem is problem
    assert caught.value.placeholders == {}


def test_authorities_are_freed_of_what_stands_around_them() -> None:
    """Comments of a bundle, and line ends of another system."""
    bundle = f"# Home\r\n{CA}\nNext:\n{SECOND_CA}\n\n".replace("\n", "\r\n")
    assert read_authorities(bundle) == CA + SECOND_CA


@pytest.mark.parametrize(
    ("name", "wanted", "problem"),
    [
        ("RouteLine", ONE, Problem.FIELD_UNKNOWN),
        ("Soc", FieldChoice(interval=0), Problem.INTERVAL_INVALID),
        ("Soc", FieldChoice(interval=True), Problem.INTERVAL_INVALID),
        ("Soc", FieldChoice(interval=1.5), Problem.INTERVAL_INVALID),  # type: ignore[arg-type] # as a form may have it
        ("Soc", FieldChoice(interval=31 * 86_400 + 1), Problem.INTERVAL_INVALID),
        ("Soc", FieldChoice(interval=1, resend=0), Problem.INTERVAL_INVALID),
        ("Soc", FieldChoice(interval=60, resend=59), Problem.RESEND_TOO_OFTEN),
        ("Soc", FieldChoice(interval=1, minimum_delta=0), Problem.DELTA_INVALID),
        ("Soc", FieldChoice(interval=1, minimum_delta=-1), Problem.DELTA_INVALID),
        ("Soc", FieldChoice(interval=1, minimum_delta=True), Problem.DELTA_INVALID),
        ("Soc", FieldChoice(interval=1, minimum_delta=float("inf")), Problem.DELTA_INVALID),
        ("Soc", FieldChoice(interval=1, minimum_delta=float("nan")), Problem.DELTA_INVALID),
        ("Locked", FieldChoice(interval=1, minimum_delta=1), Problem.DELTA_NOT_POSSIBLE),
        (
            "SelfDrivingMilesSinceReset",
            FieldChoice(interval=60, minimum_delta=0.5),
            Problem.DELTA_TOO_SMALL,
        ),
        ("Soc", FieldChoice(interval=1, include=("Soc",)), Problem.INCLUDE_INVALID),
        ("Soc", FieldChoice(interval=1, include=("Unknown",)), Problem.INCLUDE_INVALID),
        ("MilesSinceReset", FieldChoice(interval=60, include=("Soc",)), Problem.INCLUDE_INVALID),
    ],
)
def test_a_choice_that_no_car_follows_is_refused(
    name: str, wanted: FieldChoice, problem: Problem
) -> None:
    """It is told which field it was."""
    with pytest.raises(InvalidConfiguration) as caught:
        check_choice(name, wanted)
    assert caught.value.problem is problem
    assert caught.value.placeholders["field"] == name
    assert str(caught.value)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Soc", FieldChoice(interval=60, minimum_delta=0.1, resend=60, include=("Odometer",))),
        ("Location", FieldChoice(interval=1, minimum_delta=5)),
        (
            "MilesSinceReset",
            FieldChoice(interval=60, include=("SelfDrivingMilesSinceReset",)),
        ),
    ],
)
def test_a_choice_that_cars_follow_is_taken(name: str, wanted: FieldChoice) -> None:
    """Positions by metres, and the two counters with each other."""
    check_choice(name, wanted)
    assert name in _build({name: wanted}).content["fields"]


def test_every_problem_has_a_key_of_its_own() -> None:
    """That can stand in a table of texts."""
    assert len({problem.value for problem in Problem}) == len(Problem)
    assert all(problem.startswith("telemetry_") for problem in Problem)


@given(st.sampled_from(sorted(FIELDS)), st.sampled_from([None, "2024.26", "2025.20", NEWEST]))
def test_a_field_is_asked_for_or_left_out(name: str, firmware: str | None) -> None:
    """Never both, never neither."""
    choice = {"VehicleName": ONE, name: ONE}
    built = _build(choice, firmware=firmware, hardware=None)
    assert set(built.content["fields"]) ^ set(built.left_out) == set(choice)
    assert not set(built.content["fields"]) & set(built.left_out)


@given(st.sampled_from(Preset), st.sampled_from([None, "2024.26", "2025.20", "2026.32", NEWEST]))
def test_what_is_fitted_fits(preset: Preset, firmware: str | None) -> None:
    """So that a forecast is about what is sent."""
    car = Car(firmware=firmware, scopes=(), hardware=())
    fitted = fit(PRESETS[preset], car)
    assert fit(fitted.choice, car) == Fitted(choice=fitted.choice, left_out={})
    assert set(fitted.choice) | set(fitted.left_out) == set(PRESETS[preset])
    told = build(PRESETS[preset], car, hostname="car.example.org", port=443, ca=CA)
    assert told.left_out == fitted.left_out
    assert {name: entry["interval_seconds"] for name, entry in told.content["fields"].items()} == {
        name: wanted.interval for name, wanted in fitted.choice.items()
    }
    deltas = {name: entry.get("minimum_delta") for name, entry in told.content["fields"].items()}
    assert deltas == {name: wanted.minimum_delta for name, wanted in fitted.choice.items()}
