import ArgumentParser
import Diagnose
import Platform

struct BundleOpen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Show what is in a bundle, its report first.",
        discussion: """
            Every file is compared with the hash that the unit has written down. The code is the one that \
            the unit has shown: read over the phone it tells whether this is the right bundle.

            Examples:
              picli bundle open bundle.tar.gz
              picli bundle open bundle.tar.gz --file logs.jsonl
            """
    )

    @Argument(
        help: ArgumentHelp("What the unit has written.", valueName: "file"), completion: .file(extensions: ["gz"]))
    var bundle: String

    @Option(help: ArgumentHelp("Print this file of it, and nothing else.", valueName: "name"))
    var file: String?

    @OptionGroup var output: OutputOptions

    /// A week of everything has some megabytes.
    private static let limit = 64 << 20

    func run() async throws {
        let console = output.console
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try SmallFile.bytes(at: bundle, limit: Self.limit) } catch {
            throw InputText.failure(error, bundle)
        }
        let received = try await ReceivedBundle(bytes, with: LinuxCommandRunner())
        guard let file else { return try console.answer(BundleDocument(received.manifest, report: received.report)) }
        guard let text = received.text(of: file) else {
            throw Failure(
                "bundle.noFile", "There is no \(file) in this bundle.", hint: "picli bundle open \(bundle)",
                status: .usage)
        }
        try console.write(text)
    }
}
