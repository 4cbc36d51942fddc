import Appliance
import Glibc
import Hardware
import Platform
import Provision
import Site

/// Asks at a terminal what was not said on the command line.
///
/// An empty answer takes what stands in brackets; the end of the input ends the command.
struct ProvisionQuestions: Sendable {
    private let console: Console

    /// nil where nobody can answer: then all has to be said.
    init?(_ console: Console) {
        guard isatty(STDIN_FILENO) == 1, console.error.isInteractive else { return nil }
        self.console = console
    }

    /// - Throws: `CancellationError` when the answer is no.
    func confirm(_ order: ProvisionOrder, at place: String) async throws {
        let unit = order.unit.map { "\($0)" } ?? "a unit"
        guard try yes("Make \(place) \(unit) of the site '\(order.site.site.name)'?") else { throw CancellationError() }
    }

    /// A site file from answers, with what is plugged in offered as answers.
    func siteFile(isLive: Bool) async throws -> String {
        console.note("There is no site file yet. A few questions make one; it can be edited later.")
        var draft = SiteDraft()
        draft.name = try ask(
            "Name of the site",
            check: { answer in
                answer.isEmpty ? "A site needs a name." : draft.fault(\.name)(answer)
            })
        draft.timezone = try ask("Time zone", default: SiteDraft.timezoneOfMachine, check: draft.fault(\.timezone))
        draft.unit = try ask(
            "Fixed address of this unit, like 192.168.1.10/24 (empty: the router gives it one)",
            check: draft.fault(\.unit))
        draft.router = try ask("Address of the router (empty: none)", check: draft.fault(\.router))
        draft.camera = try ask("Address of the camera (empty: none)", check: draft.fault(\.camera))
        if isLive { try await offerHardware(&draft) }
        return draft.text
    }

    private func offerHardware(_ draft: inout SiteDraft) async throws {
        let report = try await SensorScan(.linux(), sensors: [], time: .shown).run()
        for proposal in report.proposals {
            console.note("Found: \(proposal.line)")
            if try yes("Read it?") { draft.sensors.append(proposal.line) }
        }
        if report.proposals.isEmpty { console.note("No sensor was found: 'picli sensors scan' says why.") }
        guard !draft.camera.isEmpty else { return }
        let drive = SelfTest.drive()
        if drive.outcome == .passed { console.note("Found: \(drive.message)") }
        draft.hasStorage = try yes("Keep the camera's footage on a USB drive?", default: drive.outcome == .passed)
    }

    private func yes(_ question: String, default isYes: Bool = true) throws -> Bool {
        let answer = try ask(question + (isYes ? " [Y/n]" : " [y/N]")) { answer in
            ["", "y", "yes", "n", "no"].contains(answer.lowercased()) ? nil : "Answer y or n."
        }
        return answer.isEmpty ? isYes : answer.lowercased().hasPrefix("y")
    }

    /// Asks until the answer has no fault.
    private func ask(
        _ question: String, default standard: String? = nil, check: (String) -> String?
    ) throws -> String {
        while true {
            console.prompt(question + (standard.map { " [\($0)]" } ?? "") + ": ")
            guard let line = readLine() else { throw CancellationError() }
            let typed = String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            let answer = typed.isEmpty ? standard ?? "" : typed
            guard let fault = check(answer) else { return answer }
            console.note(fault)
        }
    }
}

/// A site file in the making.
struct SiteDraft {
    var name = ""
    var timezone = "UTC"
    var unit = ""
    var router = ""
    var camera = ""
    var sensors: [String] = []
    var hasStorage = false

    /// IANA name by the link that /etc/localtime is.
    static var timezoneOfMachine: String {
        guard let path = realpath("/etc/localtime", nil) else { return "UTC" }
        defer { free(path) }
        let text = String(cString: path)
        guard let range = text.firstRange(of: "/zoneinfo/") else { return "UTC" }
        let name = String(text[range.upperBound...])
        return name.isEmpty || name.hasPrefix("Etc/") ? "UTC" : name
    }

    var text: String {
        var text = "site:    { name: \(Self.quoted(name)), timezone: \(Self.quoted(timezone)) }\n"
        let network = [
            unit.isEmpty ? nil : "unit: \(Self.quoted(unit))",
            router.isEmpty ? nil : "router: { address: \(Self.quoted(router)) }",
            camera.isEmpty ? nil : "camera: { address: \(Self.quoted(camera)) }",
        ].compactMap(\.self)
        if !network.isEmpty { text += "network: { \(network.joined(separator: ", ")) }\n" }
        if !sensors.isEmpty { text += "sensors:\n" + sensors.map { "  \($0)\n" }.joined() }
        if hasStorage { text += "storage: { share: camera }\n" }
        return text
    }

    /// What the site file's own rules say of an answer; nil when they take it.
    func fault(_ field: WritableKeyPath<SiteDraft, String>) -> (String) -> String? {
        { answer in
            var draft = self
            draft[keyPath: field] = answer
            return SiteFile.parse(draft.text, file: "answer").errors.first.map { error in
                error.message + (error.hint.map { " (\($0))" } ?? "")
            }
        }
    }

    /// A YAML double-quoted scalar (YAML 1.2, 7.3.1).
    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
    }
}
