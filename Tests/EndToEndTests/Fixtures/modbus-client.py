"""A client of a ControlByWeb box with pymodbus: reads all there is, switches and pulses, and says what it saw as JSON.

modbus-client.py PORT WORD_ORDER PULSE_REGISTER
"""
import json
import sys
import time

from pymodbus.client import ModbusTcpClient

port, word_order, pulse_register = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
client = ModbusTcpClient("127.0.0.1", port=port, timeout=5, retries=0)
if not client.connect():
    sys.exit(f"nobody answers at port {port}")


def code(answer):
    return answer.exception_code if answer.isError() else 0


def coils():
    answer = client.read_coils(0, count=4)
    if answer.isError():
        sys.exit(f"coils cannot be read: {answer}")
    return answer.bits[:4]


def numbers(address, count):
    answer = client.read_holding_registers(address, count=2 * count)
    if answer.isError():
        return []
    words = answer.registers
    values = [
        client.convert_from_registers(words[i : i + 2], client.DATATYPE.FLOAT32, word_order=word_order)
        for i in range(0, len(words), 2)
    ]
    return [None if value != value else value for value in values]


def coil_becomes(state, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if coils()[1] == state:
            return True
        # A Modbus server tells nobody that a pulse has ended: clients ask again.
        time.sleep(0.02)
    return False


seen, codes = {}, {}
seen["coils"] = coils()
inputs = client.read_discrete_inputs(4, count=4)
codes["inputs"] = code(inputs)
seen["inputs"] = inputs.bits[:4] if not inputs.isError() else []
codes["numbers"] = code(client.read_holding_registers(16, count=2))
seen["numbers"] = numbers(16, 4)

codes["on"] = code(client.write_coil(1, True))
seen["coilsAfter"] = coils()
codes["off"] = code(client.write_coils(1, [False, False]))
seen["coilsAtEnd"] = coils()

half_a_second = client.convert_to_registers(0.5, client.DATATYPE.FLOAT32, word_order=word_order)
codes["pulse"] = code(client.write_registers(pulse_register + 2, half_a_second))
seen["pulse"] = [coil_becomes(True, 0.4), coil_becomes(False, 5)]

codes["no such coil"] = code(client.read_coils(4, count=1))
codes["no such function"] = code(client.write_register(0, 1))
codes["no such relay"] = code(client.write_coil(3, True))
codes["no such length"] = code(client.write_registers(pulse_register, [0, 0]))
seen["codes"] = codes
seen["units"] = [client.read_coils(0, count=1, device_id=unit).dev_id for unit in (0, 1, 247, 255)]
client.close()
print(json.dumps(seen))
