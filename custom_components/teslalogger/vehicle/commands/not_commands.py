"""What a signed message can hold and no command sends, with the reason."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_OTHERWISE: Final = "another command does it: "
_ASKED: Final = "a question, which the REST API answers"
_APP: Final = "between Tesla's app and the car's screens"
_PROGRAMME: Final = "for those who manage the charging of other people's cars"
_SCALE: Final = "on which scale its number is, nobody has published"
_DESTROYS: Final = "deletes what cannot be had back, by a field that Tesla has not published"
_KEYS: Final = "about keys, which are enrolled on the phone"

NOT_COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # VehicleAction
        "getVehicleData": _ASKED,
        "getNearbyChargingSites": _ASKED,
        "getRateTariffRequest": _ASKED,
        "getManagedChargingSitesRequest": _ASKED,
        "getChargeOnSolarFeatureRequest": _ASKED,
        "getMessagesAction": _ASKED,
        "getLocalProfilesForVaultUuidAction": _ASKED,
        "fetchKeysInfoAction": _KEYS,
        "remoteStartDrive": f"{_OTHERWISE}remote_start_drive",
        "navigationRequest": f"{_OTHERWISE}navigation_request, whose text Tesla's servers read",
        "navigationRouteAction": "a route without fields, of which nobody has published more",
        "createStreamSession": "streams of the cameras, which Tesla's app alone can show",
        "streamMessage": "streams of the cameras, which Tesla's app alone can show",
        "vehicleDataSubscription": "Fleet Telemetry tells the same, without the app's encryption",
        "vehicleDataAck": "Fleet Telemetry tells the same, without the app's encryption",
        "cancelVehicleDataSubscription": "Fleet Telemetry tells the same",
        "vitalsSubscription": "for Tesla's service",
        "vitalsAck": "for Tesla's service",
        "piiKeyRequest": _APP,
        "pseudonymSyncRequest": _APP,
        "uiSetUpcomingCalendarEntries": _APP,
        "videoRequestAction": _APP,
        "takeDrivenoteAction": "a note for Tesla's engineers",
        "bluetoothClassicPairingRequest": _APP,
        "teslaAuthResponseAction": "carries a login of Tesla's",
        "setupCloudProfileWithLocalProfileUuidAction": _APP,
        "setUpkeepUsernameAction": _APP,
        "setPhoneSettingPreferencesAction": _APP,
        "prepareMobileUploadAction": "an upload in parts; nothing here has such files",
        "putMobileUploadChunkAction": "an upload in parts; nothing here has such files",
        "bandwidthTest": "measures the connection and changes nothing",
        "setRateTariffRequest": "a house's tariff is set at its energy site",
        "addManagedChargingSiteRequest": _PROGRAMME,
        "removeManagedChargingSiteRequest": _PROGRAMME,
        "updateChargeOnSolarFeatureRequest": "belongs together with Tesla's own house batteries",
        "cancelSohTestAction": "only service begins such a test",
        "startLightShowAction": f"{_SCALE}: neither its times nor its shows",
        "stopLightShowAction": "ends what no command begins",
        "setTruckBedLightBrightnessAction": _SCALE,
        "setLightbarBrightnessAction": _SCALE,
        "displayStateAction": _SCALE,
        "setPowershareDischargeLimitAction": _SCALE,
        "setDischargeLimitAction": _SCALE,
        "deleteDashcamClipsAction": _DESTROYS,
        "formatUsbAction": _DESTROYS,
        "drivingSetCruiseSpeedLimitAction": "moves a car that drives",
        "setDeckLightAction": "its number is not among those that Tesla's app sends",
        # UnsignedMessage
        "InformationRequest": _ASKED,
        "authenticationResponse": "by Bluetooth only",
        "WhitelistOperation": _KEYS,
        "autonomyCommand": "moves a car",
        # RKEAction
        "RKE_ACTION_OPEN_TRUNK": f"{_OTHERWISE}open_trunk",
        "RKE_ACTION_OPEN_FRUNK": f"{_OTHERWISE}actuate_trunk",
        "RKE_ACTION_OPEN_CHARGE_PORT": f"{_OTHERWISE}charge_port_door_open",
        "RKE_ACTION_CLOSE_CHARGE_PORT": f"{_OTHERWISE}charge_port_door_close",
        "RKE_ACTION_CANCEL_EXTERNAL_AUTHENTICATE": "by Bluetooth only",
        "RKE_ACTION_UNKNOWN": "the placeholder of the enumeration",
        "RKE_ACTION_WAKE_VEHICLE": f"{_OTHERWISE}wake_up; this one is for Bluetooth",
        "RKE_ACTION_UNLOCK_AND_REMOTE_DRIVE": f"{_OTHERWISE}door_unlock and remote_start_drive",
        "RKE_ACTION_UNLOCK_UNRESTRICTED_CLOSURES": "which closures it means, nobody has published",
        # ClosureMoveRequest
        "frontDriverDoor": "Tesla's own clients do not unlatch doors from afar",
        "frontPassengerDoor": "Tesla's own clients do not unlatch doors from afar",
        "rearDriverDoor": "Tesla's own clients do not unlatch doors from afar",
        "rearPassengerDoor": "Tesla's own clients do not unlatch doors from afar",
        "chargePort": f"{_OTHERWISE}charge_port_door_open and charge_port_door_close",
    }
)
"""By the field of the message, or the name of the number."""
