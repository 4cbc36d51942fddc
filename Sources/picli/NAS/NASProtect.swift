import ArgumentParser
import NAS
import Platform
import Site

struct NASProtect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protect",
        abstract: "Keep a stretch of footage, whatever its age, or say what is kept.",
        usage: "picli nas protect [--from <time> --to <time>] [<options>]",
        discussion: """
            Clips of that time are not deleted by the unit, neither for their age nor for room, until the stretch is removed \
            from the list. The list is kept on the drive, beside the footage. A camera that deletes by itself does not know of it.

            Examples:
              picli nas protect --from 2026-03-01T08:00:00Z --to 2026-03-01T08:30:00Z
              picli nas protect --since 2h --camera front --note "claim 4711"
              picli nas protect
              picli nas protect --remove 1
            """
    )

    @OptionGroup var range: RangeOptions

    @Option(help: ArgumentHelp("Of this camera only; of all when left out.", valueName: "id"))
    var camera: String?

    @Option(help: ArgumentHelp("Why, for whoever reads the list.", valueName: "text"))
    var note: String?

    @Option(help: ArgumentHelp("Take this line off the list.", valueName: "number"))
    var remove: Int?

    @OptionGroup var options: NASOptions
    @OptionGroup var output: OutputOptions

    private var hasRange: Bool { range.since != nil || range.from != nil || range.to != nil }

    func validate() throws {
        if remove != nil, hasRange { throw ValidationError("--remove takes no time.") }
        if range.since == nil, range.from == nil, range.to != nil { throw ValidationError("--to needs --from.") }
        if (note?.count ?? 0) > 200 { throw ValidationError("--note has at most 200 letters.") }
    }

    func run() async throws {
        let unit = try options.unitOfRoot()
        let list = ProtectionList(root: unit.root, unit: unit.id, cameras: unit.cameras)
        let change: ProtectionList.Change? =
            if hasRange {
                .add(span)
            } else {
                remove.map { .remove($0) }
            }
        let drive = Blocking(name: "footage") {}
        let protections = try await drive.run(within: .seconds(30)) { _ in try list.changed(change) }
        try output.console.answer(ProtectionDocument(protections))
    }

    private var span: Protections.Span {
        let times = range.resolved(now: KernelClock.wall(), otherwise: .zero)
        return Protections.Span(camera: camera, from: times.lowerBound, to: times.upperBound, note: note)
    }
}

/// The answer of `picli nas protect`.
struct ProtectionDocument: Answer {
    struct Line: Encodable {
        let number: Int
        let camera: String?
        let from: String
        let to: String
        let note: String?
    }

    var schema = 1
    let protected: [Line]

    init(_ protections: Protections) {
        protected = protections.spans.enumerated().map { index, span in
            Line(
                number: index + 1, camera: span.camera, from: ISO8601.string(milliseconds: span.from),
                to: ISO8601.string(milliseconds: span.to), note: span.note)
        }
    }

    func text(for terminal: Terminal) -> String {
        guard !protected.isEmpty else { return "Nothing is protected.\n" }
        var table = Table([
            .init(title: "NO", alignment: .right), .init(title: "FROM"), .init(title: "TO"), .init(title: "CAMERA"),
            .init(title: "NOTE"),
        ])
        for line in protected {
            table.append(["\(line.number)", line.from, line.to, line.camera ?? "all", line.note?.plain ?? ""])
        }
        return table.text(for: terminal)
    }
}
