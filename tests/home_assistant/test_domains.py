"""The domain in what people type."""

from typing import TYPE_CHECKING

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.flows.domains import DomainRefused, read_domain, suggested_domain

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("home.example.com", "home.example.com"),
        (" Home.Example.COM.\n", "home.example.com"),
        ("https://home.example.com:8123/lovelace/0?x=1#y", "home.example.com"),
        ("http://user:password@home.example.com", "home.example.com"),
        ("home.example.com:443", "home.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("example.рф", "example.xn--p1ai"),
        ("nottesla.com", "nottesla.com"),
        ("abc.ui.nabu.casa", "abc.ui.nabu.casa"),
    ],
)
def test_the_domain_is_found(typed: str, domain: str) -> None:
    """However it is written."""
    assert read_domain(typed) == domain


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "domain_malformed"),
        ("https://", "domain_malformed"),
        ("https://[::1", "domain_malformed"),
        ("home example.com", "domain_malformed"),
        ("-home.example.com", "domain_malformed"),
        ("home..example.com", "domain_malformed"),
        ("under_score.example.com", "domain_malformed"),
        (f"{'a' * 64}.example.com", "domain_malformed"),
        (".".join(["a" * 60] * 5), "domain_malformed"),
        ("example.123", "domain_malformed"),
        ("192.168.1.2", "domain_is_address"),
        ("https://[2001:db8::1]:8123", "domain_is_address"),
        ("homeassistant", "domain_not_public"),
        ("localhost", "domain_not_public"),
        ("homeassistant.local", "domain_not_public"),
        ("ha.fritz.lan", "domain_not_public"),
        ("nas.home.arpa", "domain_not_public"),
        ("tesla.com", "domain_is_teslas"),
        ("https://www.tesla.com/_ak/home.example.com", "domain_is_teslas"),
        ("auth.tesla.cn", "domain_is_teslas"),
    ],
)
def test_what_tesla_cannot_register_is_refused(typed: str, reason: str) -> None:
    """Each for its own reason."""
    with pytest.raises(DomainRefused) as refused:
        read_domain(typed)

    assert refused.value.translation_key == reason


@given(st.text(max_size=80))
def test_nothing_that_is_typed_raises_anything_else(typed: str) -> None:
    """And what is accepted is accepted unchanged a second time."""
    try:
        domain = read_domain(typed)
    except DomainRefused:
        return
    assert read_domain(domain) == domain


@given(st.lists(LABELS, min_size=1, max_size=3), st.sampled_from(["com", "de", "museum"]))
def test_every_proper_name_is_accepted(labels: list[str], zone: str) -> None:
    """With letters, digits and inner hyphens."""
    labels = [label.replace("--", "-x") for label in labels]
    domain = ".".join([*labels, "example", zone])

    assert read_domain(f"https://{domain.upper()}/") == domain


@pytest.mark.parametrize(
    ("external_url", "suggested"),
    [
        ("https://home.example.com", "home.example.com"),
        ("https://home.example.com:8443", "home.example.com"),
        ("http://home.example.com", None),
        ("https://192.0.2.1", None),
        ("https://home.local", None),
        (None, None),
    ],
)
def test_the_public_address_of_home_assistant_is_suggested(
    hass: HomeAssistant, external_url: str | None, suggested: str | None
) -> None:
    """Only if Tesla could register it."""
    hass.config.external_url = external_url

    assert suggested_domain(hass) == suggested
