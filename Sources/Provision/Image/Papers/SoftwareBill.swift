import FoundationEssentials

/// The list of all software in an image, as SPDX 2.3 has it in JSON.
public struct SoftwareBill: Encodable, Sendable {
    struct Creation: Encodable {
        let created: String
        let creators: [String]
    }

    struct Package: Encodable {
        struct Reference: Encodable {
            let referenceCategory = "PACKAGE-MANAGER"
            let referenceType = "purl"
            let referenceLocator: String
        }

        let id: String
        let name: String
        let versionInfo: String
        let downloadLocation: String
        let filesAnalyzed = false
        let licenseConcluded = "NOASSERTION"
        let licenseDeclared: String
        let copyrightText = "NOASSERTION"
        let externalRefs: [Reference]

        private enum CodingKeys: String, CodingKey {
            case id = "SPDXID"
            case name, versionInfo, downloadLocation, filesAnalyzed, licenseConcluded, licenseDeclared, copyrightText
            case externalRefs
        }
    }

    struct Relationship: Encodable {
        let spdxElementId: String
        let relationshipType: String
        let relatedSpdxElement: String
    }

    let spdxVersion = "SPDX-2.3"
    let dataLicense = "CC0-1.0"
    let id = "SPDXRef-DOCUMENT"
    let name: String
    let documentNamespace: String
    let creationInfo: Creation
    let packages: [Package]
    let relationships: [Relationship]

    private enum CodingKeys: String, CodingKey {
        case id = "SPDXID"
        case spdxVersion, dataLicense, name, documentNamespace, creationInfo, packages, relationships
    }

    /// - Parameters:
    ///   - image: The name of the image's file.
    ///   - digest: Its SHA-256, which makes the document's name.
    public init(of packages: [InstalledPackage], image: String, digest: String, created: String, picli: String) {
        let whole = "SPDXRef-image"
        let parts = packages.map { package in
            Package(
                id: "SPDXRef-\(package.kind.rawValue)-\(Self.plain(package))", name: package.name,
                versionInfo: package.version, downloadLocation: package.location ?? "NOASSERTION",
                licenseDeclared: "NOASSERTION", externalRefs: [.init(referenceLocator: package.purl)])
        }
        name = image
        documentNamespace = "urn:picli:image:sha256:\(digest)"
        creationInfo = Creation(created: created, creators: ["Tool: picli-\(picli)"])
        self.packages =
            [
                Package(
                    id: whole, name: image, versionInfo: picli, downloadLocation: "NOASSERTION",
                    licenseDeclared: "NOASSERTION", externalRefs: [])
            ] + parts
        relationships =
            [
                Relationship(
                    spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: whole)
            ]
            + parts.map {
                Relationship(spdxElementId: whole, relationshipType: "CONTAINS", relatedSpdxElement: $0.id)
            }
    }

    /// Letters, digits, points and hyphens (SPDX 2.3, 7.2); a plus sign becomes `.P`.
    private static func plain(_ package: InstalledPackage) -> String {
        let text = package.name + (package.architecture.map { "-\($0)" } ?? "")
        return text.map { letter in
            letter == "+" ? ".P" : letter.isASCII && (letter.isLetter || letter.isNumber) ? String(letter) : "-"
        }.joined()
    }
}
