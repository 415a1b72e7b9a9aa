"""No secret stands in a text that others can read."""

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.tesla.redact import MAX_TEXT, sanitise, short_vin

VIN = "5YJ3E7EB8MF012346"


def test_a_car_is_known_by_the_end_of_its_vin() -> None:
    """Six characters tell the cars of a household apart."""
    assert short_vin(VIN) == "…012346"


@pytest.mark.parametrize(
    "secret",
    [
        VIN,
        VIN.lower(),
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "EU_0123456789abcdef0123456789abcdef",
        "ta-secret.Abcdef!Ghijkl",
        "A" * 64,
        "owner@example.com",
        "-----BEGIN PRIVATE KEY-----\nMIGHAgEA\nBwYI\n-----END PRIVATE KEY-----",
    ],
)
@pytest.mark.parametrize("around", ["{}", "vehicle {} not found", '{{"x":"{}"}}', "a/{}?b"])
def test_a_secret_is_taken_out_wherever_it_stands(secret: str, around: str) -> None:
    """VINs, JWTs, refresh tokens, client secrets and other long opaque strings."""
    assert secret not in sanitise(around.format(secret))


def test_a_key_that_was_cut_off_is_taken_out_whole() -> None:
    """Its last lines are too short to be known by their length."""
    line = sanitise("found -----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIA\noAoGCC")
    assert line == "found <key>"


def test_a_secret_across_the_limit_is_taken_out_whole() -> None:
    """Shortening comes last, else half a VIN would be left."""
    assert VIN[:10] not in sanitise("x " * 147 + VIN)


def test_what_tesla_says_stays_readable() -> None:
    """Addresses, commas and sentences are left alone."""
    text = "Public key download failed for https://h.example/com.tesla.pem, error: too large"
    assert sanitise(text) == text


@given(st.text(max_size=2_000))
def test_any_text_becomes_one_short_printable_line(text: str) -> None:
    """Nothing of a stranger's breaks a log line."""
    line = sanitise(text)
    assert len(line) <= MAX_TEXT
    assert line.isprintable()
    assert line == line.strip()
