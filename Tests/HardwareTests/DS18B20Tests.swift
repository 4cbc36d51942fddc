import TestSupport
import Testing

@testable import Hardware

private let probe = DS18B20(address: "28-0000075ff6b1")
private let file = "28-0000075ff6b1/w1_slave"
private let resolution = "28-0000075ff6b1/resolution"

private func bus(
    _ answers: [String: [ScriptedOneWireBus.Answer]], conversion: BulkConversion = .converted, unread: Int = 0
) -> ScriptedOneWireBus {
    ScriptedOneWireBus(answers, conversion: conversion, unread: unread) { Issue.record("\($0)") }
}

/// The text for a scratchpad with the right checksum.
private func text(_ first: UInt8, _ second: UInt8, configuration: UInt8 = 0x7F, byte6: UInt8) -> String {
    let bytes: [UInt8] = [first, second, 0x4B, 0x46, configuration, 0xFF, byte6, 0x10]
    return SimulatedOneWireBus.text(of: bytes + [CRC8.oneWire(bytes)])
}

@Suite("DS18B20")
struct DS18B20Tests {
    @Test(
        "the datasheet's table of temperatures",
        arguments: [
            (0x07D0, 125), (0x0550, 85), (0x0191, 25.0625), (0x00A2, 10.125), (0x0008, 0.5), (0x0000, 0),
            (0xFFF8, -0.5), (0xFF5E, -10.125), (0xFE6F, -25.0625), (0xFC90, -55),
        ] as [(UInt16, Double)])
    func table(raw: UInt16, celsius: Double) throws {
        #expect(DS18B20.celsius(raw: Int16(bitPattern: raw), resolution: 12) == celsius)
        let text = text(UInt8(raw & 0xFF), UInt8(raw >> 8), byte6: 0x10 - UInt8(raw & 0x0F))
        #expect(try DS18B20.celsius(of: DS18B20.scratchpad(from: Array(text.utf8))) == celsius)
    }

    @Test(
        "bits below the resolution are undefined and do not count", arguments: [(9, 25.0), (10, 25.25), (11, 25.375)])
    func resolutions(bits: Int, celsius: Double) {
        // 25.4375 °C at 12 bits.
        #expect(DS18B20.celsius(raw: 0x0197, resolution: bits) == celsius)
        #expect(DS18B20.celsius(raw: -1, resolution: 9) == -0.5)
    }

    @Test("a text as the kernel writes it")
    func kernelText() throws {
        let text = """
            72 01 4b 46 7f ff 0e 10 57 : crc=57 YES
            72 01 4b 46 7f ff 0e 10 57 t=23125

            """
        let scratchpad = try DS18B20.scratchpad(from: Array(text.utf8))
        #expect(scratchpad.resolution == 12)
        #expect(try DS18B20.celsius(of: scratchpad) == 23.125)
    }

    @Test("85 °C after power-on is refused, a true 85 °C is not")
    func eightyFive() throws {
        let powerOn = try DS18B20.scratchpad(from: Array(text(0x50, 0x05, byte6: 0x0C).utf8))
        let error = #expect(throws: HardwareError.self) { try DS18B20.celsius(of: powerOn, previous: 85) }
        #expect(error?.kind == .outOfRange)
        #expect(error?.sentence.contains("power-on") == true)
        let hot = try DS18B20.scratchpad(from: Array(text(0x50, 0x05, byte6: 0x10).utf8))
        #expect(try DS18B20.celsius(of: hot) == 85)
    }

    @Test("85 °C of an imitation that does not keep byte 6 is believed only near the value before")
    func imitation() throws {
        let scratchpad = try DS18B20.scratchpad(from: Array(text(0x50, 0x05, byte6: 0x66).utf8))
        #expect(throws: HardwareError.self) { try DS18B20.celsius(of: scratchpad) }
        #expect(throws: HardwareError.self) { try DS18B20.celsius(of: scratchpad, previous: 31) }
        #expect(try DS18B20.celsius(of: scratchpad, previous: 84.5) == 85)
    }

    @Test(
        "values that no probe measures are refused",
        arguments: [(0xFF, 0x07, 0x0C), (0xFF, 0x07, 0x01), (0xF0, 0x07, 0x10), (0x80, 0xFC, 0x10)]
            as [(UInt8, UInt8, UInt8)])
    func outOfRange(low: UInt8, high: UInt8, byte6: UInt8) throws {
        // 127.94 °C twice, 127 °C, −56 °C.
        let scratchpad = try DS18B20.scratchpad(from: Array(text(low, high, byte6: byte6).utf8))
        let error = #expect(throws: HardwareError.self) { try DS18B20.celsius(of: scratchpad) }
        #expect(error?.kind == .outOfRange)
    }

