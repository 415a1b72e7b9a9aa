"""A car: what it tells, what it can be told, and by which way."""

from .beliefs import Reason, RouteBelief, RouteBeliefs
from .channel import SignedChannel
from .commands import COMMANDS, Command, Params, Repeat, RouteRule
from .errors import (
    AcceptedWithoutAnswer,
    CannotSign,
    InvalidParameter,
    NeedsFleetApi,
    NoKey,
    ScopeNotGranted,
    StillUnavailable,
    UnknownCommand,
    VehicleError,
)
from .lane import SessionStore, SignedTransport
from .outcome import CommandError, Outcome, Result, Route
from .polling import Activity, Ask, PollingPolicy, Speeds, Step, activity_of
from .router import Channel, Router, UnsignedTransport
from .signals import INVALID, SIGNALS, Kind, OnInvalid, Signal, Value
from .state import Reading, Source, VehicleState
from .streamed import readings_from_stream
from .vehicle_data import availability_reading, endpoints_for, readings_from
from .vin import model_letter, model_year, signing_by_vin

__all__ = [
    "COMMANDS",
    "INVALID",
    "SIGNALS",
    "AcceptedWithoutAnswer",
    "Activity",
    "Ask",
    "CannotSign",
    "Channel",
    "Command",
    "CommandError",
    "InvalidParameter",
    "Kind",
    "NeedsFleetApi",
    "NoKey",
    "OnInvalid",
    "Outcome",
    "Params",
    "PollingPolicy",
    "Reading",
    "Reason",
    "Repeat",
    "Result",
    "Route",
    "RouteBelief",
    "RouteBeliefs",
    "RouteRule",
    "Router",
    "ScopeNotGranted",
    "SessionStore",
    "Signal",
    "SignedChannel",
    "SignedTransport",
    "Source",
    "Speeds",
    "Step",
    "StillUnavailable",
    "UnknownCommand",
    "UnsignedTransport",
    "Value",
    "VehicleError",
    "VehicleState",
    "activity_of",
    "availability_reading",
    "endpoints_for",
    "model_letter",
    "model_year",
    "readings_from",
    "readings_from_stream",
    "signing_by_vin",
]
