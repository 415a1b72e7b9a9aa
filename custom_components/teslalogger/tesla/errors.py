"""What can go wrong with Tesla over HTTP, one class per thing a caller does differently.

Which answer of Tesla's becomes which of these stands in catalogue.py.
"""

from typing import TYPE_CHECKING, ClassVar, override

from .redact import sanitise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .hosts import Region


class TeslaError(Exception):
    """Root of this room's errors.

    `translation_key` names the sentence for the user, which also says what to do next, and
    `placeholders` fill it. `text` is Tesla's own explanation, shortened and without secrets;
    `txid` is what Tesla's support asks for.
    """

    may_have_succeeded: ClassVar[bool] = False
    temporary: ClassVar[bool] = False
    translation_key: str = "tesla_error"

    def __init__(
        self,
        text: str = "",
        *,
        status: int | None = None,
        txid: str | None = None,
        translation_key: str | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        self.text = sanitise(text)
        self.status = status
        self.txid = txid if txid is None else sanitise(txid, limit=64)
        if translation_key is not None:
            self.translation_key = translation_key
        self.placeholders: dict[str, str] = {
            "text": self.text or type(self).__name__,
            "status": "-" if status is None else str(status),
            "txid": self.txid or "-",
        } | {name: sanitise(value) for name, value in (placeholders or {}).items()}
        super().__init__(self.text)

    @override
    def __str__(self) -> str:
        facts = [
            *([f"HTTP {self.status}"] if self.status is not None else []),
            *([f"txid {self.txid}"] if self.txid else []),
        ]
        text = self.text or type(self).__name__
        return f"{text} ({', '.join(facts)})" if facts else text


class NotSent(TeslaError):
    """No connection came about, so Tesla cannot have seen the request."""

    temporary = True
    translation_key = "tesla_unreachable"


class AnswerLost(TeslaError):
    """The request went out, and what became of it is unknown."""

    may_have_succeeded = True
    temporary = True
    translation_key = "tesla_answer_lost"


class Withheld(TeslaError):
    """Not sent, because of what became of a question before it; its key says what that was."""


class UnexpectedAnswer(TeslaError):
    """An answer of a shape that Tesla does not document; the request may have had its effect."""

    may_have_succeeded = True
    translation_key = "tesla_unexpected_answer"


class TokenRejected(TeslaError):
    """The access token is not accepted; a new one may be."""

    temporary = True
    translation_key = "access_token_rejected"


class MalformedToken(TeslaError):
    """Not an access token of Tesla's, or stored tokens that cannot be read."""

    translation_key = "malformed_token"


class TokensNotSaved(TeslaError):
    """New tokens could not be written to disk; they are kept, and are not used before they are."""

    temporary = True
    translation_key = "tokens_not_saved"


class LoginRequired(TeslaError):
    """The login has ended: only the user can begin a new one."""

    translation_key = "login_required"


class AccessDenied(TeslaError):
    """Tesla understood the request and will not serve it as things stand."""

    translation_key = "access_denied"


class MissingScope(AccessDenied):
    """The user has not allowed this kind of access."""

    translation_key = "missing_scope"


class LocationNotGranted(AccessDenied):
    """The position was asked for and is not allowed."""

    translation_key = "location_not_granted"


class MobileAccessDisabled(AccessDenied):
    """Mobile access is switched off in the car."""

    translation_key = "mobile_access_disabled"


class PaymentRequired(AccessDenied):
    """The developer account's budget is used up."""

    translation_key = "payment_required"


class OwnerApiClosed(AccessDenied):
    """The owner API does not serve this account any more."""

    translation_key = "owner_api_closed"


class UnsupportedVehicle(AccessDenied):
    """This car cannot do that, whoever asks."""

    translation_key = "unsupported_vehicle"


class AccountLocked(AccessDenied):
    """Tesla has locked the account."""

    translation_key = "account_locked"


class LegallyBlocked(AccessDenied):
    """The law of the car's or the account's region forbids it."""

    translation_key = "legally_blocked"


class SigningRequired(TeslaError):
    """The car takes this command signed only; it has not executed it."""

    translation_key = "signing_required"


class SigningUnsupported(TeslaError):
    """The car does not know signed commands; it has not executed it."""

    translation_key = "signing_unsupported"


class NotFound(TeslaError):
    """There is no such car, or not for this account any more."""

    translation_key = "not_found"


class SiteUnreachable(AnswerLost):
    """Tesla's own servers cannot get at an energy site, which may have been given up."""

    translation_key = "site_unreachable"


class EndpointGone(TeslaError):
    """Tesla has removed this part of its interface."""

    translation_key = "endpoint_gone"


class InService(TeslaError):
    """The car is in service, where it takes nothing from owners."""

    temporary = True
    translation_key = "in_service"


class VehicleUnavailable(TeslaError):
    """The car is asleep or offline; nothing was executed."""

    temporary = True
    translation_key = "vehicle_unavailable"


class VehicleTimeout(TeslaError):
    """Tesla passed it on and the car did not answer in time."""

    may_have_succeeded = True
    temporary = True
    translation_key = "vehicle_timeout"


class VehicleMalfunction(TeslaError):
    """The car answered Tesla with something Tesla does not understand."""

    may_have_succeeded = True
    temporary = True
    translation_key = "vehicle_malfunction"


class NotRegistered(TeslaError):
    """The developer application is not registered in this region."""

    translation_key = "not_registered"


class WrongRegion(TeslaError):
    """Another region serves this account: `region`, or None if Tesla names none that we know."""

    translation_key = "wrong_region"

    def __init__(
        self,
        text: str = "",
        *,
        region: Region | None = None,
        status: int | None = None,
        txid: str | None = None,
        translation_key: str | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            text,
            status=status,
            txid=txid,
            translation_key=translation_key,
            placeholders={"region": region or "-"} | dict(placeholders or {}),
        )
        self.region = region


class InvalidRequest(TeslaError):
    """Tesla refuses what was asked, and will refuse it again."""

    translation_key = "invalid_request"


class KeyDownloadFailed(InvalidRequest):
    """Tesla could not fetch our public key from the domain."""

    translation_key = "key_download_failed"


class DomainTaken(InvalidRequest):
    """Domain or public key already belong to another application."""

    translation_key = "domain_taken"


class RateLimited(TeslaError):
    """Too many requests of this class; `retry_after` seconds are to pass before the next one."""

    temporary = True
    translation_key = "rate_limited"

    def __init__(
        self,
        text: str = "",
        *,
        retry_after: float | None = None,
        status: int | None = None,
        txid: str | None = None,
        translation_key: str | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        seconds = "-" if retry_after is None else f"{retry_after:.0f}"
        super().__init__(
            text,
            status=status,
            txid=txid,
            translation_key=translation_key,
            placeholders={"retry_after": seconds} | dict(placeholders or {}),
        )
        self.retry_after = retry_after
