import Foundation
import Testing

@testable import Site

@Suite struct DocumentSchemaTests {
    @Test("schemas are what they are called in JSON Schema")
    func words() {
        #expect(
            Schema.string(1...9, pattern: "^a").json
                == .object([
                    "type": .string("string"), "minLength": .number(1), "maxLength": .number(9),
                    "pattern": .string("^a"),
                ]))
        #expect(Schema.string(0...9).json["minLength"] == nil)
        #expect(Schema.word(["a", "b"]).json["enum"] == .strings(["a", "b"]))
        #expect(Schema.integer(0...7).json["maximum"] == .number(7))
        #expect(Schema.array(of: .flag, 0...3).json["minItems"] == nil)
        #expect(Schema.tuple([.flag, .number]).json["minItems"] == .number(2))
        #expect(Schema.map(of: .flag).json["additionalProperties"] == Schema.flag.json)
        #expect(Schema.any(of: [.flag, .number]).json["anyOf"] == .array([Schema.flag.json, Schema.number.json]))
    }

    @Test("a named schema is referred to, and carried along with those behind it")
    func names() {
        let inner = Schema.object([.required("a", .flag, "A.")]).named("Inner")
        let outer = Schema.object([.optional("b", .array(of: inner), "B."), .required("c", inner, "C.")]).named("Outer")
        #expect(outer.json == .object(["$ref": .string("#/components/schemas/Outer")]))
        #expect(Set(outer.components.keys) == ["Inner", "Outer"])
        #expect(outer.memberNames == ["b", "c"])
        #expect(outer.components["Outer"]?["required"] == .strings(["c"]))
        #expect(Schema.flag.memberNames.isEmpty)
        let closed = Schema.object([.required("a", .flag, "A.")], isClosed: true)
        #expect(closed.json["additionalProperties"] == .boolean(false))
        #expect(closed.memberNames == ["a"])
    }

    @Test("two schemas of one name are a mistake")
    func sameName() async {
        await #expect(processExitsWith: .failure) {
            _ = Schema.merged([Schema.flag.named("A"), Schema.number.named("A")])
        }
    }

    // MARK: The documents

    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let schema: Schema
        let json: @Sendable () throws -> Data

        init<Document: Encodable & Described & Sendable>(_ document: Document) {
            testDescription = "\(Document.self)"
            schema = Document.schema
            json = { try JSONEncoder().encode(document) }
        }
    }

    private static let time = Timestamp(wall: 1_772_366_400_000, boot: 1, monotonic: 1, isTrusted: false)
    private static let metric = Metric(
        "board", Quantity(rawValue: "disk_written"), instance: "mmcblk0", unit: .byte, isSimulated: true)
    private static let id = DatabaseID("0190163d-8694-739b-aea5-966c26f8ad91").map { RowID(database: $0, sequence: 7) }

    private static var footage: FootageDocument {
        let moment = WallTime(milliseconds: time.wall)
        var holdings = FootageDocument.Holdings(clips: 7, size: 8_000_000_000, promised: 2_592_000)
        holdings.oldest = moment
        holdings.rate = 1.5e6
        holdings.keeps = 86_400
        holdings.full = moment
        holdings.asks = 9
        holdings.isFrozen = true
        return FootageDocument(
            state: .readOnly, device: "sda1", size: 1, available: 2, holdings: holdings,
            cameras: [.init(id: "front", clips: 1, size: 2, oldest: moment, newest: moment, isOfSite: false)],
            drives: [.init(device: "sdb1", outcome: "refused", message: "No.", hint: "picli nas list")], work: work)
    }

    private static var work: DriveWork {
        var work = DriveWork(.eject, since: WallTime(milliseconds: time.wall), who: "anna")
        work.state = .failed
        work.message = "A program still has a file on the drive open."
        work.code = "nas.busy"
        return work
    }

    /// Each with everything that it can have.
    static var samples: [Sample] {
        guard let id, let name = UserName("anna") else { return [] }
        let event = Event(
            Event.Code(rawValue: "sensor.lost"), .warning, subject: "enclosure", message: "It is gone.",
            values: ["a": .text("b"), "c": .number(1.5), "d": .flag(true)], cause: id, at: time)
        let line = LogLine(
            received: time, claimed: 1, host: "cam", source: "192.0.2.1", severity: .warning, program: "pppd[812]",
            text: "down")
        let source = LogSource(address: "192.0.2.1", first: 1, last: 2, lines: 3)
        let series = Series(
            metric: metric, step: 60, points: [SeriesPoint(time: 1, min: 1, mean: 2, max: 3, count: 4)],
            gaps: [SeriesGap(from: 1, to: 2, reason: .timeout), SeriesGap(from: 2, to: 3, reason: nil)])
        let entry = AuditEntry(
            time: time, actor: "anna", origin: "192.0.2.7", action: AuditEntry.Action("user.added"), subject: "bert",
            details: "as viewer")
        return [
            Sample(
                LatestDocument(readings: [
                    Reading(metric, at: time, value: 1.5),
                    Reading(metric, at: time, noData: NoData(.timeout, "It is slow.")),
                ])),
            Sample(MetricsDocument(metrics: [MetricDescription(metric: metric, first: 1, last: 2)])),
            Sample(SeriesDocument(SeriesAnswer(series: [series], unknown: ["x.y"], next: "1.raw"))),
            Sample(
                EventsDocument(
                    events: [RecordedEvent(id: id, deployment: "acme", event: event)], next: 7, waiting: [event])),
            Sample(LogsDocument(LogAnswer(lines: [RecordedLine(id: id, line: line)], next: 7, searchedTo: 1))),
            Sample(
                LogSourcesDocument(sources: [
                    .init(address: "192.0.2.1", name: "router", heard: source, now: 5),
                    .init(address: "192.0.2.2", name: nil, heard: nil, now: 5),
                ])),
            Sample(
                SiteDocument(
                    SiteFile(
                        site: SiteDescription(name: "Trailer 42"),
                        sensors: [SensorConfiguration(id: "a", name: "A", chip: .ds18b20(address: "28-0000075ff6b1"))]),
                    isSimulated: true)),
            Sample(
                UsersDocument([
                    Account(id: 1, name: name, role: .admin, password: "", created: 1, lastLogin: 2)
                ])),
            Sample(
                AuditDocument(
                    [RecordedAuditEntry(id: id, entry: entry, digest: [UInt8](repeating: 0xAB, count: 32))],
                    faults: ["Entry 3 is not what was written."], next: 8)),
            Sample(footage), Sample(DriveWorkDocument(work)),
            Sample(
                DriveOfferDocument(
                    disk: "sda", size: 1, model: "Cruzer", name: "4711",
                    volumes: [.init(device: "sda1", fileSystem: "vfat", label: "photos")], isInPlace: false,
                    seal: "7.1")),
            Sample(
                ClipsDocument(
                    clips: [
                        .init(
                            camera: "front", path: "front/a.mp4", time: WallTime(milliseconds: time.wall), size: 1,
                            isProtected: true)
                    ], next: "1.0")),
        ]
    }

    @Test("a document has what its schema says, and nothing that it does not say", arguments: samples)
    func documents(_ sample: Sample) throws {
        let value = try JSONDecoder().decode(PlainJSON.self, from: try sample.json()).value
        let faults = SchemaCheck(components: sample.schema.components).faults(value, sample.schema.json, at: "")
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    @Test("all documents have a sample")
    func all() { #expect(Self.samples.count == 13) }
}
