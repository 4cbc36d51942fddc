import ArgumentParser
import Platform
import Provision

/// What is printed for a unit: only into files that are named here.
struct PaperOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Draw the unit's label into this file: .svg or .png.", valueName: "file"),
        completion: .file(extensions: ["svg", "png"]))
    var label: String?

    @Option(
        help: ArgumentHelp("The label's paper in millimetres: 62x29 by default.", valueName: "size"),
        transform: Self.size)
    var labelSize: LabelSize?

    @Option(
        help: ArgumentHelp("Write the installer's sheet into this file: .html or .txt.", valueName: "file"),
        completion: .file(extensions: ["html", "txt"]))
    var sheet: String?

    var isGiven: Bool { label != nil || sheet != nil }

    func validate() throws {
        if let label, !label.hasSuffix(".svg"), !label.hasSuffix(".png") {
            throw ValidationError("--label draws .svg or .png.")
        }
        if let sheet, !sheet.hasSuffix(".html"), !sheet.hasSuffix(".txt") {
            throw ValidationError("--sheet writes .html or .txt.")
        }
        if labelSize != nil, label == nil { throw ValidationError("--label-size goes with --label.") }
    }

    @Sendable private static func size(_ text: String) throws -> LabelSize {
        guard let size = LabelSize(text) else {
            throw TypedText.Mistake(description: "write 62x29, at most 148x105.")
        }
        return size
    }
}
