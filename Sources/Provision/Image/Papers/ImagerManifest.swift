import FoundationEssentials

/// What Raspberry Pi Imager reads to offer an image (`rpi-imager --repo FILE`).
struct ImagerManifest: Encodable {
    struct Entry: Encodable {
        let name: String
        let description: String
        let icon: String
        let url: String
        let releaseDate: String
        /// Of the image itself, not of what is fetched.
        let extractSize: UInt64
        let extractDigest: String
        let downloadSize: UInt64
        let downloadDigest: String
        let devices: [String]
        /// Nothing of its own settings is taken over: a card is made a unit's by 'picli image flash'.
        let initFormat = "none"
        let architecture = "armv8"

        private enum CodingKeys: String, CodingKey {
            case name, description, icon, url, devices, architecture
            case releaseDate = "release_date"
            case extractSize = "extract_size"
            case extractDigest = "extract_sha256"
            case downloadSize = "image_download_size"
            case downloadDigest = "image_download_sha256"
            case initFormat = "init_format"
        }
    }

    let list: [Entry]

    private enum CodingKeys: String, CodingKey {
        case list = "os_list"
    }

    /// - Parameters:
    ///   - place: The address of the folder that the files are published in, without `/` at its end.
    ///   - download: Of the compressed image.
    init(_ identity: ImageIdentity, at place: String, download: BlockMap) {
        let day = Date(timeIntervalSince1970: Double(ImagePlan.epoch)).formatted(.iso8601).prefix(10)
        list = [
            Entry(
                name: "\(identity.name) \(identity.version)",
                description: "The appliance of a remote site, on \(identity.base) \(identity.release).",
                icon: "", url: "\(place)/\(identity.file).xz", releaseDate: String(day), extractSize: identity.size,
                extractDigest: identity.sha256, downloadSize: download.size, downloadDigest: download.digest,
                // Debian's kernel has no driver for the RP1 of a Pi 5.
                devices: ["pi3-64bit", "pi4-64bit"] + (identity.base == "raspios" ? ["pi5-64bit"] : []))
        ]
    }
}
