import Foundation
import Site

extension FuzzTarget {
    static let site = [
        FuzzTarget(name: "site-file") {
            try Fixture.files("Tests/SiteTests/Corpus", [".yaml"], limit: 300)
        } read: { bytes in
            guard let site = SiteFile.parse(bytes: bytes).value else { return }
            let again = SiteFile.parse(site.canonical())
            require(again.value == site, "the canonical text reads otherwise: \(again.diagnostics)")
        },
        FuzzTarget(name: "words") {
            [
                "2026-09-21T13:33:10.250Z", "\"words in a row\" -not link down", "anna.b_c", "90s", "192.0.2.10/24",
                "2001:db8::1",
            ].map { Array($0.utf8) }
        } read: { bytes in
            let text = text(bytes)
            if let time = ISO8601.milliseconds(text) { _ = ISO8601.string(milliseconds: time) }
            if let name = UserName(text) { require(UserName(name.description) == name, "\(name) is another name") }
            let search = LogSearch(text)
            _ = search.finds(
                LogLine(
                    received: Timestamp(wall: 0, boot: 1, monotonic: 0, isTrusted: true), claimed: nil, host: nil,
                    source: "192.0.2.1", facility: .user, severity: .notice, program: "sshd", text: text))
            _ = UnitID(text)
            _ = DatabaseID(text)
            _ = Metric(name: text, unit: Unit(rawValue: text), isSimulated: false)
        },
        FuzzTarget(name: "schedule") {
            [
                "mon-fri,sun 07:00..19:30: on\nsunset-10m..sunrise+1h30m: off",
                "12-24/01-06,2026-02-28 00:00: off\n23:59..00:00: on",
                "holidays 02:30: on\ndaily sunrise: off",
            ].map { Array($0.utf8) }
        } read: { bytes in
            // A place where the sun does not always rise.
            let lines = text(bytes).split(separator: "\n").prefix(4).compactMap { ScheduleEntry(String($0)) }
            for line in lines { require(ScheduleEntry("\(line)") == line, "'\(line)' reads otherwise") }
            let schedule = RelaySchedule(lines, zone: .utc, sun: Sun(latitude: 69.6, longitude: 18.9))
            let now: Int64 = 1_780_000_000_000
            let next = schedule.next(after: now)
            require(next.map { $0.time > now } ?? true, "what comes next is past")
            require(schedule.last(until: now).map { $0.time <= now } ?? true, "what was last is yet to come")
        },
        FuzzTarget(name: "relay-request") {
            [
                #"{"relay":"router","command":{"do":"pulse","seconds":5,"state":"off"},"cause":{"kind":"person","who":"anna","origin":"::1"},"key":"k"}"#
            ].map { Array($0.utf8) }
        } read: { bytes in
            guard let request = try? JSONDecoder().decode(RelayRequest.self, from: Data(bytes)) else { return }
            let again = try? JSONDecoder().decode(RelayRequest.self, from: JSONEncoder().encode(request))
            require(again == request, "\(request) reads otherwise")
        },
    ]
}
