"""All cases."""

from typing import Final

from .body import BODY
from .charging import CHARGING
from .climate import CLIMATE
from .media import MEDIA, NAVIGATION
from .security import SECURITY
from .unpublished import UNPUBLISHED

CASES: Final = (*BODY, *CLIMATE, *CHARGING, *SECURITY, *MEDIA, *NAVIGATION, *UNPUBLISHED)
