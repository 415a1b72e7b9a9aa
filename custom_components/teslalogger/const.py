"""Names that several modules share."""

from typing import Final

DOMAIN: Final = "teslalogger"

CONF_ACCOUNT_ID: Final = "account_id"
CONF_API: Final = "api"
CONF_AUTH_IMPLEMENTATION: Final = "auth_implementation"
CONF_DOMAIN: Final = "domain"
CONF_KEY_HOSTING: Final = "key_hosting"
CONF_REGION: Final = "region"

API_OWNER: Final = "owner"
"""The API of an entry that is not of the Fleet API; others do not say."""
OWNER_TITLE: Final = "Tesla (owner API)"
"""What such an entry is called as long as nobody gives it another name."""

HOSTED_BY_HOME_ASSISTANT: Final = "home_assistant"
HOSTED_EXTERNALLY: Final = "external"
