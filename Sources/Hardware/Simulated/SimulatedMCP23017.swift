/// An MCP23017 with its registers in pairs; nothing is wired to its inputs.
final class SimulatedMCP23017: SimulatedI2CDevice {
    private var registers = SimulatedMCP23017.fresh
    private var pointer = 0

    private static let count = 0x16
    private static let fresh: [UInt8] = [0xFF, 0xFF] + [UInt8](repeating: 0, count: count - 2)

    func powerOn() { registers = Self.fresh }

    func write(_ bytes: [UInt8], at time: Double) {
        guard let register = bytes.first else { return }
        pointer = Int(register) % Self.count
        for byte in bytes.dropFirst() {
            // A write to the port is a write to its latch.
            let isPort = (0x12...0x13).contains(pointer)
            registers[isPort ? pointer + 2 : pointer] = byte
            pointer = (pointer + 1) % Self.count
        }
    }

    func read(_ count: Int, at time: Double) -> [UInt8] {
        for port in 0...1 { registers[0x12 + port] = registers[0x14 + port] & ~registers[port] }
        return (0..<count).map { _ in
            defer { pointer = (pointer + 1) % Self.count }
            return registers[pointer]
        }
    }
}
