import Platform
import TestSupport
import Testing

@testable import Hardware

/// A chip at the level of the datasheet: registers, their power-on values, and every level that its outputs had.
private final class Expander: I2CBus {
    let name = "/dev/i2c-9"
    private(set) var now = Duration.zero
    var registers = Expander.fresh
    /// What was driven after each byte that was written; bits of inputs are nil.
    private(set) var driven: [[Bool?]] = []
    /// It answers nothing.
    var isGone = false
    /// It takes no settings.
    var isDeaf = false
    /// Pins that something else holds low.
    var held: UInt16 = 0
    private(set) var transfers = 0

    static let fresh: [UInt8] = [0xFF, 0xFF] + [UInt8](repeating: 0, count: 0x14)

    func pause(for duration: Duration) { now += duration }

    var outputs: [Bool?] {
        (0..<16).map { pin in
            let bit = UInt8(1) << UInt8(pin % 8)
            return registers[pin / 8] & bit != 0 ? nil : registers[0x14 + pin / 8] & bit != 0
        }
    }

    func transfer(to address: UInt8, write: [UInt8], read count: Int) throws(HardwareError) -> [UInt8] {
        transfers += 1
        guard !isGone, address == 0x20 else { throw HardwareError(.notPresent, "nothing answers") }
        var pointer = Int(write.first ?? 0)
        for byte in write.dropFirst() where !isDeaf {
            registers[pointer % registers.count] = byte
            pointer += 1
            driven.append(outputs)
        }
        for port in 0...1 {
            registers[0x12 + port] = registers[0x14 + port] & ~UInt8(truncatingIfNeeded: held >> UInt16(8 * port))
        }
        return (0..<count).map { registers[(pointer + $0) % registers.count] }
    }
}

@Suite("MCP23017")
struct MCP23017Tests {
    @Test("the first line is latched before it is an output, and all others stay inputs")
    func first() throws {
        let bus = ScriptedI2CBus(
            [
                .transfer(to: 0x20, write: [0x0A], answer: [0, 0]), .transfer(to: 0x20, write: [0x02], answer: [0, 0]),
                .transfer(to: 0x20, write: [0x00], answer: [0xFF, 0xFF]),
                .transfer(to: 0x20, write: [0x14], answer: [0, 0]),
                .transfer(to: 0x20, write: [0x14, 0x00, 0x02]), .transfer(to: 0x20, write: [0x00, 0xFF, 0xFD]),
            ], unscripted: { Issue.record("\($0)") })
        var chip = MCP23017(address: 0x20)
        try chip.adopt(on: bus)
        try chip.drive(9, high: true, on: bus)
        #expect(bus.remaining == 0)
    }

    @Test("a chip that drives already is taken over without a change at a line")
    func adopted() throws {
        let bus = Expander()
        bus.registers[0x00] = 0xF0
        bus.registers[0x14] = 0x05
        var chip = MCP23017(address: 0x20)
        try chip.adopt(on: bus)
        #expect(bus.driven.isEmpty)
        try chip.drive(1, high: true, on: bus)
        #expect(bus.outputs.prefix(5) == [true, true, true, false, nil])
    }

    @Test("no other line ever has another level, through 2,000 random changes")
    func neighbours() throws {
        let bus = Expander()
        var chip = MCP23017(address: 0x20)
        try chip.adopt(on: bus)
        var expected = [Bool?](repeating: nil, count: 16)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let pin = Int.random(in: 0..<16, using: &random)
            let level = Bool.random(using: &random)
            let before = bus.driven.count
            try chip.drive(pin, high: level, on: bus)
            for state in bus.driven[before...] {
                for other in 0..<16 where other != pin { #expect(state[other] == expected[other]) }
                // The line itself passes through nothing but its old and its new level.
                #expect(state[pin] == expected[pin] || state[pin] == level)
            }
            expected[pin] = level
            #expect(bus.outputs == expected)
        }
    }

