import ArgumentParser
import Platform
import Provision

struct ImageVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that an image is what the files beside it say.",
        discussion: """
            Reads all of it: its length, its checksum, each range of its block map, and its partition table. \
            Exits with 2 when something is not as it should be, and says in which partition.

            Example:
              picli image verify out/picli-0.1.0-arm64.img
            """
    )

    @Argument(help: "The image.", completion: .file(extensions: ["img"]))
    var image: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let file = try ImageFile(image)
        let faults = try await Blocking(name: "image") {}.run(within: .seconds(3600)) { _ in try file.faults() }
        let document = ImageVerifyDocument(file, faults)
        try output.console.answer(document)
        try document.requireWhole()
    }
}

/// The answer of `picli image verify`.
struct ImageVerifyDocument: Answer {
    var schema = 1
    let image: String
    let sha256: String
    let whole: Bool
    /// Each in a sentence.
    let faults: [String]

    init(_ file: ImageFile, _ faults: [String]) {
        image = file.path
        sha256 = file.identity.sha256
        whole = faults.isEmpty
        self.faults = faults
    }

    /// Errors: `image.damaged`, exit code 2.
    func requireWhole() throws(Failure) {
        guard !whole else { return }
        throw Failure(
            "image.damaged", "\(image) is not what it should be.",
            hint: "take the image and its files from where they were made once more", status: .findings)
    }

    func text(for terminal: Terminal) -> String {
        whole ? "\(image) is whole.\nsha256 \(sha256)\n" : faults.map { "\($0)\n" }.joined()
    }
}
