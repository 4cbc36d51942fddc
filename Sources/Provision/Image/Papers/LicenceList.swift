/// Under which licences an image's packages are, as far as their own `copyright` files say it by name.
public struct LicenceList: Sendable {
    public private(set) var text = ""

    /// - Parameter copyright: The text of a package's `/usr/share/doc/NAME/copyright`; nil where there is none.
    public init(of packages: [InstalledPackage], copyright: (String) -> String?) {
        for package in packages {
            let names: [String]
            switch package.kind {
            case .swift: names = ["see \(package.location ?? "its source")"]
            case .debian: names = copyright(package.name).map(Self.names) ?? []
            }
            let licences =
                names.isEmpty ? "see /usr/share/doc/\(package.name)/copyright" : names.joined(separator: ", ")
            text += "\(package.name) \(package.version): \(licences)\n"
        }
    }

    /// The short names of a machine-readable file (DEP-5, `License:`); none of another.
    private static func names(in copyright: String) -> [String] {
        let lines = copyright.split(separator: "\n")
        guard lines.first?.hasPrefix("Format:") == true else { return [] }
        let names = lines.filter { $0.hasPrefix("License:") }
            .map { $0.dropFirst(8).drop { $0 == " " }.prefix(80) }.filter { !$0.isEmpty }
        return Set(names.map(String.init)).sorted()
    }
}
