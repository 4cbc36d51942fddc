import ArgumentParser
import Provision

struct ImageDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what two images differ in.",
        discussion: """
            Compares what they say of themselves, their partitions, and their lists of software: what came, \
            what went, and which versions changed. It reads the files beside the images, not the images.

            Example:
              picli image diff old/picli-0.1.0-arm64.img out/picli-0.2.0-arm64.img
            """
    )

    @Argument(help: "The older image.", completion: .file(extensions: ["img"]))
    var old: String

    @Argument(help: "The newer image.", completion: .file(extensions: ["img"]))
    var new: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let difference = try ImageDifference(from: try ImageFile(old), to: try ImageFile(new))
        try output.console.answer(ImageDiffDocument(old: old, new: new, difference: difference))
    }
}

/// The answer of `picli image diff`.
struct ImageDiffDocument: Answer {
    var schema = 1
    let old: String
    let new: String
    let difference: ImageDifference

    func text(for terminal: Terminal) -> String {
        guard !difference.isEmpty else { return "They do not differ.\n" }
        var table = Table([.init(title: "what"), .init(title: "before"), .init(title: "after")])
        let properties = difference.properties.filter { $0.name != "sha256" }
        for change in properties + difference.partitions + difference.software {
            table.append([change.name, change.before ?? "-", change.after ?? "-"])
        }
        return table.text(for: terminal)
    }
}
