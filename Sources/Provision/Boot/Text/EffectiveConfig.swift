import Site

/// What the firmware makes of a config.txt on one board: every setting that holds, in its order, and what does not.
public struct EffectiveConfig: Hashable, Sendable {
    /// Where a line stands.
    public struct Source: Hashable, Sendable {
        /// nil for config.txt itself; the name of an included file.
        public var include: String?
        /// From 1.
        public var line: Int
    }

    /// Whether a line holds on this board.
    public enum Standing: Hashable, Sendable {
        case holds
        /// It depends on what is known only at boot: a line's level, a monitor.
        case depends(on: ConfigFilter)
        /// A filter keeps it from this board.
        case filtered(by: ConfigFilter)
    }

    /// What a line sets.
    public enum Setting: Hashable, Sendable {
        /// `enable_uart=1`
        case property(key: String, value: String)
        /// One `name=value` of a `dtparam` line; `overlay` is the overlay that is asked for it first.
        case parameter(ConfigParameter, overlay: String?)
        case overlay(ConfigOverlay)
        case pins(ConfigPins)
    }

    /// One setting, and where it comes from.
    public struct Entry: Hashable, Sendable {
        public var setting: Setting
        public var source: Source
        public var standing: Standing
    }

    /// Something in the text that goes otherwise than its writer thinks.
    public enum Remark: Hashable, Sendable {
        case overLong
        case spaced(key: String)
        /// `key=value # why`: a comment has a line of its own; here it is part of the value.
        case trailingComment(key: String)
        case unknownFilter(String)
        case wrongCase(key: String, right: String)
        /// Near to a key that people set by hand, and none.
        case misspelt(key: String, meant: String)
        case missingInclude(String)
        /// An included file that includes itself.
        case circularInclude(String)
        case badPins(String)
    }

    /// A remark, and where.
    public struct Note: Hashable, Sendable {
        public var remark: Remark
        public var source: Source
    }

    public fileprivate(set) var entries: [Entry] = []
    public fileprivate(set) var notes: [Note] = []

    /// Interprets a file.
    ///
    /// - Parameter includes: The files that `include` lines name, those that exist.
    public init(_ text: ConfigText, includes: [String: ConfigText] = [:], for context: ConfigContext) {
        var reader = EffectiveConfigReader(includes: includes, context: context)
        reader.read(text, as: nil, inside: [])
        self = reader.result
    }

    fileprivate init() {}

    /// The entries that hold for certain, in order.
    public var holding: [Entry] { entries.filter { $0.standing == .holds } }

    /// The last value of a property that holds: later lines win.
    public func property(_ key: String) -> (value: String, source: Source)? {
        for entry in holding.reversed() {
            if case .property(key, let value) = entry.setting { return (value, entry.source) }
        }
        return nil
    }
}

/// Walks a file and its includes with the filters and the overlay that are in force.
private struct EffectiveConfigReader {
    let includes: [String: ConfigText]
    let context: ConfigContext
    var result = EffectiveConfig()
    /// By kind, in the order in which they came.
    private var filters: [ConfigFilter] = []
    private var overlay: String?

    init(includes: [String: ConfigText], context: ConfigContext) {
        self.includes = includes
        self.context = context
    }

    mutating func read(_ text: ConfigText, as include: String?, inside outer: [String]) {
        for (index, line) in text.lines.enumerated() {
            let source = EffectiveConfig.Source(include: include, line: index + 1)
            if line.isOverLong { note(.overLong, source) }
            switch line.statement {
            case .blank, .comment: break
            case .other(let word): noteSpelling(of: String(word.prefix { !$0.isBlank }), source)
            case .filter(let filter): enter(filter, source)
            case .include(let name): readInclude(name, source, inside: outer)
            case .setting(let key, let value):
                if value.contains(" #") { note(.trailingComment(key: key), source) }
                add(key, value, source)
            case .spacedSetting(let key, _): note(.spaced(key: key), source)
            }
        }
    }

    private mutating func readInclude(_ name: String, _ source: EffectiveConfig.Source, inside outer: [String]) {
        if case .filtered = standing { return }
        guard !outer.contains(name) else { return note(.circularInclude(name), source) }
        guard let text = includes[name] else { return note(.missingInclude(name), source) }
        // Two files that include each other twice would double at every step.
        guard outer.count < 8 else { return note(.circularInclude(name), source) }
        read(text, as: name, inside: outer + [name])
    }

    private mutating func enter(_ filter: ConfigFilter, _ source: EffectiveConfig.Source) {
        if case .unknown(let name) = filter { note(.unknownFilter(name), source) }
        filters.removeAll { filter == .all || $0.kind == filter.kind }
        if filter != .all { filters.append(filter) }
    }

    private var standing: EffectiveConfig.Standing {
        if let filter = filters.first(where: { context.holds($0) == false }) { return .filtered(by: filter) }
        if let filter = filters.first(where: { context.holds($0) == nil }) { return .depends(on: filter) }
        return .holds
    }

    private mutating func add(_ key: String, _ value: String, _ source: EffectiveConfig.Source) {
        switch key {
        case "dtparam", "device_tree_param":
            for parameter in ConfigParameter.list(value[...]) { add(.parameter(parameter, overlay: overlay), source) }
        case "dtoverlay", "device_tree_overlay":
            let named = ConfigOverlay(value)
            if case .filtered = standing {} else { overlay = named.name.isEmpty ? nil : named.name }
            add(.overlay(named), source)
        case "gpio":
            guard let pins = ConfigPins(value) else { return note(.badPins(value), source) }
            add(.pins(pins), source)
        default:
            noteSpelling(of: key, source)
            add(.property(key: key, value: value), source)
        }
    }

    private mutating func noteSpelling(of key: String, _ source: EffectiveConfig.Source) {
        // `hdmi_drive:1` is of the second port.
        let key = String(key.prefix { $0 != ":" })
        let lower = key.lowercased()
        if Self.commonKeys.contains(lower) {
            if lower != key { note(.wrongCase(key: key, right: lower), source) }
        } else if let meant = Suggestion.nearest(to: lower, in: Self.longKeys) {
            note(.misspelt(key: key, meant: meant), source)
        }
    }

    private mutating func add(_ setting: EffectiveConfig.Setting, _ source: EffectiveConfig.Source) {
        result.entries.append(.init(setting: setting, source: source, standing: standing))
    }

    private mutating func note(_ remark: EffectiveConfig.Remark, _ source: EffectiveConfig.Source) {
        result.notes.append(.init(remark: remark, source: source))
    }

    /// What people set by hand.
    private static let commonKeys: Set<String> = [
        "dtparam", "dtoverlay", "gpio", "enable_uart", "arm_64bit", "kernel", "initramfs", "include", "gpu_mem",
        "kernel_watchdog_timeout", "usb_max_current_enable", "camera_auto_detect", "display_auto_detect", "arm_boost",
        "auto_initramfs", "hdmi_force_hotplug", "max_framebuffers", "disable_overscan",
    ]
    /// Those that no other key is near to by chance.
    private static let longKeys = commonKeys.filter { $0.count > 5 }
}
