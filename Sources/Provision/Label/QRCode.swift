public import Platform

/// The modules of a QR code (ISO/IEC 18004), dark or light, without the quiet zone around them.
public struct QRCode: Hashable, Sendable {
    /// Modules that stay light on each side.
    public static let quietZone = 4

    /// Rows from the top; true is dark.
    let modules: [[Bool]]

    /// Modules per side: 21, 25 … 177.
    public var side: Int { modules.count }

    /// Has `qrencode` draw a text, which it reads from its standard input: no list of processes shows a secret.
    ///
    /// Level M: a seventh of the code may be scratched off.
    ///
    /// - Throws: `Failure` `label.program`.
    public init(_ text: String, runner: any CommandRunner) async throws {
        let command = Command(
            "qrencode", ["--level=M", "--margin=\(Self.quietZone)", "--type=ASCII", "--output=-"],
            input: Array(text.utf8))
        let output = try await LabelProgram(name: "qrencode", package: "qrencode").run(command, with: runner)
        guard let code = QRCode(drawing: output) else {
            throw Failure(
                "label.program", "What qrencode drew is no QR code.", hint: "qrencode --version (4.1 is known to work)")
        }
        self = code
    }

    /// Reads `qrencode --type=ASCII`: two columns a module, `##` dark and blanks light, the quiet zone included.
    ///
    /// nil for what is not exactly a code with its three finder patterns.
    init?(drawing: [UInt8]) {
        guard drawing.count <= 1 << 17, drawing.last == UInt8(ascii: "\n") else { return nil }
        let rows = drawing.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let quiet = Self.quietZone
        let side = rows.count - 2 * quiet
        guard (21...177).contains(side), (side - 17) % 4 == 0 else { return nil }
        var all: [[Bool]] = []
        for row in rows {
            guard let modules = Self.modules(of: row), modules.count == rows.count else { return nil }
            all.append(modules)
        }
        let inner = quiet..<quiet + side
        let isQuiet = all.indices.allSatisfy { y in
            all[y].indices.allSatisfy { x in inner.contains(x) && inner.contains(y) || !all[y][x] }
        }
        modules = all[inner].map { Array($0[inner]) }
        guard isQuiet, hasFinders else { return nil }
    }

    private static func modules(of row: ArraySlice<UInt8>) -> [Bool]? {
        guard row.count.isMultiple(of: 2) else { return nil }
        var modules: [Bool] = []
        for start in stride(from: row.startIndex, to: row.endIndex, by: 2) {
            switch (row[start], row[start + 1]) {
            case (UInt8(ascii: "#"), UInt8(ascii: "#")): modules.append(true)
            case (UInt8(ascii: " "), UInt8(ascii: " ")): modules.append(false)
            default: return nil
            }
        }
        return modules
    }

    /// The rings of 7, 5 and 3 modules in three corners, with the light row and column beside them.
    private var hasFinders: Bool {
        let last = side - 7
        return [(0, 0), (last, 0), (0, last)].allSatisfy { left, top in
            (-1...7).allSatisfy { y in
                (-1...7).allSatisfy { x in
                    guard modules.indices.contains(top + y), modules.indices.contains(left + x) else { return true }
                    let ring = max(abs(x - 3), abs(y - 3))
                    return modules[top + y][left + x] == (ring != 2 && ring != 4)
                }
            }
        }
    }

    /// The dark modules as one path, a unit per module; each run in a row is a rectangle.
    public var path: String {
        var path = ""
        for (y, row) in modules.enumerated() {
            var x = 0
            while x < side {
                let run = row[x...].prefix { $0 }.count
                if run > 0 { path += "M\(x) \(y)h\(run)v1h-\(run)z" }
                x += max(run, 1)
            }
        }
        return path
    }
}

/// A program of the distribution that draws for the label.
struct LabelProgram {
    let name: String
    let package: String

    func run(_ command: Command, with runner: any CommandRunner) async throws -> [UInt8] {
        do {
            let result = try await runner.run(command)
            guard !result.isTruncated else {
                throw Failure("label.program", "\(name) made more than was asked for.", hint: "a smaller label")
            }
            return result.output
        } catch let error as CommandError {
            let isMissing = error.reason == .notFound
            throw Failure(
                "label.program", "The label cannot be drawn: \(error).",
                hint: isMissing ? "apt-get install \(package)" : nil)
        }
    }
}
