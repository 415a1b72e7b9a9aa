"""Every known answer of Tesla's that is not a yes, and what it means: one row each.

Statuses and texts are from Tesla's documentation and from reports of users. The sentence behind a
translation key tells the user what happened and what to do next.
"""

from dataclasses import dataclass
import re
import time
from typing import TYPE_CHECKING, Final

from . import answer, errors
from .endpoints import Endpoint, EndpointKind
from .hosts import Region, region_of_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .errors import TeslaError


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownAnswer:
    """What makes an answer this one, and what it means.

    `text` is the stable part of Tesla's text as a regular expression, in any case of letters.
    None matches every status or endpoint, and an empty text every text.
    """

    status: int | None
    text: str
    error: type[TeslaError]
    translation_key: str
    endpoint_kind: EndpointKind | None = None

    def matches(self, status: int, text: str, kind: EndpointKind) -> bool:
        """Whether the answer is this one."""
        return (
            self.status in {None, status}
            and self.endpoint_kind in {None, kind}
            and re.search(self.text, text, re.IGNORECASE | re.DOTALL) is not None
        )


def _row(
    status: int | None,
    text: str,
    error: type[TeslaError],
    translation_key: str | None = None,
    endpoint_kind: EndpointKind | None = None,
) -> KnownAnswer:
    return KnownAnswer(
        status=status,
        text=text,
        error=error,
        translation_key=translation_key or error.translation_key,
        endpoint_kind=endpoint_kind,
    )


_TOKEN: Final = EndpointKind.TOKEN
_PARTNER: Final = EndpointKind.PARTNER
# The reason stands behind this; before it stands an address, which may contain any of the words.
_DOWNLOAD: Final = r"public key download failed.*\berror:.*"

CATALOGUE: Final[tuple[KnownAnswer, ...]] = (
    # The text decides, whatever the status.
    _row(None, "Tesla Vehicle Command Protocol required", errors.SigningRequired),
    _row(None, "unsigned_cmds_hardlocked", errors.SigningRequired),
    # Registration conflicts have been seen with several statuses.
    _row(
        None,
        r"already been taken|already registered|another (application|account|partner)"
        r"|already (in use|exists)",
        errors.DomainTaken,
        endpoint_kind=_PARTNER,
    ),
    _row(
        None,
        "expected partner account",
        errors.InvalidRequest,
        "partner_account_not_ready",
        _PARTNER,
    ),
    _row(None, "allowed origin", errors.InvalidRequest, "invalid_domain", _PARTNER),
    # 400
    _row(400, r"invalid_grant|login_required", errors.LoginRequired, endpoint_kind=_TOKEN),
    _row(
        400,
        r"unauthorized_client|invalid_client",
        errors.InvalidRequest,
        "client_rejected",
        _TOKEN,
    ),
    _row(400, "invalid_auth_code", errors.InvalidRequest, "invalid_auth_code"),
    _row(400, "invalid_redirect_url", errors.InvalidRequest, "invalid_redirect_url"),
    _row(400, "unauthorized_client", errors.InvalidRequest, "client_rejected"),
    _row(400, "invalid domain", errors.InvalidRequest, "invalid_domain", _PARTNER),
    _row(400, "invalid_command", errors.InvalidRequest, "invalid_command"),
    _row(400, "invalid_field", errors.InvalidRequest, "invalid_field"),
    _row(400, "invalid_request", errors.InvalidRequest),
    # 401 (and what Tesla says with 403 as well)
    _row(401, "login_required|invalid_grant", errors.LoginRequired),
    _row(401, "unauthorized_client|invalid_client", errors.InvalidRequest, "client_rejected"),
    _row(401, r"mobile[ _]access[ _]disabled", errors.MobileAccessDisabled),
    _row(401, r"token expired", errors.TokenRejected),
    _row(401, r"invalid bearer token", errors.TokenRejected),
    # 402
    _row(402, "", errors.PaymentRequired),
    # 403
    _row(403, r"mobile[ _]access[ _]disabled", errors.MobileAccessDisabled),
    _row(403, "missing scopes", errors.MissingScope),
    _row(403, "location access not granted", errors.LocationNotGranted),
    _row(403, "unsupported vehicle|vehicle (is )?not supported", errors.UnsupportedVehicle),
    _row(403, r"forbidden, see https?://developer\.tesla\.c", errors.OwnerApiClosed),
    # 404
    _row(404, "", errors.NotFound, "site_not_found", EndpointKind.ENERGY),
    _row(404, "", errors.NotFound),
    # 405
    _row(405, "in service", errors.InService),
    _row(405, "", errors.InvalidRequest, "method_not_allowed"),
    # 406
    _row(406, "", errors.InvalidRequest, "invalid_content_type"),
    # 408
    _row(408, r"offline or asleep|vehicle unavailable", errors.VehicleUnavailable),
    _row(408, "", errors.VehicleTimeout),
    # 410
    _row(410, "", errors.EndpointGone),
    # 412
    _row(412, "registered in the current region", errors.NotRegistered),
    _row(412, "only available on fleetapi", errors.OwnerApiClosed),
    _row(412, "", errors.NotRegistered),
    # 421
    _row(421, "", errors.WrongRegion),
    # 422
    _row(422, "", errors.SigningUnsupported, endpoint_kind=EndpointKind.SIGNED_COMMAND),
    # 423
    _row(423, "", errors.AccountLocked),
    # 424
    _row(424, _DOWNLOAD + "too large", errors.KeyDownloadFailed, "key_download_too_large"),
    _row(
        424,
        _DOWNLOAD + r"(x509|certificate|\btls\b|\bssl\b|handshake)",
        errors.KeyDownloadFailed,
        "key_download_tls",
    ),
    _row(
        424,
        _DOWNLOAD + r"(\b404\b|not[ _]found)",
        errors.KeyDownloadFailed,
        "key_download_not_found",
    ),
    _row(
        424,
        _DOWNLOAD + r"(refused|unreachable|no such host|timed? ?out|deadline|resolve|dial tcp"
        r"|connect|reset|\beof\b)",
        errors.KeyDownloadFailed,
        "key_download_unreachable",
    ),
    _row(
        424,
        _DOWNLOAD + r"(\bpem\b|pars|decod|invalid|malformed|curve|not an? .*key)",
        errors.KeyDownloadFailed,
        "key_download_not_pem",
    ),
    _row(424, "", errors.KeyDownloadFailed),
    # 429
    _row(429, "", errors.RateLimited),
    # 451
    _row(451, "", errors.LegallyBlocked),
    # 499 and 5xx: Tesla or the car did not answer in time, the request may have got through.
    _row(499, "", errors.AnswerLost),
    _row(
        500,
        "upstream internal error",
        errors.SiteUnreachable,
        endpoint_kind=EndpointKind.ENERGY,
    ),
    _row(500, "", errors.AnswerLost, "tesla_internal_error"),
    _row(502, "", errors.AnswerLost),
    # Tesla's own client takes 503 for "not executed". Nothing shows that, so it is not relied on.
    _row(503, "", errors.AnswerLost, "tesla_overloaded"),
    _row(504, "", errors.AnswerLost),
    _row(540, "", errors.VehicleMalfunction),
    # What is left of a status.
    _row(400, "", errors.InvalidRequest),
    _row(401, "", errors.TokenRejected),
    _row(403, "", errors.AccessDenied),
    _row(422, "", errors.InvalidRequest, "unprocessable"),
)

