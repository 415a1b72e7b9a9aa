"""Putting the virtual key into cars."""


def pairing_url(domain: str) -> str:
    """The link that makes Tesla's app offer the domain's key to the owner's cars."""
    return f"https://www.tesla.com/_ak/{domain}"
