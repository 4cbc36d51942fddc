import Foundation
import Site
import Testing

/// Sixteen channels at 1 Hz, and whether they went on while something else happened.
enum SteadySensing {
    private static let channels = [0x48, 0x49, 0x4A, 0x4B].flatMap { address in
        (0..<4).map { (id: "v\(String(address, radix: 16))-\($0)", address: address, input: $0) }
    }

    static let site =
        """
        site: { name: Sixteen channels }
        sensors:

        """
        + channels.map { channel in
            "  - { id: \(channel.id), chip: ads1115, bus: 1, address: 0x\(String(channel.address, radix: 16)), "
                + "input: AIN\(channel.input)-GND, range: 4.096, unit: V, interval: 1s }"
        }.joined(separator: "\n")

    /// Expects that no channel missed a tick from before `body` until after it.
    static func whileDoing(at unit: Unit, _ body: () async throws -> Void) async throws {
        try await eventually("all channels are read") {
            try await unit.latest().filter { $0.metric.name.hasSuffix(".voltage") && $0.value != nil }.count
                >= channels.count
        }
        let start = Date.now
        try await body()
        // The ticks that were due meanwhile, and one more.
        try await Task.sleep(for: .seconds(2))
        let seconds = Int(Date.now.timeIntervalSince(start))
        let from = ISO8601.string(milliseconds: Int64(start.timeIntervalSince1970 * 1000))
        for channel in channels {
            let address = "/api/v1/series?metric=\(channel.id).voltage&step=raw&from=\(from)"
            let times = try await unit.get(address).decode(SeriesDocument.self).series.flatMap(\.points).map(\.time)
            let longest = zip(times.dropFirst(), times).map { $0 - $1 }.max() ?? .max
            #expect(times.count >= seconds - 1, "\(times.count) readings in \(seconds) s")
            #expect(longest < 2000, "a tick was missed: \(longest) ms from one reading to the next")
        }
    }
}

extension Unit {
    /// Bytes of memory that are the process's own (proc_pid_status(5), RssAnon).
    func ownMemory() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let kilobytes = text.firstMatch(of: /RssAnon:\s+(\d+) kB/).flatMap { Int($0.output.1) }
        return try #require(kilobytes) * 1024
    }
}