    @Test("a chip that was without supply is back in the safe order: no line drives a wrong level")
    func restored() throws {
        let bus = Expander()
        var chip = MCP23017(address: 0x20)
        try chip.adopt(on: bus)
        try chip.drive(0, high: true, on: bus)
        try chip.drive(8, high: false, on: bus)
        bus.registers = Expander.fresh
        #expect(try chip.condition(on: bus).hasLostSettings)
        let before = bus.driven.count
        try chip.recover(on: bus)
        #expect(bus.driven[before...].allSatisfy { $0[0] != false && $0[8] != true })
        #expect(bus.outputs[0] == true && bus.outputs[8] == false)
        #expect(try !chip.condition(on: bus).hasLostSettings)
    }

    @Test("a change while the chip is away is kept for its return")
    func away() throws {
        let bus = Expander()
        var chip = MCP23017(address: 0x20)
        try chip.adopt(on: bus)
        bus.isGone = true
        #expect(throws: HardwareError.self) { try chip.drive(3, high: true, on: bus) }
        bus.isGone = false
        bus.registers = Expander.fresh
        try chip.recover(on: bus)
        #expect(bus.outputs[3] == true)
    }

    @Test("a chip left in the other register layout is set right; GPINTENB and IOCON share their place")
    func banks() throws {
        let bus = ScriptedI2CBus(
            [
                .transfer(to: 0x20, write: [0x0A], answer: [0x80, 0x80]),
                .transfer(to: 0x20, write: [0x05, 0x00]), .transfer(to: 0x20, write: [0x0A, 0x00, 0x00]),
                .transfer(to: 0x20, write: [0x0A], answer: [0, 0]), .transfer(to: 0x20, write: [0x02], answer: [1, 0]),
                .transfer(to: 0x20, write: [0x02, 0x00, 0x00]),
                .transfer(to: 0x20, write: [0x00], answer: [0xFE, 0xFF]),
                .transfer(to: 0x20, write: [0x14], answer: [0x01, 0]),
            ], unscripted: { Issue.record("\($0)") })
        var chip = MCP23017(address: 0x20)
        try chip.adopt(on: bus)
        #expect(bus.remaining == 0)
        #expect(chip.directions == 0xFFFE && chip.latches == 0x0001)
    }

    @Test("what does not keep its settings is no expander")
    func stranger() {
        let bus = Expander()
        bus.registers[0x0A] = 0x41
        bus.isDeaf = true
        var chip = MCP23017(address: 0x20)
        let error = #expect(throws: HardwareError.self) { try chip.adopt(on: bus) }
        #expect(error?.kind == .busError)
    }

    @Test("a pin that something else holds is read as it is")
    func held() throws {
        let bus = Expander()
        var chip = MCP23017(address: 0x20)
        try chip.adopt(on: bus)
        try chip.drive(2, high: true, on: bus)
        try chip.drive(12, high: true, on: bus)
        #expect(try chip.condition(on: bus) == .init(levels: 0x1004, hasLostSettings: false))
        bus.held = 0x1000
        #expect(try chip.condition(on: bus) == .init(levels: 0x0004, hasLostSettings: false))
    }

    @Test("the bus' short answer is an error, not a level")
    func short() {
        let bus = ScriptedI2CBus(
            [.short(to: 0x20, write: [0x0A], read: 2, answer: [0])], unscripted: { Issue.record("\($0)") })
        var chip = MCP23017(address: 0x20)
        #expect(throws: HardwareError.self) { try chip.adopt(on: bus) }
    }

    @Test("the simulated one behaves as the datasheet's")
    func simulated() async throws {
        let buses = Buses.simulated([.mcp23017(bus: 1, address: 0x21)], clock: .running(from: 0))
        let levels = try await buses.i2c(1).run(within: .seconds(1)) { bus in
            var chip = MCP23017(address: 0x21)
            try chip.adopt(on: bus)
            try chip.drive(15, high: true, on: bus)
            return try chip.condition(on: bus)
        }
        #expect(levels == .init(levels: 0x8000, hasLostSettings: false))
    }
}
