import Foundation
import Site

@testable import Appliance
@testable import Web

extension FuzzTarget {
    private static let now: Int64 = 1_772_366_400_000

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
