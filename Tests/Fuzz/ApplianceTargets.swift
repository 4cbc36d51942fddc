import Foundation
import Site

@testable import Appliance
@testable import Web

extension FuzzTarget {
    private static let now: Int64 = 1_772_366_400_000
    /// A ControlByWeb box with something of everything.
    private static let box: ControlByWebBox = {
        let site = SiteFile.parse(
            """
            site: { name: A }
            relays: [ { id: lamp, name: Red lamp, line: GPIO27 }, { id: fan, line: GPIO5, contact: nc, active: low, boot: on } ]
            inputs: [ { id: door, line: GPIO23 }, { id: flow, line: GPIO24, on_time: false } ]
            compatibility: { controlbyweb: { profile: x410, allow: [127.0.0.1/32], registers: [setpoint] } }
            """
        ).value
        guard let site, let configuration = site.compatibility.controlByWeb else {
            fatalError("the site of this target is not valid, so nothing would be read")
        }
        return ControlByWebBox(site, configuration)
    }()

    static let appliance = [
        FuzzTarget(name: "log-line") {
            [
                "1\t1772366400.250000\t60\t192.0.2.2\trouter\t1\t5\t2026-03-01T12:00:00.5Z\trouter\tsshd\t42\t-\t-\tMar  1 12:00:00 router sshd[42]: hello\t.",
                "1\t1772366400.250000\t60\t192.0.2.2\trouter\t1\t5\t2026-03-01T12:00:00.5Z\tr\tapp\t-\tID\t[a b=\"c\"]\t1 2026-03-01T12:00:00.5Z r app - ID [a b=\"c\"] text\t.",
                "0\t1772366400.250000\t60\t192.0.2.9\tunknown\t.",
            ].map { Array($0.utf8) }
        } read: { bytes in
            guard let line = SpoolLine(bytes[...]) else { return }
            let orders = line.text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
            require(!orders, "a control character in \(line.text)")
        },
        FuzzTarget(name: "queries") {
            [
                "metric=battery.voltage&from=-24h&to=now&step=60&points=9", "search=%22link+down%22&source=camera",
                "before=7&severity=error&range=24h", "metrics=a,b&view=table&from=2026-03-01T00:00&to=2026-03-02",
                "from=-9223372036854775808&to=9223372036854775807&before=-9223372036854775808",
                "after=5&limit=10&code=unit.started", "at=-1d&step=raw&limit=1&cursor=1763692520000.60",
            ].map { Array($0.utf8) }
        } read: { bytes in
            let text = text(bytes)
            _ = try? SeriesQuery(QueryParameters(text, of: SeriesQuery.parameters), now: now)
            _ = try? EventQuery(QueryParameters(text, of: EventQuery.parameters), now: now)
            _ = try? LogQuery(
                QueryParameters(text, of: LogQuery.parameters), now: now, addresses: ["camera": "192.0.2.2"])
            let pairs = FormText.pairs(of: text)
            let history = HistoryQuery(pairs, now: now)
            if case .between(let from, let to) = history.range { require(from < to, "\(from) is not before \(to)") }
            let logs = LogsPageQuery(pairs, now: now)
            _ = logs.logQuery(now: now, addresses: [:], limit: 10)
            _ = logs.parameters
            let markup: HTML = "<p title=\"\(text)\">\(text)</p>"
            // By scalars, as a browser reads: with a combining one after it a quotation mark is another character.
            let marks = markup.text.unicodeScalars.count { ["<", ">", "\""].contains($0) }
            require(marks == 6, "a mark of the outside got into a page")
        },
        FuzzTarget(name: "controlbyweb-query") {
            [
                "relay1State=2&pulseTime1=5&noReply=1", "?relayState=1", "%3Frelay1State=0&_=1764511200123",
                "pulseTime2=0.5&relay2=2&register1=-10.25&extvar0=7&count1=200&onTime1=0&totalOnTime1=5.5",
                "redLamp=5&setpoint=21&showUnits=1&showColors=1&erase=1",
                "relay1=%zz&relay99=1&relay1=18446744073709551616",
            ].map { Array($0.utf8) }
        } read: { bytes in
            guard let query = try? ControlByWebQuery(text(bytes), for: box, isLog: true) else { return }
            for command in query.commands {
                switch command {
                case .relay(let index, let change, let length):
                    require(length == nil || change == .pulse, "a length without a pulse")
                    _ = box.relays[index].command(change, length, watchdog: .pinging)
                case .register(let index, let value):
                    let text = ControlByWebValues.plain(value)
                    require(
                        abs((Double(text) ?? .nan) - value) <= 1e-6, "register \(box.registers[index].id) is \(text)")
                case .count(let index, let count):
                    require(box.inputs[index].counts && count >= 0, "\(count) of what is not counted")
                case .onTime(let index, let seconds), .totalOnTime(let index, let seconds):
                    require(box.inputs[index].timesOn && seconds >= 0, "\(seconds) s of what is not measured")
                case .eraseLog: break
                }
            }
        },
        FuzzTarget(name: "time-zone") {
            try ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"].map {
                [UInt8](try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\($0)")))
            }
        } read: { bytes in
            guard let zone = LocalZone(name: "Test/Zone", bytes: bytes) else { return }
            for time in [Int64.min / 2, -1, 0, now / 1000, 4_102_444_800, 1 << 40] { _ = zone.offset(at: time) }
        },
        FuzzTarget(name: "agentx") {
            [
                AgentXPacket.Body.get([.init(start: SNMPObjects.module, isIncluded: true, end: [1, 3, 7])]),
                .testSet([SNMPBinding(name: SNMPObjects.relayEntry + [4, 1], value: .integer(1))]),
                .notify([SNMPBinding(name: [1, 3, 6, 1], value: .string([1, 2, 3, 4, 5]))]),
                .response(error: 1, index: 1, [SNMPBinding(name: [0, 0], value: .counter64(.max))]),
            ].map { AgentXWriter.bytes(AgentXPacket(session: 1, transaction: 2, packet: 3, body: $0)) }
        } read: { bytes in
            _ = try? AgentXReader.anyPacket(bytes)
            guard let packet = try? AgentXReader.packet(bytes) else { return }
            if case .other = packet.body { return }
            let again = try? AgentXReader.packet(AgentXWriter.bytes(packet))
            require(again != nil, "what was read cannot be written: \(packet)")
        },
        FuzzTarget(name: "modbus") {
            [
                [0, 1, 0, 0, 0, 6, 1, 1, 0, 0, 0, 4], [0, 2, 0, 0, 0, 6, 255, 3, 0, 18, 0, 2],
                [0, 3, 0, 0, 0, 6, 0, 5, 0, 1, 0xFF, 0], [0, 4, 0, 0, 0, 8, 1, 15, 0, 0, 0, 4, 1, 5],
                [0, 5, 0, 0, 0, 11, 1, 16, 2, 0, 0, 2, 4, 0x41, 0x20, 0, 0],
            ]
        } read: { bytes in
            guard let frame = ModbusFrame(bytes) else { return }
            require(frame.bytes.count == 6 + Int(frame.bytes[5]), "a frame is as long as it says")
            guard let request = try? ModbusRequest(frame.request, functions: [1, 2, 3, 5, 15, 16]) else { return }
            switch request {
            case .readCoils(let range), .readInputs(let range): require((1...2000).contains(range.count), "\(range)")
            case .readRegisters(let range): require((1...125).contains(range.count), "\(range)")
            case .writeCoils(_, let values): require((1...1968).contains(values.count), "\(values.count) coils")
            case .writeRegisters(_, let values):
                require((1...123).contains(values.count), "\(values.count) registers")
                _ = values.indices.dropLast().map { ModbusNumber.value(values[$0], values[$0 + 1], .cdab) }
            }
        },
    ]
}
