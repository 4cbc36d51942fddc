import Testing

/// What may be said where.
///
/// Each rule names the only places where a thing may stand.
@Suite("The rules of the house")
struct HouseRuleTests {
    /// Something that may stand in some places only.
    struct Rule: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Pieces of code; one that begins or ends with a letter must stand as a word of its own.
        let pieces: [String]
        /// Folders and files where it may stand, each with its reason.
        let allowed: [String]
        /// Where the pieces are looked for.
        var folder = "Sources"
        var isInStrings = false

        init(
            _ name: String, _ pieces: [String], in allowed: [String], folder: String = "Sources",
            isInStrings: Bool = false
        ) {
            testDescription = name
            self.pieces = pieces
            self.allowed = allowed
            self.folder = folder
            self.isInStrings = isInStrings
        }

        func faults(in file: SourceFile) -> [String] {
            file.faults(in: isInStrings ? \.statements : \.code) { line in
                pieces.contains { line.containsWord($0) }
            }
        }
    }

    static let rules: [Rule] = [
        Rule(
            "SQL is said only in the store",
            [
                "SELECT ", "INSERT INTO", "INSERT OR", "DELETE FROM", "CREATE TABLE", "CREATE INDEX", "PRAGMA ",
                "ALTER TABLE",
            ],
            // The register of an authority is no file of a unit; the index of the footage can be made anew.
            in: [
                "Sources/Store/", "Sources/Provision/Identity/Authority/UnitRegister.swift",
                "Sources/NAS/Footage/FootageIndex.swift",
            ], isInStrings: true),
        Rule(
            "SQLite is called only in the store", ["sqlite3_", "import GRDB", "import SQLite3"],
            in: [
                "Sources/Store/", "Sources/Provision/Identity/Authority/UnitRegister.swift",
                "Sources/NAS/Footage/FootageIndex.swift",
            ]),
        Rule(
            "only the output room prints",
            [
                "print(", "debugPrint(", "puts(", "fputs(", "printf(", "fprintf(", "STDOUT_FILENO", "STDERR_FILENO",
                "standardOutput", "standardError", "stdout", "stderr",
            ],
            // embed-assets is a build tool and talks to the build; swift-subprocess calls a child's outputs so.
            in: [
                "Sources/picli/Output/", "Sources/embed-assets/", "Sources/Platform/Process/LinuxCommandRunner.swift",
            ]),
        Rule(
            "the wall clock and raw sleeps belong to Platform",
            [
                "Date()", "Date.now", "Date.init()", "Task.sleep(nanoseconds", "CLOCK_REALTIME",
                "gettimeofday(",
            ],
            in: ["Sources/Platform/"]),
        Rule(
            "nobody silences the checker of data races, but Platform with a reason",
            ["@unchecked Sendable"], in: ["Sources/Platform/"]),
        Rule(
            "the command line does no work of its own",
            ["FileManager", "sqlite3_", "ioctl"], in: [], folder: "Sources/picli"),
        Rule(
            "the environment is read only in picli",
            ["ProcessInfo.processInfo.environment", "getenv(", "environ"],
            in: ["Sources/picli/", "Sources/embed-assets/"]),
        Rule("there are no singletons", ["static let shared", "static var shared"], in: []),
        Rule("no global state", ["nonisolated(unsafe) var", "nonisolated(unsafe) static var"], in: []),
        Rule("no detached tasks", ["Task.detached"], in: []),
        Rule(
            "no command goes through a shell", ["\"/bin/sh\"", "\"sh\"", "\"bash\"", "system("], in: [],
            isInStrings: true),
    ]

    @Test(arguments: rules)
    func rule(_ rule: Rule) throws {
        let faults = try SourceTree.files(in: rule.folder)
            .filter { file in !rule.allowed.contains { file.path.hasPrefix($0) } }
            .flatMap { rule.faults(in: $0) }
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    @Test("each rule finds what it forbids", arguments: rules)
    func ruleIsAwake(_ rule: Rule) {
        for piece in rule.pieces {
            let text = rule.isInStrings ? "run(\"\(piece.replacing("\"", with: ""))\")" : "let x = \(piece)"
            let file = SourceFile(path: "Sources/Elsewhere/File.swift", text: text)
            #expect(rule.faults(in: file).count == 1, "\(piece)")
        }
    }

    @Test("every @unchecked Sendable says why it is safe, in the lines before it")
    func uncheckedHasReason() throws {
        let silent = try SourceTree.files(in: "Sources").flatMap { file in
            file.code.indices.filter { file.code[$0].contains("@unchecked Sendable") }
                .filter { index in
                    !file.lines[..<index].suffix(12).contains { $0.trimmed.hasPrefix("//") }
                }
                .map { "\(file.path):\($0 + 1)" }
        }
        #expect(silent.isEmpty, "\(silent)")
    }

    @Test("nothing is unwrapped or tried by force", arguments: ["Sources", "Tests", "Plugins"])
    func nothingByForce(folder: String) throws {
        let faults = try SourceTree.files(in: folder).flatMap { file in
            file.faults(in: \.code) { $0.contains("try!") || $0.contains("as!") || $0.forcesUnwrap }
        }
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    @Test("no file is longer than 400 lines", arguments: ["Sources", "Tests", "Plugins", "TestSupport"])
    func filesAreShort(folder: String) throws {
        let long = try SourceTree.files(in: folder, ["swift", "h", "c", "css", "js"]).filter { $0.lines.count > 401 }
        #expect(long.isEmpty, "\(long.map { "\($0.path): \($0.lines.count) lines" })")
    }

    @Test(
        "nothing is left to be done later", arguments: ["Sources", "Tests", "Plugins", "Scripts", "Examples", "docs"])
    func nothingIsLeftOver(folder: String) throws {
        // In two pieces, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "HA" + "CK"]
        let kinds: Set<String> = ["swift", "h", "c", "css", "js", "md", "yaml", "sh", ""]
        let faults = try SourceTree.files(in: folder, kinds).flatMap { file in
            file.faults(in: \.lines) { line in marks.contains { line.containsWord($0) } }
        }
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    @Test("every run() of a command has at most 25 lines")
    func runsAreShort() throws {
        let faults = try SourceTree.files(in: "Sources/picli").flatMap { file in
            file.code.indices.filter { file.code[$0].trimmed.hasPrefix("func run() ") }.compactMap { start in
                let indent = file.code[start].prefix { $0 == " " }
                let length = file.code[start...].firstIndex { $0 == indent + "}" }.map { $0 - start - 1 } ?? .max
                return length > 25 ? "\(file.path):\(start + 1): \(length) lines" : nil
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("every public type says in a /// what it is")
    func publicTypesAreDocumented() throws {
        let words = ["struct", "class", "enum", "actor", "protocol"].map { "public \($0) " }
        let silent = try SourceTree.files(in: "Sources").flatMap { file in
            file.code.indices.filter { index in
                let line = file.code[index].trimmed.replacing("final ", with: "")
                // Nested types are explained by the one they stand in.
                return words.contains { line.hasPrefix($0) } && !file.code[index].hasPrefix(" ")
            }
            .filter { index in
                let above = file.lines[..<index].reversed().first { !$0.trimmed.hasPrefix("@") }
                return above?.trimmed.hasPrefix("///") != true
            }
            .map { "\(file.path):\($0 + 1): \(file.lines[$0])" }
        }
        #expect(silent.isEmpty, "\(silent.joined(separator: "\n"))")
    }
}
