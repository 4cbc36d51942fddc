public import Platform

/// One file as it has to be: a value that a plan can hold.
public struct BootFile: Hashable, Sendable {
    /// Absolute, in the unit's root.
    public var path: String
    public var content: [UInt8]
    public var mode: UInt32

    public init(path: String, content: [UInt8], mode: UInt32 = 0o644) {
        self.path = path
        self.content = content
        self.mode = mode
    }
}

/// The files that make a system boot as its site file says.
///
/// A pure function of what was read before: applied twice it changes nothing, and `removing` gives the old config.txt
/// back byte for byte.
public struct BootFiles: Hashable, Sendable {
    /// config.txt last: it must not name an overlay that is not there yet.
    public var files: [BootFile]

    /// - Throws: `boot.noConfig`, `boot.noSymbols`, `boot.overlayNotInstalled`, `boot.boardUnsupported`,
    ///   `boot.lineTooLong`.
    public init(_ settings: BootSettings, on tree: BootTree) throws(Failure) {
        files = WatchdogFiles.all
        let modules = Self.modules(settings, on: tree.system)
        if !modules.isEmpty {
            let text = modules.map { "\($0)\n" }.joined()
            files.append(BootFile(path: "\(BootTree.moduleFolder)/picli.conf", content: Array(text.utf8)))
        }
        guard tree.system != .other else { return }
        guard let path = tree.configPath, let config = tree.config else { throw tree.noConfig }
        if tree.system == .debian { files += try Self.overlays(settings, on: tree) }
        do throws(ConfigLineTooLong) {
            let body = settings.block(for: tree.system)
            if tree.system == .debian {
                let custom = try ManagedBlock.put(body, into: ConfigText(tree.custom ?? []))
                files.append(BootFile(path: BootTree.customPath, content: custom.bytes))
            }
            files.append(BootFile(path: path, content: try ManagedBlock.put(body, into: ConfigText(config)).bytes))
        } catch {
            throw Failure(
                "boot.lineTooLong",
                "A line for config.txt would be longer than \(ConfigText.lineLimit) characters: '\(error.line)'.",
                hint: "give the relay a shorter id in the site file")
        }
    }

    /// The files without what is ours; those that were made by us alone become empty.
    public static func removing(from tree: BootTree) -> [BootFile] {
        var files: [BootFile] = []
        if let custom = tree.custom {
            files.append(
                BootFile(path: BootTree.customPath, content: ManagedBlock.removed(from: ConfigText(custom)).bytes))
        }
        if let path = tree.configPath, let config = tree.config {
            files.append(BootFile(path: path, content: ManagedBlock.removed(from: ConfigText(config)).bytes))
        }
        return files
    }

    /// Modules that no device asks for, or not early enough.
    private static func modules(_ settings: BootSettings, on system: BootSystem) -> [String] {
        var modules: [String] = []
        if system == .debian { modules.append("bcm2835_wdt") }
        // Without it there is a bus and no /dev/i2c-1.
        if settings.needsI2C { modules.append("i2c-dev") }
        return modules
    }

    private static func overlays(_ settings: BootSettings, on tree: BootTree) throws(Failure) -> [BootFile] {
        if let failure = tree.unsupported(settings) { throw failure }
        let needed = settings.ownOverlays
        if needed.contains(.oneWire), tree.hasSymbols == false {
            throw Failure(
                "boot.noSymbols",
                "The device trees of this kernel have no symbols, so that an overlay cannot find the GPIO lines for 1-Wire.",
                hint: "install the kernel of Debian 13: apt install linux-image-arm64")
        }
        var files: [BootFile] = []
        for overlay in needed {
            guard let content = tree.ownOverlays[overlay] else {
                throw Failure(
                    "boot.overlayNotInstalled",
                    "There is no \(BootOverlay.folder)/\(overlay.fileName), which Debian's kernel needs.",
                    hint: "apt install --reinstall picli")
            }
            files.append(BootFile(path: "\(BootTree.firmwareFolder)/overlays/\(overlay.fileName)", content: content))
        }
        return files
    }
}
