"""Which scope a signed message needs."""

from typing import TYPE_CHECKING, Final

from google.protobuf.message import DecodeError
from tesla_protocol.command.car_server_pb2 import Action
from tesla_protocol.command.universal_message_pb2 import DOMAIN_INFOTAINMENT, RoutableMessage

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

CHARGING_ACTIONS: Final = frozenset(
    {
        "addChargeScheduleAction",
        "batchRemoveChargeSchedulesAction",
        "chargePortDoorClose",
        "chargePortDoorOpen",
        "chargingSetLimitAction",
        "chargingStartStopAction",
        "removeChargeScheduleAction",
        "scheduledChargingAction",
        "scheduledDepartureAction",
        "setChargingAmpsAction",
    }
)


def allowed_by(scopes: AbstractSet[str], message: bytes) -> bool:
    """Whether the scopes cover the message; Tesla's servers read its plain text too."""
    if "vehicle_cmds" in scopes:
        return True
    try:
        envelope = RoutableMessage.FromString(message)
        if envelope.HasField("session_info_request"):
            return True
        action = Action.FromString(envelope.protobuf_message_as_bytes)
    except DecodeError:
        return False
    return (
        envelope.to_destination.domain == DOMAIN_INFOTAINMENT
        and action.vehicleAction.WhichOneof("vehicle_action_msg") in CHARGING_ACTIONS
    )
