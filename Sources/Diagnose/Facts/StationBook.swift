import Foundation
public import Platform

/// Which station had which address while all was well: what the running unit remembers of its neighbours.
///
/// Without it two devices that have exchanged their addresses look like two that answer.
public struct StationBook: Sendable {
    public static let fileName = "neighbours.json"

    private struct Content: Codable {
        var schema = 1
        var stations: [String: String]
        /// Stations that have been seen in the place of a known one, and since when in wall milliseconds.
        var newcomers: [String: Newcomer]
    }

    private struct Newcomer: Codable {
        var station: String
        var since: Int64
    }

    private let root: SystemRoot
    private let path: String
    private var content: Content

    /// What is not there, or not readable, is empty.
    public init(in root: SystemRoot, state: String) {
        self.root = root
        path = "\(state)/\(Self.fileName)"
        let bytes = (try? root.content(of: path, limit: 65_536)) ?? nil
        let read = bytes.flatMap { try? JSONDecoder().decode(Content.self, from: Data($0)) }
        content = read ?? Content(stations: [:], newcomers: [:])
    }

    /// By address.
    public var stations: [String: String] { content.stations }

    /// How long another station has to be in the place of a known one, until it is taken for its successor.
    private static let patience: Int64 = 86_400_000

    /// Takes one look at the neighbours; true when there is something new to keep.
    ///
    /// Whoever has the address that another neighbour is known by is no successor: they were exchanged.
    public mutating func note(_ neighbours: [NeighbourFacts], now: Int64) -> Bool {
        var isChanged = false
        for neighbour in neighbours where neighbour.received > 0 {
            guard let station = neighbour.station else { continue }
            let address = neighbour.address
            let known = content.stations[address]
            if known == station {
                isChanged = content.newcomers.removeValue(forKey: address) != nil || isChanged
                continue
            }
            guard !content.stations.contains(where: { $0.key != address && $0.value == station }) else { continue }
            if known == nil {
                content.stations[address] = station
            } else if let newcomer = content.newcomers[address], newcomer.station == station {
                guard now - newcomer.since >= Self.patience else { continue }
                content.stations[address] = station
                content.newcomers[address] = nil
            } else {
                content.newcomers[address] = Newcomer(station: station, since: now)
            }
            isChanged = true
        }
        return isChanged
    }

    public func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try AtomicFile.replace(root.shown(path), with: Array(encoder.encode(content)) + [0x0A], mode: 0o640)
    }
}
