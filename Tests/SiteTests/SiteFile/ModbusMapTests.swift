import Testing

@testable import Site

@Suite("Which Modbus address is what")
struct ModbusMapTests {
    private func map(_ section: String, sensors more: String = "") throws -> ModbusMap {
        let site = try #require(
            SiteFile.parse(
                """
                site: { name: A }
                sensors:
                  - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
                  - { id: mast, chip: bme280, bus: 1, address: 0x76 }
                  - { id: clamp, chip: ads1115, bus: 1, address: 0x48, input: AIN0-AIN3, range: 0.256, clamp: { turns: 3000, burden: 300 } }\(more)
                relays: [ { id: router, line: GPIO17, contact: nc, active: low, boot: on }, { id: strobe, line: GPIO27 } ]
                inputs: [ { id: door, line: GPIO23 }, { id: flow, line: GPIO24, counter: false } ]
                compatibility: { modbus: { allow: [127.0.0.1/32], \(section) } }
                """
            ).value)
        return ModbusMap(try #require(site.compatibility.modbus), of: site)
    }

    private func sources(_ map: ModbusMap, _ kind: ModbusMap.Kind) -> [Int: ModbusMap.Source] {
        Dictionary(uniqueKeysWithValues: map.points.filter { $0.kind == kind }.map { ($0.address, $0.source) })
    }

    @Test("an X-410 numbers relays, inputs, counters, supply and sensors one after the other")
    func x410() throws {
        let map = try map("profile: x410")
        #expect(map.wordOrder == .abcd && map.functions == [1, 2, 3, 5, 15, 16])
        #expect(
            sources(map, .coil) == [0: .relay("router"), 1: .relay("strobe"), 2: .nothing, 3: .nothing])
        #expect(sources(map, .discreteInput) == [4: .input("door"), 5: .input("flow"), 6: .nothing, 7: .nothing])
        let numbers = sources(map, .number)
        #expect(numbers.keys.sorted() == Array(stride(from: 8, through: 48, by: 2)))
        #expect(numbers[8] == .count("door") && numbers[10] == .nothing && numbers[14] == .nothing)
        #expect(numbers[16] == .nothing)
        #expect(numbers[18] == .metric("enclosure.temperature", .celsius))
        #expect(numbers[22] == .metric("mast.humidity", .percent))
        #expect(numbers[26] == .metric("clamp.current", .ampere) && numbers[28] == .nothing)
        #expect(
            sources(map, .pulse) == [512: .relay("router"), 514: .relay("strobe"), 516: .nothing, 518: .nothing])
    }

    @Test("what the section names stands in its order")
    func named() throws {
        let map = try map(
            "profile: x410, word_order: cdab, relays: [strobe], inputs: [flow, door], sensors: [mast.pressure, enclosure], supply: panel",
            sensors: "\n  - { id: panel, chip: ina260, bus: 1, address: 0x40 }")
        #expect(map.wordOrder == .cdab)
        #expect(map.point(.coil, 0)?.source == .relay("strobe") && map.point(.coil, 1)?.source == .nothing)
        #expect(map.point(.discreteInput, 4)?.source == .input("flow"))
        #expect(map.point(.number, 10)?.source == .count("door"))
        #expect(map.point(.number, 16)?.source == .metric("panel.voltage", .volt), "and not its power, which is first")
        #expect(map.point(.number, 18)?.source == .metric("mast.pressure", .hectopascal))
        #expect(map.point(.number, 20)?.source == .metric("enclosure.temperature", .celsius))
        #expect(map.point(.number, 19) == nil && map.point(.coil, 4) == nil)
    }

    @Test("a list that is empty means none, and not all")
    func none() throws {
        let map = try map("profile: x410, relays: [], inputs: [], sensors: []")
        #expect(map.points.allSatisfy { $0.source == .nothing })
        #expect(map.point(.coil, 3) != nil && map.point(.number, 48) != nil, "the box has them all the same")
    }

    @Test("a table of one's own is served exactly: that of a 4xx box with one of each")
    func addresses() throws {
        let file = try #require(Corpus.good.first { $0.name == "51-modbus-addresses" })
        let site = try #require(SiteFile.parse(bytes: file.bytes, file: file.name).value)
        let map = ModbusMap(try #require(site.compatibility.modbus), of: site)
        #expect(
            map.points == [
                .init(.coil, 0, .relay("router")), .init(.discreteInput, 1, .input("door")),
                .init(.number, 2, .count("door")), .init(.number, 4, .metric("tank.voltage", .volt)),
                .init(.number, 6, .metric("battery.voltage", .volt)),
                .init(.number, 8, .metric("enclosure.temperature", .celsius)), .init(.pulse, 512, .relay("router")),
                .init(.register, 10, .register("setpoint")),
            ])
        #expect(map.wordOrder == .abcd && map.functions == [1, 2, 3, 5, 15, 16])
    }

    @Test("systemd opens the port of the protocol, the service any other one", arguments: [(502, true), (1502, false)])
    func port(number: Int, isOpened: Bool) {
        #expect(ModbusConfiguration(profile: .x410, allow: [], port: number).isOpenedBySystemd == isOpened)
    }

    @Test("a WebRelay-Quad has coils and pulses, the low word first")
    func quad() throws {
        let map = try map("profile: webrelay-quad")
        #expect(map.wordOrder == .cdab && map.functions == [1, 5, 15, 16])
        #expect(map.points.map(\.kind).filter { $0 == .number || $0 == .discreteInput }.isEmpty)
        #expect(
            sources(map, .pulse) == [16: .relay("router"), 18: .relay("strobe"), 20: .nothing, 22: .nothing])
    }

    @Test(
        "the peer of a socket of both families is who it is",
        arguments: [
            ([127, 0, 0, 1], "127.0.0.1"),
            ([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 7], "192.0.2.7"),
            ([0xFD] + [UInt8](repeating: 0, count: 14) + [1], "fd00::1"), ([1, 2, 3], nil),
        ] as [([UInt8], String?)])
    func peer(bytes: [UInt8], text: String?) {
        #expect(IPAddress(ofPeer: bytes)?.description == text)
    }
}
