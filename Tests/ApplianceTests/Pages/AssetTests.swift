import Foundation
import Site
import Testing

@testable import Appliance

@Suite("The browser side") struct AssetTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../Sources/Web/Assets"
    ).standardized

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    static func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

    @Test("a page with all it loads is at most 150 kB, even uncompressed")
    func weight() async throws {
        let pages = SitePageTests.pages(.failing)
        for body in [await pages.site().body, await pages.history([]).body] {
            let assets = try Self.names().filter { body.contains("/assets/\($0)") }
            #expect(try assets.reduce(body.utf8.count) { try $0 + Self.text($1).utf8.count } < 150_000)
        }
    }

    @Test("every asset that a page names exists")
    func existence() async throws {
        let names = Set(try Self.names())
        let pages = SitePageTests.pages(.full)
        for body in [await pages.site().body, await pages.history([]).body, await pages.events([]).body] {
            let asked = body.split(separator: "\"/assets/").dropFirst().map { String($0.prefix { $0 != "\"" }) }
            #expect(!asked.isEmpty && Set(asked).isSubset(of: names))
        }
    }

    @Test("no script writes markup or runs text")
    func scripts() throws {
        for name in try Self.names() where name.hasSuffix(".js") {
            let script = try Self.text(name)
            for word in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
                "setAttribute(\"style\"",
            ] {
                #expect(!script.contains(word), "\(name): \(word)")
            }
        }
    }

    /// Custom properties of one scheme.
    static func colors(isDark: Bool) throws -> [String: [Double]] {
        let parts = try text("app.css").split(separator: "@media (prefers-color-scheme: dark)", maxSplits: 1)
        var colors: [String: [Double]] = [:]
        for part in isDark ? parts : parts.dropLast() {
            for line in part.split(separator: "\n") where line.contains("--") && line.contains(": #") {
                let pair = line.split(separator: ":")
                let digits = pair[1].drop { $0 != "#" }.dropFirst().prefix(6)
                let number = try #require(Int(digits, radix: 16))
                let name = pair[0].trimmingCharacters(in: .whitespaces).dropFirst(2)
                colors[String(name)] = [number >> 16, number >> 8 & 255, number & 255].map { Double($0) / 255 }
            }
        }
        return colors
    }

    /// WCAG 2.2, "contrast ratio".
    static func contrast(_ a: [Double], _ b: [Double]) -> Double {
        func luminance(_ color: [Double]) -> Double {
            let linear = color.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        }
        let (x, y) = (luminance(a), luminance(b))
        return (max(x, y) + 0.05) / (min(x, y) + 0.05)
    }

    @Test("text has a contrast of 4.5 and lines of 3 on every ground, in both schemes", arguments: [false, true])
    func contrast(isDark: Bool) throws {
        let colors = try Self.colors(isDark: isDark)
        for ground in ["ground", "surface", "accent-ground"] {
            let back = try #require(colors[ground])
            for name in ["text", "muted", "accent", "ok", "attention", "failed"]
            where ground != "accent-ground" || name == "text" {
                #expect(Self.contrast(try #require(colors[name]), back) >= 4.5, "\(name) on \(ground)")
            }
        }
        let surface = try #require(colors["surface"])
        for name in ["s0", "s1", "s2", "s3", "s4", "s5", "hatch"] {
            #expect(Self.contrast(try #require(colors[name]), surface) >= 3, "\(name)")
        }
    }

    static let node = ["/usr/bin/node", "/usr/local/bin/node", "/opt/homebrew/bin/node"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What a script prints as JSON, run with the pages' own scripts before it and a body of the given zone.
    static func run(_ names: [String], zone: LocalZone, _ code: String) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: try #require(node))
        let table = zone.table(around: SitePageTests.now)
        let shim =
            "globalThis.window = globalThis; globalThis.document = { body: { dataset: { offsets: \"\(table)\" } } };\n"
        let script = shim + (try names.map(text)).joined(separator: "\n") + "\n;(() => {\(code)})();"
        process.arguments = ["-e", script]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return data
    }

    @Test("the script writes numbers as the unit does", .enabled(if: node != nil))
    func sameFigures() throws {
        let cases = try JSONSerialization.data(
            withJSONObject: FormatTests.figures.map { [$0.value, $0.unit] as [Any] })
        let data = try Self.run(
            ["format.js"], zone: .utc,
            "console.log(JSON.stringify(\(String(decoding: cases, as: UTF8.self)).map(([v, u]) => picli.format.text(v, u))))"
        )
        let texts = try JSONDecoder().decode([String].self, from: data)
        #expect(texts == FormatTests.figures.map { Figure($0.value, unit: $0.unit).text })
    }

    @Test("the script writes a least and a greatest value as the unit does", .enabled(if: node != nil))
    func sameRanges() throws {
        let ranges = [Tile.Range(low: -1.5, high: 31.25, unit: "°C"), Tile.Range(low: 3, high: 7_000, unit: "B/s")]
        let calls = ranges.map { "picli.format.range(\($0.low), \($0.high), '\($0.unit)')" }
        let data = try Self.run(
            ["format.js"], zone: .utc, "console.log(JSON.stringify([\(calls.joined(separator: ", "))]))")
        #expect(try JSONDecoder().decode([String].self, from: data) == ranges.map(\.text))
    }

    @Test("the name of a sensor is never cut, and a chart that is scrolled begins with its newest")
    func style() throws {
        let rules = try Self.text("app.css").split(separator: "\n").map(String.init)
        let name = try #require(rules.first { $0.hasPrefix(".tile .name {") })
        #expect(!name.contains("nowrap") && !name.contains("overflow: hidden") && name.contains("overflow-wrap"))
        #expect(rules.contains(".chart:not(.live) { direction: rtl; }"))
    }

    @Test(
        "the script marks axes as the unit does", .enabled(if: node != nil),
        arguments: ["America/Denver", "Europe/Berlin", "Asia/Kathmandu"])
    func sameAxes(name: String) throws {
        let zone = try #require(LocalZone.named(name))
        let clock = LocalTime(zone: zone)
        let spans: [Int64] = [
            15_000, 600_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000,
            94_608_000_000,
        ]
        // The browser knows the zone's changes up to a year ahead; a chart ends a day ahead.
        let end = SitePageTests.now + 360 * 86_400_000
        var ranges: [[Int64]] = []
        for span in spans {
            for start in [SitePageTests.now - span, 1_772_928_000_000 - span / 2, 1_793_484_000_000 - span / 3]
            where start + span < end {
                ranges.append([start, start + span])
            }
        }
        let code =
            "console.log(JSON.stringify(\(ranges).map(([a, b]) => picli.axis.times(a, b, 9).map((t) => t.time + ' ' + t.label + ' ' + t.major))))"
        let data = try Self.run(["format.js", "axis.js"], zone: zone, code)
        let ticks = try JSONDecoder().decode([[String]].self, from: data)
        for (range, ticks) in zip(ranges, ticks) {
            let own = TimeTicks.ticks(from: range[0], to: range[1], count: 9, clock: clock).map {
                "\($0.time) \($0.label) \($0.isMajor)"
            }
            #expect(own == ticks)
        }
        let values = [
            (18.2, 31.9, "°C"), (12.38, 13.71, "V"), (1.2e9, 3.9e9, "B"), (0, 0, ""), (-4.4, 9.4, "°C"),
            (3e5, 4e5, "s"), (21.5, 21.5, "V"), (0.94, 0.97, "s"),
        ]
        let list = values.map { "[\($0.0), \($0.1), \"\($0.2)\"]" }.joined(separator: ", ")
        let axes = try JSONDecoder().decode(
            [[String]].self,
            from: Self.run(
                ["format.js", "axis.js"], zone: zone,
                "console.log(JSON.stringify([\(list)].map(([a, b, u]) => picli.axis.values(a, b, u, 4)).map((x) => [...x.ticks.map((t) => t.label), x.unit])))"
            ))
        #expect(
            axes
                == values.map { value in
                    let axis = ValueAxis(min: value.0, max: value.1, unit: value.2)
                    return axis.ticks.map(\.label) + [axis.unit]
                })
    }
}
