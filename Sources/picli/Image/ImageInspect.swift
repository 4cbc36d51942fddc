import ArgumentParser
import Provision

struct ImageInspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what an image is, and how it is divided.",
        discussion: """
            Reads what the image says of itself in the files beside it: its base, its partitions, and how a \
            card is made the card of a unit. Whether it is whole is said by 'picli image verify'.

            Example:
              picli image inspect out/picli-0.1.0-arm64.img
            """
    )

    @Argument(help: "The image.", completion: .file(extensions: ["img"]))
    var image: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        try output.console.answer(ImageInspectDocument(try ImageFile(image)))
    }
}

/// The answer of `picli image inspect`.
struct ImageInspectDocument: Answer {
    var schema = 1
    let image: String
    /// As in the document beside the image.
    let identity: ImageIdentity

    init(_ file: ImageFile) {
        image = file.path
        identity = file.identity
    }

    func text(for terminal: Terminal) -> String {
        var table = Table([
            .init(title: "partition"), .init(title: "MiB", alignment: .right),
            .init(title: "first sector", alignment: .right), .init(title: ""),
        ])
        for partition in identity.partitions {
            table.append([
                partition.name, "\(partition.sectors >> 11)", "\(partition.start)", partition.isEmpty ? "empty" : "",
            ])
        }
        let carried = identity.provisioning
        return """
            \(identity.name) \(identity.version) for \(identity.architecture), \(identity.base) \(identity.release)
            \(identity.size >> 20) MiB, \(identity.packages) packages
            sha256 \(identity.sha256)
            A card is made a unit's by \(carried.archive) on its partition '\(carried.partition)'.

            \(table.text(for: terminal))
            """
    }
}
