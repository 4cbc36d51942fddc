import Testing

/// Who may know whom: the table of docs/architecture.md, read against every `import`.
@Suite("The import table")
struct ImportTests {
    /// Our own modules that each target may import.
    ///
    /// A target that is not listed here may not exist.
    static let table: [String: Set<String>] = [
        "picli": [
            "Diagnose", "Appliance", "Fleet", "Provision", "NAS", "Relays", "Web", "Store", "Hardware", "Site",
            "Platform",
        ],
        "Diagnose": ["Provision", "NAS", "Relays", "Store", "Hardware", "Site", "Platform"],
        "Appliance": ["Relays", "Web", "Store", "NAS", "Hardware", "Site", "Platform", "CMosquitto", "CModbus"],
        "Fleet": ["Web", "Store", "Site", "Platform"],
        "Provision": ["Site", "Platform"],
        "NAS": ["Site", "Platform"],
        "Relays": ["Hardware", "Site", "Platform"],
        // CZlib for compressed answers.
        "Web": ["Site", "Platform", "CZlib"],
        "Store": ["Site", "Platform", "CZlib"],
        // CLinux for the property channel of the Pi's firmware.
        "Hardware": ["Platform", "CGPIOD", "CI2C", "CLinux"],
        "Site": [],
        "Platform": ["CUdev", "CLinux"],
        "TestSupport": ["Platform", "Hardware", "Store", "Site"],
        "CGPIOD": [], "CI2C": [], "CUdev": [], "CMosquitto": [], "CModbus": [], "CLinux": [], "CZlib": [],
        // Runs while the package is built; no part of the product.
        "embed-assets": [],
    ]

    @Test("every target has its line in the table")
    func everyTargetIsListed() throws {
        let unlisted = try SourceTree.folders(in: "Sources").filter { Self.table[$0] == nil }
        #expect(unlisted.isEmpty, "say in the table what \(unlisted) may import")
    }

    @Test("no file imports a module of ours that its target may not know")
    func importsFollowTheTable() throws {
        let files = try SourceTree.files(in: "Sources")
        #expect(files.count > 10)
        let faults = files.flatMap { file in
            let allowed = Self.table[file.target] ?? []
            return file.faults(in: \.code) { line in
                guard let module = Self.importedModule(line) else { return false }
                return Self.table[module] != nil && !allowed.contains(module)
            }
        }
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    @Test("no C target includes a header of another one")
    func includesStayInTheirTarget() throws {
        let ours = Self.table.keys.filter { $0.hasPrefix("C") && $0 != "CLITests" }
        let faults = try SourceTree.files(in: "Sources", ["h", "c"]).flatMap { file in
            file.faults(in: \.statements) { line in
                line.contains("#include") && ours.contains { $0 != file.target && line.contains("\($0).h") }
            }
        }
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    @Test("C targets hold inline wrappers, no logic: no loop, no branch longer than one line")
    func wrappersHaveNoLogic() throws {
        let faults = try SourceTree.files(in: "Sources", ["h", "c"]).flatMap { file in
            file.faults(in: \.code) { line in
                ["for (", "while (", "switch (", "goto "].contains { line.contains($0) }
            }
        }
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    @Test(
        "an import is recognised in all its forms",
        arguments: [
            ("import Site", "Site"), ("public import Store", "Store"), ("@testable import Web", "Web"),
            ("@preconcurrency public import Web", "Web"), ("import struct Site.Metric", "Site"),
            ("let important = 1", nil), ("importer()", nil),
        ] as [(String, String?)])
    func importForms(line: String, module: String?) {
        #expect(Self.importedModule(line) == module)
    }

    /// The module of an import line.
    static func importedModule(_ line: String) -> String? {
        let words = line.split(separator: " ").map(String.init)
        guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
            words[..<place].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) })
        else { return nil }
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let name = kinds.contains(words[place + 1]) ? words.dropFirst(place + 2).first : words[place + 1]
        return name.flatMap { $0.split(separator: ".").first.map(String.init) }
    }

    private static let accessLevels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
}
