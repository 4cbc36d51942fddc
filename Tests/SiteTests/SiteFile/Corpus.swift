import Foundation
import Testing

/// The site files under `Corpus`, good ones and bad ones.
///
/// Beside a bad file `X.yaml` stands `X.expected`: first `structural` (the JSON Schema must refuse it too) or `judged`
/// (only the parser can), then every diagnostic in the form `LINE:COLUMN: severity: path: message; hint`.
enum Corpus {
    struct File: Sendable, CustomTestStringConvertible {
        let name: String
        let url: URL

        var bytes: [UInt8] { (try? Data(contentsOf: url)).map { [UInt8]($0) } ?? [] }
        var testDescription: String { name }
    }

    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Corpus")
    static let repository = directory.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let good = files("good")
    static let bad = files("bad")

    /// Set to write the `.expected` files anew; read the difference before it is kept.
    static let isRecording = ProcessInfo.processInfo.environment["PICLI_RECORD_CORPUS"] != nil

    private static func files(_ kind: String) -> [File] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: directory.appending(path: kind).path)) ?? []
        return all.filter { $0.hasSuffix(".yaml") }.sorted().map {
            File(name: String($0.dropLast(5)), url: directory.appending(path: kind).appending(path: $0))
        }
    }
}
