extension PlanPreview {
    /// The difference that a step makes at its path.
    static func diff(_ step: PlanStep, _ present: PresentEntry?, shown: String) -> String {
        switch step.action {
        case .file(let file): fileDiff(file, present, shown)
        case .kernelValue(_, let value):
            names(shown, shown) + UnifiedDiff(from: trimmed(present), to: value + "\n").text
        case .directory(_, let mode, let owner):
            attributes("directory \(shown)", present, mode: mode, owner: owner, isSame: present?.kind == .directory)
        case .absent: removal(present, shown)
        case .link(_, let target): "# link \(shown) to \(target)\(replacing(present))\n"
        case .command, .work: ""
        }
    }

    private static func fileDiff(_ file: PlanFile, _ present: PresentEntry?, _ shown: String) -> String {
        var isFile = false
        var old: [UInt8] = []
        if case .file(let content)? = present?.kind { (isFile, old) = (true, content) }
        var text = attributes("file \(shown)", present, mode: file.mode, owner: file.owner, isSame: isFile)
        guard !isFile || old != file.content else { return text }
        text += names(isFile ? shown : "/dev/null", shown)
        if let before = plain(old, file.isSecret), let after = plain(file.content, file.isSecret) {
            return text + UnifiedDiff(from: before, to: after).text
        }
        if isFile { text += "-\(placeholder(old, file.isSecret))\n" }
        return text + "+\(placeholder(file.content, file.isSecret))\n"
    }

    /// nil when the content is not for showing.
    private static func plain(_ content: [UInt8], _ isSecret: Bool) -> String? {
        isSecret || content.contains(0) ? nil : String(validating: content, as: UTF8.self)
    }

    private static func placeholder(_ content: [UInt8], _ isSecret: Bool) -> String {
        "(\(isSecret ? "secret" : "binary"), \(content.count) bytes)"
    }

    private static func names(_ old: String, _ new: String) -> String { "--- \(old)\n+++ \(new)\n" }

    /// A line on mode and owner, where they are new or change.
    private static func attributes(
        _ what: String, _ present: PresentEntry?, mode: UInt32, owner: FileOwner?, isSame: Bool
    ) -> String {
        guard let present, isSame else {
            return "# new \(what), mode \(octal(mode))\(owner.map { ", owner \($0)" } ?? "")\(replacing(present))\n"
        }
        var changes: [String] = []
        if present.mode != mode { changes.append("mode \(octal(present.mode)) to \(octal(mode))") }
        if let owner, present.owner != owner { changes.append("owner \(present.owner) to \(owner)") }
        return changes.isEmpty ? "" : "# \(what): \(changes.joined(separator: ", "))\n"
    }

    private static func replacing(_ present: PresentEntry?) -> String {
        switch present?.kind {
        case .file: ", in the place of a file"
        case .link(let target): ", in the place of a link to \(target)"
        case .directory: ", but there is a directory"
        case .other: ", in the place of something that is no file"
        case nil: ""
        }
    }

    /// What was there is not shown: it may be anybody's secret.
    private static func removal(_ present: PresentEntry?, _ shown: String) -> String {
        if case .file(let content)? = present?.kind { return "# remove \(shown) (\(content.count) bytes)\n" }
        return "# remove \(shown)\n"
    }

    /// A value of the kernel as it is written: with single spaces.
    private static func trimmed(_ present: PresentEntry?) -> String {
        guard let present else { return "" }
        return present.text.split(whereSeparator: \.isWhitespace).joined(separator: " ") + "\n"
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