    @Test(
        "answers that are no measurement have their reason",
        arguments: [
            ("00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0\n", .busError),
            ("ff ff ff ff ff ff ff ff ff : crc=c9 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", .notPresent),
            ("72 01 4b 46 7f ff 0e 10 58 : crc=57 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", .badChecksum),
            ("72 01 4b 46 7f ff 0e 10 57 : crc=57 NO\n", .badChecksum),
            // The driver says YES, the bytes say no.
            ("72 01 4b 46 7f ff 0e 11 57 : crc=57 YES\n", .badChecksum),
            ("72 01 4b 46 7f ff 0e 10", .busError), ("Connection error", .busError), ("\n\n", .busError),
            ("crc=57 YES", .busError),
            ("72 01 4b 46 7f ff 0e 10 57 crc=57 YES", .busError), ("+7 01 4b 46 7f ff 0e 10 57 : YES", .badChecksum),
        ] as [(String, HardwareError.Kind)])
    func badAnswers(text: String, kind: HardwareError.Kind) throws {
        let error = #expect(throws: HardwareError.self) {
            try probe.celsius(on: bus([file: [.text(text)], resolution: [.text("12\n")]]))
        }
        #expect(error?.kind == kind)
    }

    @Test(
        "an empty read asks the driver why",
        arguments: [("-19\n", .notPresent), ("-5\n", .badChecksum)]
            as [(String, HardwareError.Kind)])
    func empty(resolutionText: String, kind: HardwareError.Kind) throws {
        let bus = bus([file: [.text("")], resolution: [.text(resolutionText)]])
        let error = #expect(throws: HardwareError.self) { try probe.celsius(on: bus) }
        #expect(error?.kind == kind)
        #expect(bus.calls == [file, resolution])
    }

    @Test("an empty read and no resolution either is a damaged answer")
    func emptyTwice() throws {
        let gone = HardwareError(.notPresent, "gone")
        let error = #expect(throws: HardwareError.self) {
            try probe.celsius(on: bus([file: [.text("")], resolution: [.failure(gone)]]))
        }
        #expect(error?.kind == .badChecksum)
    }

    @Test("one wrong bit anywhere in the nine bytes is never a value")
    func bitFlips() throws {
        let good = SimulatedOneWireBus.scratchpad(celsius: 23.125)
        for bit in 0..<72 {
            var bytes = good
            bytes[bit / 8] ^= 1 << (bit % 8)
            let line = bytes.map { hex($0).dropFirst(2) + " " }.joined() + ": crc=57 YES\n"
            #expect(throws: HardwareError.self) { try DS18B20.scratchpad(from: Array(line.utf8)) }
        }
    }

    @Test("random text is never a crash, and never a value without a right checksum", arguments: 0..<8)
    func fuzz(seed: Int) throws {
        let random = SimulatedNoise(seed: UInt64(seed) + 1000)
        let seedText = Array(text(0x72, 0x01, byte6: 0x0E).utf8)
        for round in 0..<2500 {
            var bytes = seedText
            for change in 0..<3 {
                let value = { (index: Int) in random.uniform(Int64(round * 30 + change * 10 + index)) }
                let position = Int(value(0) * Double(bytes.count))
                switch Int(value(1) * 4) {
                case 0: bytes[position] = UInt8(value(2) * 256)
                case 1: bytes.remove(at: position)
                case 2: bytes.insert(UInt8(value(2) * 256), at: position)
                default: bytes.truncateAfter(position)
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            guard let scratchpad = try? DS18B20.scratchpad(from: bytes) else { continue }
            #expect(CRC8.oneWire(scratchpad.bytes.prefix(8)) == scratchpad.bytes[8])
            #expect(scratchpad.bytes.contains { $0 != 0 })
        }
    }

    @Test(
        "only an address is an address, and never a path",
        arguments: [
            ("28-0000075ff6b1", true), ("28-0000075FF6B1", false), ("28-../../../etc", false),
            ("28-0000075ff6b", false),
            ("", false), ("280000075ff6b1x", false), ("w1_bus_master1", false), ("28-0000075ff6b1/", false),
        ])
    func addresses(text: String, isAddress: Bool) { #expect(DS18B20.isAddress(text) == isAddress) }

    @Test("a probe tells its resolution and how it is supplied")
    func identity() throws {
        let bus = bus([
            file: [.text(text(0x50, 0x05, configuration: 0x1F, byte6: 0x0C))],
            "28-0000075ff6b1/ext_power": [.text("0\n")],
        ])
        #expect(try probe.identify(on: bus) == .init(resolution: 9, isParasitePowered: true))
    }

    @Test("a conversion of its own that does not end is a timeout, whatever old value the scratchpad holds")
    func endless() {
        let bus = bus([file: [.text(""), .text(text(0x91, 0x01, byte6: 0x0F))]])
        let error = #expect(throws: HardwareError.self) { try probe.celsiusOfOwnConversion(on: bus) }
        #expect(error?.kind == .timeout)
        #expect(bus.calls == [file, "convert", file])
    }

    @Test("a probe that does not answer its own conversion keeps the reason of its silence")
    func silentAfterOwnConversion() {
        let mute = bus([file: [.text(""), .text("")], resolution: [.text("-19\n")]])
        #expect(throws: HardwareError.self) { try probe.celsiusOfOwnConversion(on: mute) }
        #expect(mute.calls == [file, "convert", file, resolution])
        let zeros = Array(repeating: "00", count: 9).joined(separator: " ")
        let short = bus([file: [.text(""), .text("\(zeros) : crc=00 YES\n\(zeros) t=0\n")]])
        let error = #expect(throws: HardwareError.self) { try probe.celsiusOfOwnConversion(on: short) }
        #expect(error?.kind == .busError)
    }

    @Test("a conversion of its own that ends gives its value")
    func ownConversion() throws {
        let bus = bus([file: [.text(text(0x91, 0x01, byte6: 0x0F))]])
        #expect(try probe.celsiusOfOwnConversion(on: bus) == 25.0625)
        #expect(bus.calls == [file])
    }
}

extension [UInt8] {
    fileprivate mutating func truncateAfter(_ count: Int) { removeLast(self.count - count) }
}
