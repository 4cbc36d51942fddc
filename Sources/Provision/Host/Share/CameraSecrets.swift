public import Platform
public import Site

/// What the cameras of a unit log in to its share with; each is made once, and kept for root alone.
public struct CameraSecrets: Hashable, Sendable {
    static let folder = "/var/lib/picli-nas"
    /// Small letters and digits that no camera's menu, and no handwriting, confuses.
    private static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    /// 79 bits.
    private static let length = 16

    /// By the camera's id.
    public private(set) var texts: [String: String] = [:]
    /// Those that are not on the disk yet, in the order of the site file.
    private var new: [String] = []

    public init() {}

    /// Those that a root keeps, and new ones for cameras that have none; nothing is written.
    public init(of root: SystemRoot, for site: SiteFile) throws(SystemError) {
        guard site.storage != nil else { return }
        var random = SystemRandomNumberGenerator()
        for camera in site.network.cameras {
            if let kept = try root.content(of: "\(Self.folder)/\(camera.id)", limit: 256).flatMap(Self.text) {
                texts[camera.id] = kept
            } else {
                texts[camera.id] = Self.made(&random)
                new.append(camera.id)
            }
        }
    }

    static func made(_ random: inout some RandomNumberGenerator) -> String {
        String((0..<length).map { _ in letters[Int.random(in: letters.indices, using: &random)] })
    }

    /// nil for a file that a power cut, or somebody, has emptied.
    private static func text(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        return text.count >= 8 && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 } ? text : nil
    }

    /// The steps that keep the new ones.
    func steps() -> [PlanStep] {
        guard !new.isEmpty else { return [] }
        return [
            PlanStep(
                "camera.secrets", "Make the folder of the cameras' passwords.",
                .directory(path: Self.folder, mode: 0o700))
        ]
            + new.enumerated().compactMap { index, id in
                texts[id].map { text in
                    PlanStep(
                        "camera.secret.\(index + 1)", "Give the camera '\(id)' a password.",
                        .file(
                            PlanFile("\(Self.folder)/\(id)", Array("\(text)\n".utf8), mode: 0o600, isSecret: true)))
                }
            }
    }
}

extension CameraSecrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "CameraSecrets(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
