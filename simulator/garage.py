"""The standard world: one owner, a lender, one application and six cars."""

from typing import Final

from simulator.clock import Clock
from simulator.cloud.hosts import Region
from simulator.world import Account, App, World

OWNER: Final = "11111111-aaaa-4aaa-8aaa-111111111111"
LENDER: Final = "22222222-bbbb-4bbb-8bbb-222222222222"


def standard_world(*, clock: Clock | None = None, internet: dict[str, str] | None = None) -> World:
    """A world with the standard accounts, application and cars."""
    world = World(clock=clock or Clock(), internet=dict(internet or {}))
    for account in (
        Account(sub=OWNER, email="owner@example.com", full_name="Olivia Owner", region=Region.EU),
        Account(sub=LENDER, email="lender@example.com", full_name="Lenny Lender", region=Region.EU),
    ):
        world.accounts[account.sub] = account
    app = App(
        client_id="simulated-client",
        client_secret="simulated-secret",
        name="TeslaLogger",
        allowed_origins=("https://home.example.test",),
        redirect_uris=(
            "http://127.0.0.1:8123/auth/external/callback",
            "http://127.0.0.1/*",
            "https://my.home-assistant.io/redirect/oauth",
            "https://example.com/auth/external/callback",
        ),
    )
    world.apps[app.client_id] = app
    return world
