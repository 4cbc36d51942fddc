public import Platform

/// Compares what a site file asks with config.txt and with the running device tree.
///
/// Pure: everything it knows is in the tree and the settings.
public struct BootCheck {
    let tree: BootTree
    /// nil when no site file is known: then only the text is judged.
    let settings: BootSettings?
    let file: String
    let text: ConfigText
    let effective: EffectiveConfig
    let blocks: [ManagedBlock]
    var findings: [BootFinding] = []
    var items: [BootItem] = []

    /// - Throws: `boot.noConfig` on a Raspberry Pi without a config.txt; `boot.notAPi` elsewhere.
    public static func report(of tree: BootTree, for settings: BootSettings?) throws(Failure) -> BootReport {
        if tree.system == .other, tree.configPath == nil {
            throw Failure(
                "boot.notAPi", "This is no system for a Raspberry Pi: it has neither its firmware nor a config.txt.",
                hint: "name the root of a mounted card with --root")
        }
        guard let file = tree.configPath else { throw tree.noConfig }
        var check = BootCheck(tree: tree, settings: settings, file: file)
        check.checkBlock()
        check.checkItems()
        check.checkConflicts()
        check.checkText()
        check.checkDebian()
        return BootReport(
            system: tree.system, model: tree.model?.name, file: tree.shown(file), isRunning: tree.live != nil,
            items: check.items,
            findings: check.findings.enumerated()
                .sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }.map(\.element))
    }

    private init(tree: BootTree, settings: BootSettings?, file: String) {
        self.tree = tree
        self.settings = settings
        self.file = file
        text = ConfigText(tree.config ?? [])
        effective = tree.effective()
        blocks = ManagedBlock.all(in: text)
    }

    // MARK: Saying it

    mutating func find(
        _ code: String, _ severity: BootFinding.Severity = .warning, at source: EffectiveConfig.Source? = nil,
        line: Int? = nil, file: String? = nil, _ message: String, hint: String?
    ) {
        let folder = self.file.dropLast("config.txt".count)
        let place = source?.include.map { "\(folder)\($0)" }
        findings.append(
            BootFinding(
                code: "boot.\(code)", severity: severity, message: message.withoutControls, hint: hint?.withoutControls,
                file: tree.shown(file ?? place ?? self.file), line: source?.line ?? line))
    }

    /// Whether a line is one of our own.
    func isOurs(_ source: EffectiveConfig.Source) -> Bool {
        source.include == nil && blocks.contains { $0.range.contains(source.line - 1) }
    }

    /// The text of a line, as a person sees it.
    func line(_ source: EffectiveConfig.Source) -> String {
        let lines = source.include.map { ConfigText(tree.includes[$0] ?? []) } ?? text
        let text = lines.lines[source.line - 1].text.trimmedBlanks
        return text.count > ConfigText.lineLimit ? text.prefix(ConfigText.lineLimit) + "…" : String(text)
    }

    // MARK: Our block

    private mutating func checkBlock() {
        for line in ManagedBlock.strayMarkers(in: text) {
            find(
                "blockDamaged", line: line,
                "A marker of picli stands alone: its block was cut by hand, and what is left of it counts as yours.",
                hint: "take the rest of that block out, then run picli provision")
        }
        for copy in blocks.dropLast() {
            find(
                "blockCopied", line: copy.range.lowerBound + 1, "The block of picli stands in the file more than once.",
                hint: "picli provision, which keeps the last one")
        }
        guard let block = blocks.last else { return }
        let line = block.range.lowerBound + 1
        if !block.isIntact {
            find(
                "blockEdited", line: line,
                "The block of picli was changed by hand; the next provisioning takes that back.",
                hint: "move your own lines above the block, and run picli provision")
        } else if let settings, block.body != settings.block(for: tree.system) {
            find(
                "blockOutdated", .error, line: line,
                "The block of picli was written for another site file, or another version.",
                hint: "picli provision")
        }
    }
}

extension String {
    /// Without control characters: a file of any bytes must not drive the terminal that shows what is wrong with it.
    fileprivate var withoutControls: String {
        let scalars = unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
