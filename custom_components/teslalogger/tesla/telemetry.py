"""The Fleet Telemetry configuration of cars: given to Tesla, read back, taken back.

What is in a configuration, and whether a car follows it, is not judged here.
"""

from typing import TYPE_CHECKING, Any, Final, Protocol

from . import reading
from .errors import AccessDenied, InvalidRequest, NotFound, TokenRejected, UnexpectedAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .models import StoredTelemetryConfig, TelemetryConfigAnswer
    from .partner import PartnerClient

# How Tesla may say that a token of this kind is not for this question.
_NOT_WITH_THIS_TOKEN: Final = (AccessDenied, InvalidRequest, NotFound, TokenRejected)
_LIST: Final = "fleet_telemetry_errors"


class Ask(Protocol):
    """Asks Tesla once; raises a TeslaError."""

    async def __call__(
        self, name: str, *, vin: str | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        """The `response` of the endpoint of this name."""
        ...


class TelemetryApi:
    """What is asked about streaming with the user's token; every method raises a TeslaError."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def create(self, vins: Sequence[str], token: str) -> TelemetryConfigAnswer:
        """Give the cars a configuration, signed with the key that they have; replaces the last."""
        body = {"vins": list(vins), "token": token}
        return reading.telemetry_config_answer(await self._ask("create_telemetry", body=body))

    async def get(self, vin: str) -> StoredTelemetryConfig:
        """What Tesla holds for the car; `synced` alone does not mean that the car streams."""
        return reading.stored_telemetry_config(await self._ask("telemetry", vin=vin))

    async def delete(self, vin: str) -> int:
        """Take the configuration back; the number of cars that had one."""
        answer = await self._ask("delete_telemetry", vin=vin)
        return reading.telemetry_config_answer(answer).updated

    async def errors(self, vin: str, *, partner: PartnerClient | None = None) -> reading.Objects:
        """What the car could not do with its configuration, in Tesla's words.

        Tesla's page says that this needs the user's token, others say the application's: where
        the one is refused the other is tried, if there is a `partner`.
        """
        try:
            return error_rows(await self._ask("telemetry_errors", vin=vin))
        except _NOT_WITH_THIS_TOKEN:
            if partner is None:
                raise
        return await partner.telemetry_errors(vin=vin)


def error_rows(answer: Any) -> reading.Objects:
    """The errors in an answer, which is a list or has the list below its name."""
    if isinstance(answer, dict):
        if _LIST not in answer:
            msg = "no list of errors in the answer"
            raise UnexpectedAnswer(msg)
        answer = answer[_LIST]
    elif answer is None:
        msg = "no answer"
        raise UnexpectedAnswer(msg)
    return reading.objects(answer)
