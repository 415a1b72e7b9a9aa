"""The car's side of the Vehicle Command Protocol: strict, and open to mischief on demand."""

from tesla_protocol.command.universal_message_pb2 import (
    DOMAIN_INFOTAINMENT as INFOTAINMENT,
    DOMAIN_VEHICLE_SECURITY as VEHICLE_SECURITY,
)

from simulator.car.protocol.computers import Computers
from simulator.car.protocol.faults import CarFaults, Fault, Mischief

__all__ = [
    "INFOTAINMENT",
    "VEHICLE_SECURITY",
    "CarFaults",
    "Computers",
    "Fault",
    "Mischief",
]
