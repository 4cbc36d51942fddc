extension BootCheck {
    /// What is written otherwise than the firmware reads it.
    mutating func checkText() {
        for note in effective.notes {
            switch note.remark {
            case .overLong:
                find(
                    "lineTooLong", .error, at: note.source,
                    "The line is longer than \(ConfigText.lineLimit) characters; the firmware ignores the rest.",
                    hint: "split it: a dtoverlay line may be followed by dtparam lines")
            case .spaced(let key):
                find(
                    "spaceAroundEquals", .error, at: note.source,
                    "There is a space around '=' after '\(key)': the firmware does not know such a key.",
                    hint: "write \(key)=… without spaces")
            case .trailingComment(let key):
                find(
                    "trailingComment", at: note.source,
                    "A comment has a line of its own in config.txt; here it becomes part of the value of '\(key)'.",
                    hint: "move the comment to the line above")
            case .unknownFilter(let name): noteUnknownFilter(name, note.source)
            case .wrongCase(let key, let right):
                find(
                    "wrongCase", .error, at: note.source, "'\(key)' is no key: case counts in config.txt.",
                    hint: "write \(right)")
            case .misspelt(let key, let meant):
                find(
                    "misspelt", at: note.source, "'\(key)' is no key that the firmware is known to read.",
                    hint: "write \(meant), if that was meant")
            case .missingInclude(let name):
                find(
                    "includeMissing", .error, at: note.source, "There is no \(name) on the boot partition to include.",
                    hint: "take the line out, or bring the file back")
            case .circularInclude(let name):
                find("includeCircular", .error, at: note.source, "\(name) includes itself.", hint: "take the line out")
            case .badPins(let value):
                find(
                    "badPins", .error, at: note.source, "'gpio=\(value)' is not of the form gpio=17,22-24=op,dh.",
                    hint: "correct the line")
            }
        }
    }

    /// Only when something stands below it.
    private mutating func noteUnknownFilter(_ name: String, _ source: EffectiveConfig.Source) {
        let lines = source.include.map { ConfigText(tree.includes[$0] ?? []) } ?? text
        for line in lines.lines[source.line...] {
            switch line.statement {
            case .blank, .comment: continue
            case .filter(.all): return
            case .filter: return
            default:
                return find(
                    "unknownFilter", .error, at: source,
                    "[\(name)] is no filter that the firmware knows: what stands below it does not hold.",
                    hint: "correct the name, as [pi4], or end the section with [all]")
            }
        }
    }
}
