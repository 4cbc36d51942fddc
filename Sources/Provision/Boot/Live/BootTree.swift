public import Platform

/// All of a system that booting depends on, as it was read: a value, so that checks and plans are pure.
public struct BootTree: Hashable, Sendable {
    public var system: BootSystem
    /// Where the firmware's config.txt lies, `/boot/firmware/config.txt`; nil when there is none.
    public var configPath: String?
    public var config: [UInt8]?
    /// What `raspi-firmware` copies to the end of config.txt.
    public var custom: [UInt8]?
    /// Other text files beside config.txt, by name.
    public var includes: [String: [UInt8]] = [:]
    /// Overlays that the firmware can load, without `.dtbo`; nil when the folder cannot be read.
    public var overlays: Set<String>?
    /// Our own overlays as the package brought them.
    public var ownOverlays: [BootOverlay: [UInt8]] = [:]
    /// Whether overlays find their targets in the kernel's device trees; nil when none is there.
    public var hasSymbols: Bool?
    public var model: BoardModel?
    public var serial: UInt64?
    /// nil when nothing of it runs: a mounted card, or a machine that is no Pi.
    public var live: LiveTree?
    /// Kernel modules that are there without being asked for, with underscores: those that are loaded at boot, and those
    /// that are built into every kernel; nil when nobody looked.
    public var modules: Set<String>?
    /// Where the system is mounted; empty for the running one.
    public var root = ""

    public static let firmwareFolder = "/boot/firmware"
    public static let customPath = "/etc/default/raspi-firmware-custom"
    static let moduleFolder = "/etc/modules-load.d"

    public init(
        system: BootSystem, configPath: String? = nil, config: [UInt8]? = nil, custom: [UInt8]? = nil,
        overlays: Set<String>? = nil, model: BoardModel? = nil, live: LiveTree? = nil
    ) {
        self.system = system
        self.configPath = configPath
        self.config = config
        self.custom = custom
        self.overlays = overlays
        self.model = model
        self.live = live
    }

    /// The same tree once `files` are written.
    public func with(_ files: [BootFile]) -> BootTree {
        var tree = self
        for file in files {
            if file.path == configPath { tree.config = file.content }
            if file.path == Self.customPath { tree.custom = file.content }
            let folder = "\(Self.firmwareFolder)/overlays/"
            if file.path.hasPrefix(folder), file.path.hasSuffix(".dtbo") {
                tree.overlays?.insert(String(file.path.dropFirst(folder.count).dropLast(5)))
            }
            if file.path.hasPrefix("\(Self.moduleFolder)/") {
                tree.modules?.formUnion(Self.modules(in: String(decoding: file.content, as: UTF8.self)))
            }
        }
        return tree
    }

    /// There is no config.txt where the firmware of this system looks for it.
    public var noConfig: Failure {
        Failure(
            "boot.noConfig", "There is no config.txt in \(shown(Self.firmwareFolder)) nor in \(shown("/boot")).",
            hint: "mount the boot partition there: mount LABEL=bootfs \(shown(Self.firmwareFolder))")
    }

    /// A path as it is to be shown: with the root before it.
    func shown(_ path: String) -> String { (root.hasSuffix("/") ? String(root.dropLast()) : root) + path }

    /// What this board lacks under the system's kernel, whatever is written into config.txt.
    func unsupported(_ settings: BootSettings) -> Failure? {
        guard system == .debian, let model, model.isPi5, settings.needsHeader else { return nil }
        return Failure(
            "boot.boardUnsupported",
            "Debian's kernel does not drive the RP1 of a \(model.name): it has no I2C, 1-Wire or relay lines there.",
            hint: "use Raspberry Pi OS on this board, or a Raspberry Pi 4")
    }

    /// The names in a file of modules-load.d(5), with underscores as the kernel has them.
    static func modules(in text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let name = line.split(whereSeparator: \.isWhitespace).first ?? ""
            return name.isEmpty || name.hasPrefix("#") || name.hasPrefix(";") ? nil : moduleName(name)
        }
    }

    static func moduleName(_ name: Substring) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }

    /// What the firmware makes of config.txt on this board.
    func effective() -> EffectiveConfig {
        EffectiveConfig(
            ConfigText(config ?? []), includes: includes.mapValues { ConfigText($0) },
            for: ConfigContext(model: model, serial: serial))
    }
}
