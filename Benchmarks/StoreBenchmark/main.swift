import Foundation
import Site
import Store

/// `StoreBenchmark DIRECTORY`: what the store costs, beside a plain SQLite table, one JSON object a line.
///
/// Time is virtual: a day of samples is written as fast as the disk takes it.
let directory = CommandLine.arguments.dropFirst().first ?? NSTemporaryDirectory()

struct Figure: Encodable {
    let what: String
    let ours: String
    let peer: String
    let ratio: Double?
    let target: String

    func print() throws {
        let line = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}

let plain = try PlainTable(path: directory + "/plain.sqlite")
let plainBytes = try plain.bytesPerSample(ticks: 300)

for (window, target) in [(60, "≤ 20"), (600, "≤ 4")] {
    let unit = try await TrailerHistory(directory: "\(directory)/window-\(window)", window: .seconds(window))
    let bytes = try await unit.bytesPerSample(ticks: 6 * 3600)
    try Figure(
        what: "bytes written per sample, window \(window) s", ours: String(format: "%.1f", bytes),
        peer: String(format: "%.0f (plain table, commit each second)", plainBytes), ratio: bytes / plainBytes,
        target: target
    ).print()
}

let burst = try await TrailerHistory(directory: directory + "/burst", window: .seconds(60))
let rate = try await burst.samplesPerSecond(ticks: 40_000)
let plainRate = try plain.samplesPerSecond(rows: 400_000)
try Figure(
    what: "sustained samples per second", ours: String(format: "%.0f", rate),
    peer: String(format: "%.0f (plain table, 1,000 rows a commit)", plainRate), ratio: rate / plainRate, target: ""
).print()

let year = try await TrailerHistory(directory: directory + "/year", window: .seconds(600))
try await year.fillYear()
let (cold, warm) = try await year.queryYear()
try plain.fillYear()
let plainYear = try plain.queryYear()
try Figure(
    what: "a year of one metric, cold", ours: String(format: "%.1f ms", cold * 1000),
    peer: String(format: "%.0f ms (GROUP BY hour over minutes, cold)", plainYear * 1000), ratio: cold / plainYear,
    target: "≤ 20 ms"
).print()
try Figure(
    what: "a year of one metric, warm", ours: String(format: "%.1f ms", warm * 1000), peer: "–", ratio: nil,
    target: "≤ 2 ms"
).print()
