import Platform

extension BootCheck {
    /// Where the package `raspi-firmware` writes config.txt.
    mutating func checkDebian() {
        guard tree.system == .debian else { return }
        if let settings, let failure = tree.unsupported(settings) {
            find("boardUnsupported", .error, failure.message, hint: failure.hint)
        }
        let custom = ConfigText(tree.custom ?? [])
        if ManagedBlock.all(in: custom).last?.body != blocks.last?.body {
            find(
                "customMissing", .error, file: BootTree.customPath,
                "The block of picli is not the same in \(tree.shown(BootTree.customPath)): the next kernel upgrade writes config.txt without it.",
                hint: "picli provision")
        }
        let kept = Set(custom.lines.map { $0.text.trimmedBlanks })
        for (index, line) in text.lines.enumerated() {
            let source = EffectiveConfig.Source(include: nil, line: index + 1)
            guard !isOurs(source) else { continue }
            if case .setting("dtparam", let value) = line.statement,
                ConfigParameter.list(value[...]).contains(where: { EffectiveConfig.baseNames.contains($0.name) })
            {
                find(
                    "parameterIgnored", at: source,
                    "'\(self.line(source))' does nothing: the device trees of Debian's kernel have no parameters.",
                    hint: "take it out; picli brings overlays of its own")
            }
            guard !isGenerated(line.statement), !kept.contains(line.text.trimmedBlanks) else { continue }
            find(
                "willBeRewritten", at: source,
                "'\(self.line(source))' is not in \(tree.shown(BootTree.customPath)): the next kernel upgrade writes config.txt without it.",
                hint: "put it there, too")
        }
    }

    /// What `raspi-firmware` writes by itself (z50-raspi-firmware).
    private func isGenerated(_ statement: ConfigStatement) -> Bool {
        switch statement {
        case .blank, .comment, .filter(.all): true
        case .setting(let key, _): ["arm_64bit", "enable_uart", "upstream_kernel", "kernel", "core_freq"].contains(key)
        case .other(let text): text.hasPrefix("initramfs ")
        default: false
        }
    }
}
