"""Names that several modules share."""

from typing import Final

DOMAIN: Final = "teslalogger"

CONF_ACCOUNT_ID: Final = "account_id"
CONF_API: Final = "api"
CONF_AUTH_IMPLEMENTATION: Final = "auth_implementation"
CONF_DOMAIN: Final = "domain"
CONF_KEY_HOSTING: Final = "key_hosting"
CONF_LAST_RESORT: Final = "last_resort"
"""Whether an entry of the Fleet API uses a login of the owner API beside its own."""
CONF_MOVED_FROM: Final = "moved_from"
"""The account that the entry had at the owner API, until its login there is deleted."""
CONF_REGION: Final = "region"

API_OWNER: Final = "owner"
"""The API of an entry that is not of the Fleet API; others do not say."""
OWNER_TITLE: Final = "Tesla (owner API)"
"""What such an entry is called as long as nobody gives it another name."""

HOSTED_BY_HOME_ASSISTANT: Final = "home_assistant"
HOSTED_EXTERNALLY: Final = "external"
