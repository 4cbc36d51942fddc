import Foundation
import Hardware
import Platform
import Site
import Store
import TestSupport
import Testing

@testable import Diagnose

/// Canaries in every source: none of them may leave the unit.
@Suite("The bundle")
struct BundleTests {
    private let folder = TemporaryDirectory()

    private static let canaries = [
        "Canary-Site", "Canary-Customer", "canary-deploy", "canaryuser", "canary-secret-1", "canary-secret-2",
        "canary-word-3", "10.20.30.40", "10.20.30.50", "canary@mail.example", "02:ca:00:00:00:01", "Canary-Camera",
        "hooks.canary.example", "canary-log-host", "canarypw99", "canary-anna", "canary-bert", "canary-carl",
    ]

    private static let site = """
        site: { name: Canary-Site, customer: Canary-Customer, deployment: canary-deploy }
        network:
          unit: 10.20.30.9/24
          router: { address: 10.20.30.40, user: canaryuser }
          camera: { address: 10.20.30.50, name: Canary-Camera }
        notify: { office: ["mailto:canary@mail.example", "https://hooks.canary.example/x"] }
        sensors:
          - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
        """

    private func subject(site: String = Self.site) async throws -> Subject {
        folder.write(site, to: "etc/picli/site.yaml")
        folder.write(
            "# canaries\nrouter: canary-secret-1\nmail: \"canary-secret-2\"\ncanary-word-3\n",
            to: "etc/picli/secrets.yaml")
        folder.write("# wifi psk=canarypw99\nip=10.20.30.40\n", to: "boot/firmware/config.txt")
        let state = folder.path + "/var/lib/picli"
        folder.write("", to: "var/lib/picli/.keep")
        let time = Timestamp(wall: KernelClock.wall() - 1000, boot: 1, monotonic: 1000, isTrusted: true)
        let store = await Store.open(.init(directory: state), kernelBoot: "boot", now: time)
        let metric = Metric("enclosure", .temperature, unit: .celsius)
        await store.history.append(
            ReadingBatch(
                time: time, interval: .seconds(1),
                readings: [Reading(metric, at: time, noData: NoData(.notPresent, "Canary-Camera took it"))]))
        _ = try await store.journal.record(
            Event(
                .init(rawValue: "test.canary"), .warning, subject: "canaryuser",
                message: "Canary-Customer called from 10.20.30.40 about 02:ca:00:00:00:01.",
                values: ["detail": .text("password: canarypw99")], at: time))
        try await recordPeople(in: store.journal, at: time)
        await store.close()
        let logs = CanaryLogs(time: time)
        let result = SiteFile.parse(site, file: "site.yaml")
        return Subject(
            root: try SystemRoot(folder.path), state: "/var/lib/picli", isInstalled: true,
            site: result.value.map { .success($0) } ?? .failure(Failure("site.invalid", "It is for Canary-Customer.")),
            standing: .stopped, readings: try await Store.reading(state), logs: logs,
            readSensors: { _ in [] }, earliest: 0, version: "0.1.0", isPrivileged: true)
    }

