"""What a configuration may say."""

from typing import Any

import pytest

from simulator.telemetry.config import FIELDS, FieldConfig, InvalidConfig, read

from .configs import CA, HOST, claims


def test_a_whole_configuration_is_read() -> None:
    """Every key there is."""
    config = read(
        claims(
            fields={
                "Soc": {
                    "interval_seconds": 30,
                    "minimum_delta": 0.5,
                    "resend_interval_seconds": 300,
                    "include_fields": ["Odometer"],
                }
            },
            exp=1_900_000_000,
            alert_types=["service"],
            delivery_policy="latest",
            prefer_typed=True,
            iss="",
            aud="",
        )
    )
    assert (config.hostname, config.port, config.ca) == (HOST, 4443, CA)
    assert config.fields == {
        "Soc": FieldConfig(interval=30, delta=0.5, resend=300, include=("Odometer",))
    }
    assert config.expires_at == 1_900_000_000
    assert config.alert_types == {"service"}
    assert config.latest
    assert config.typed


def test_most_of_it_may_be_left_out() -> None:
    """The standard port, no end, no alerts, nothing sent again, types where the car likes."""
    config = read(claims(port=None))
    assert (config.port, config.expires_at, config.alert_types) == (443, None, frozenset())
    assert not config.latest
    assert not config.typed
    assert config.fields["Soc"] == FieldConfig(interval=1)


@pytest.mark.parametrize("port", ["443", 443.0, True])
def test_a_port_that_is_no_integer_is_no_port(port: Any) -> None:
    """Tesla takes it, and no car ever calls."""
    assert read(claims(port=port)).port is None


def _of(**settings: Any) -> dict[str, Any]:
    return {"fields": {"Soc": {"interval_seconds": 1, **settings}}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hostnames": HOST}, "unknown key hostnames"),
        ({"hostname": None}, "hostname is missing"),
        ({"hostname": f"https://{HOST}"}, "hostname must be a host name"),
        ({"hostname": 7}, "hostname must be a host name"),
        ({"port": 65_536}, "port must be the number of a port"),
        ({"port": 0}, "port must be the number of a port"),
        ({"ca": None}, "ca is missing"),
        ({"ca": "-----BEGIN CERTIFICATE-----"}, "ca must be certificates in PEM form"),
        ({"ca": []}, "ca must be certificates in PEM form"),
        ({"exp": "2030-01-01"}, "exp must be a Unix time in seconds"),
        ({"alert_types": ["security"]}, "alert_types must be a list of service"),
        ({"alert_types": "service"}, "alert_types must be a list of service"),
        ({"delivery_policy": "all"}, "delivery_policy must be latest"),
        ({"prefer_typed": 1}, "prefer_typed must be true or false"),
        ({"fields": {}}, "fields must be an object of fields"),
        ({"fields": ["Soc"]}, "fields must be an object of fields"),
        ({"fields": {"Speed": {"interval_seconds": 1}}}, "unknown field Speed"),
        ({"fields": {"Deprecated_1": {"interval_seconds": 1}}}, "unknown field Deprecated_1"),
        ({"fields": {"Soc": 30}}, "field Soc must be an object"),
        ({"fields": {"Soc": {}}}, "interval_seconds of field Soc is missing"),
        (_of(interval_seconds=0), "interval_seconds of field Soc must be an integer, at least 1"),
        (_of(interval_seconds=1.5), "interval_seconds of field Soc must be an integer, at least 1"),
        (_of(delta=1), "unknown key delta of field Soc"),
        (_of(minimum_delta=-1), "minimum_delta of field Soc must be a number, not below 0"),
        (
            _of(resend_interval_seconds="60"),
            "resend_interval_seconds of field Soc must be an integer, at least 1",
        ),
        (_of(include_fields="Odometer"), "include_fields of field Soc must be a list of names"),
        (_of(include_fields=["Speed"]), "field Soc can not include field Speed"),
        (_of(include_fields=["Soc"]), "field Soc can not include field Soc"),
    ],
)
def test_what_is_refused(changes: dict[str, Any], words: str) -> None:
    """In words that name what is wrong."""
    with pytest.raises(InvalidConfig) as caught:
        read(claims(**changes))
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("field", "other", "good"),
    [
        ("MilesSinceReset", "SelfDrivingMilesSinceReset", True),
        ("SelfDrivingMilesSinceReset", "MilesSinceReset", True),
        ("MilesSinceReset", "Odometer", False),
    ],
)
def test_the_counters_of_driving_only_include_each_other(
    field: str, other: str, *, good: bool
) -> None:
    """So that their share is right."""
    asked = claims(fields={field: {"interval_seconds": 60, "include_fields": [other]}})
    if good:
        assert read(asked).fields[field].include == (other,)
        return
    with pytest.raises(InvalidConfig):
        read(asked)


def test_only_living_fields_can_be_asked_for() -> None:
    """259 of the 278 numbers there are."""
    assert len(FIELDS) == 259
