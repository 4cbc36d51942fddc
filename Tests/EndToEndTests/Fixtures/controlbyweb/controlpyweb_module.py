"""ControlPyWeb (https://pypi.org/project/controlpyweb) reads and writes a module by its custom names: URL.

One line of JSON: what it read before, and after what it wrote.
"""

import json
import sys

from controlpyweb.io_definitions.analog_io import AnalogIn, AnalogOut
from controlpyweb.io_definitions.discrete_io import DiscreteIn, DiscreteOut
from controlpyweb.webio_module import WebIOModule


class Module(WebIOModule):
    Lamp = DiscreteOut("Lamp", "redLamp")
    Fan = DiscreteOut("Fan", "cabinetFan")
    Door = DiscreteIn("Door", "frontDoor")
    Enclosure = AnalogIn("Enclosure", "enclosure")
    Setpoint = AnalogOut("Setpoint", "setpoint")


module = Module(sys.argv[1])
module.update_from_hardware()
before = {"lamp": bool(module.Lamp), "enclosure": float(module.Enclosure), "vin": module.vin}
module.Lamp = True
module.Setpoint = 21.5
module.send_changes_to_hardware()
module.write_immediate(["cabinetFan"], True)
module.update_from_hardware()
after = {
    "lamp": bool(module.Lamp),
    "fan": bool(module.Fan),
    "setpoint": float(module.Setpoint),
    "serial": module.serial_number,
    "time": module.time_of_read.timestamp(),
}
print(json.dumps({"before": before, "after": after}))