    /// One who has an account, one whose account was removed, and one of whom only an event is left.
    private func recordPeople(in journal: Journal, at time: Timestamp) async throws {
        let anna = Account(
            id: 1, name: try #require(UserName("canary-anna")), role: .operator, password: "$scrypt$", created: 1)
        let removed = AuditEntry(
            time: time, actor: "canary-anna", origin: "10.20.30.40", action: .userRemoved, subject: "canary-bert")
        try await journal.write([.account(anna)], audit: [removed])
        func record(_ message: String, _ values: [String: Event.Value]) async throws {
            _ = try await journal.record(
                Event(
                    .init(rawValue: "relay.switched"), .notice, subject: "lamp", message: message, values: values,
                    at: time))
        }
        try await record("The override of relay lamp by canary-anna is over.", [:])
        try await record(
            "Relay lamp was switched off by canary-carl.",
            ["kind": .text("person"), "who": .text("canary-carl"), "origin": .text("10.20.30.40")])
        try await record(
            "Relay lamp was switched on by evening.",
            ["kind": .text("schedule"), "who": .text("evening"), "origin": .text("unit")])
    }

    private static let report = DiagnosisDocument(
        version: "0.1.0", unit: "pi-1", site: "Canary-Site", time: "2026-03-01T12:00:00.000Z", milliseconds: 5,
        checks: [
            Finding(
                id: "router.reach", subject: "router", verdict: .fail,
                evidence: "The router does not answer at 10.20.30.40.",
                cause: "canaryuser, or canary-bert", fix: .init("ask Canary-Customer", command: "ping -c 3 10.20.30.40")
            )
        ])

    @Test("no canary of any source is in it, and it opens with the report and the code", arguments: [true, false])
    func canaries(siteIsValid: Bool) async throws {
        let text = siteIsValid ? Self.site : Self.site.replacing("sensors:", with: "sensers:")
        let subject = try await subject(site: text)
        let bundle = try await SupportBundle(of: subject, report: Self.report)
        let bytes = try await bundle.archive(with: LinuxCommandRunner())
        let received = try await ReceivedBundle(bytes, with: LinuxCommandRunner())
        #expect(received.manifest == bundle.manifest)
        #expect(received.manifest.code.wholeMatch(of: /[0-9A-Z]{4}-[0-9A-Z]{4}/) != nil)
        #expect(received.report?.checks.first?.id == "router.reach")
        let names = received.manifest.files.map(\.name)
        for name in ["report.json", "events.jsonl", "logs.jsonl", "readings.jsonl", "config.txt"]
            + (siteIsValid ? ["site.yaml"] : [])
        {
            #expect(names.contains(name), "\(received.manifest.omitted)")
        }
        for name in names {
            let content = try #require(received.text(of: name))
            for canary in Self.canaries {
                #expect(content.range(of: canary, options: .caseInsensitive) == nil, "\(canary) in \(name): \(content)")
            }
        }
        #expect(received.manifest.files.first { $0.name == "logs.jsonl" }.map { $0.redacted.personal > 3 } == true)
    }

    @Test("the tokens of one value are the same in all files")
    func correlation() async throws {
        let bundle = try await SupportBundle(of: try await subject(), report: Self.report)
        let received = try await ReceivedBundle(
            try await bundle.archive(with: LinuxCommandRunner()), with: LinuxCommandRunner())
        let token = try #require(received.text(of: "report.json")?.firstMatch(of: /<address:[0-9a-f]{8}>/)).output
        for name in ["events.jsonl", "logs.jsonl", "config.txt", "site.yaml"] {
            #expect(received.text(of: name)?.contains(token) == true, "\(name)")
        }
    }

    @Test("who has switched a relay is one token in its event and in log lines, and a schedule keeps its words")
    func people() async throws {
        let bundle = try await SupportBundle(of: try await subject(), report: Self.report)
        let received = try await ReceivedBundle(
            try await bundle.archive(with: LinuxCommandRunner()), with: LinuxCommandRunner())
        let events = try #require(received.text(of: "events.jsonl"))
        let token = try #require(events.firstMatch(of: /switched off by (<user:[0-9a-f]{8}>)/)).output.1
        #expect(events.contains(#""who":"\#(token)""#), "\(events)")
        let logs = try #require(received.text(of: "logs.jsonl"))
        #expect(logs.contains("switched on by \(token);"), "\(logs)")
        #expect(events.contains("switched on by evening."), "\(events)")
    }

    @Test("altered or foreign bytes open no bundle")
    func closed() async throws {
        let subject = try await subject()
        let bundle = try await SupportBundle(of: subject, report: Self.report)
        var bytes = try await bundle.archive(with: LinuxCommandRunner())
        bytes[bytes.count / 2] ^= 0xFF
        await #expect(throws: (any Error).self) { try await ReceivedBundle(bytes, with: LinuxCommandRunner()) }
        await #expect(throws: (any Error).self) {
            try await ReceivedBundle(Array("no".utf8), with: LinuxCommandRunner())
        }
    }
}

/// Lines of a device that tells everything.
private struct CanaryLogs: LogArchive {
    let time: Timestamp

    func lines(_ query: LogQuery) async throws -> LogAnswer {
        let texts = [
            "user canaryuser logged in from 10.20.30.50 with password=canarypw99",
            "lease 10.20.30.40 to 02:ca:00:00:00:01 (Canary-Camera)",
            "mail to canary@mail.example, key canary-secret-1",
            "POST https://hooks.canary.example/x canary-secret-2 canary-word-3",
            "Relay lamp was switched on by canary-carl; Canary-Anna and canary-bert looked on.",
        ]
        return LogAnswer(
            lines: texts.enumerated().map { index, text in
                RecordedLine(
                    id: RowID(database: Self.id, sequence: Int64(index)),
                    line: LogLine(
                        received: time, claimed: nil, host: "canary-log-host", source: "10.20.30.50", facility: .daemon,
                        severity: .notice, program: "canaryuser[1]", text: text))
            }, next: nil, searchedTo: nil)
    }

    func sources() async throws -> LogSourcesDocument { LogSourcesDocument(sources: []) }

    private static var id: DatabaseID {
        var random = SystemRandomNumberGenerator()
        return DatabaseID(milliseconds: 0, random: &random)
    }
}