_REFUSALS: Final = range(400, 500)
_FAILURES: Final = range(500, 600)
_YES: Final = range(200, 300)
_URL: Final = re.compile(r"https?://[^\s,;\"'<>()]+")


def find(status: int, text: str, kind: EndpointKind) -> KnownAnswer | None:
    """The first row that the answer matches."""
    return next((row for row in CATALOGUE if row.matches(status, text, kind)), None)


def refusal_within(status: int, body: bytes, endpoint: Endpoint) -> TeslaError | None:
    """The error that an answer with a status of success has in it, if it has one."""
    text = answer.explanation(body)
    row = find(status, text, endpoint.kind)
    if status not in _YES or row is None:
        return None
    return row.error(text, status=status, translation_key=row.translation_key)


def classify(
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    endpoint: Endpoint,
    *,
    now: float | None = None,
) -> TeslaError:
    """The error that an answer means; `now` is in seconds since 1970."""
    text = answer.explanation(body)
    row = find(status, text, endpoint.kind)
    error, key = (row.error, row.translation_key) if row else (_by_hundred(status), None)
    txid = next((value for name, value in headers.items() if name.lower() == "x-txid"), None)
    placeholders = {
        "endpoint": endpoint.name,
        "scopes": ", ".join(endpoint.scopes) or "-",
    }
    if issubclass(error, errors.WrongRegion):
        return error(
            text,
            status=status,
            txid=txid,
            translation_key=key,
            placeholders=placeholders,
            region=_region_in(text),
        )
    if issubclass(error, errors.RateLimited):
        return error(
            text,
            status=status,
            txid=txid,
            translation_key=key,
            placeholders=placeholders,
            retry_after=answer.retry_after(headers, now=time.time() if now is None else now),
        )
    return error(text, status=status, txid=txid, translation_key=key, placeholders=placeholders)


def _by_hundred(status: int) -> type[TeslaError]:
    if status in _REFUSALS:
        return errors.InvalidRequest
    return errors.AnswerLost if status in _FAILURES else errors.UnexpectedAnswer


def _region_in(text: str) -> Region | None:
    """The first region whose address is named; a stranger's address is never followed."""
    regions = (region_of_url(match[0].rstrip(".")) for match in _URL.finditer(text))
    return next((region for region in regions if region), None)
