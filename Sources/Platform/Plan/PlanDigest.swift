/// A number that tells steps and plans apart: 64-bit FNV-1a over everything that is in them.
///
/// Against accidents, not against an attacker: who can write the journal can write the files.
struct PlanDigest {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Sixteen hexadecimal digits.
    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func of(_ step: PlanStep) -> String {
        var digest = PlanDigest()
        digest.add(step)
        return digest.text
    }

    static func of(_ plan: Plan) -> String {
        var digest = PlanDigest()
        for step in plan.steps { digest.add(step) }
        return digest.text
    }

    private mutating func add(_ step: PlanStep) {
        add(step.id)
        add(step.scope == .liveOnly ? "live" : "any")
        switch step.action {
        case .directory(let path, let mode, let owner):
            add(["directory", path, "\(mode)", owner?.description ?? ""])
        case .file(let file):
            add(["file", file.path, "\(file.mode)", file.owner?.description ?? ""])
            add(file.content)
        case .kernelValue(let path, let value): add(["value", path, value])
        case .absent(let path): add(["absent", path])
        case .link(let path, let target): add(["link", path, target])
        case .command(let command):
            add(["command", command.repetition == .once ? "once" : "idempotent"] + command.after)
            add(command.command)
            if let unless = command.unless { add(unless) }
        case .work: add("work")
        }
    }

    private mutating func add(_ command: Command) {
        add([command.program] + command.arguments)
        add(command.environment.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
        add(command.input ?? [])
        add(command.expected.sorted().map(String.init))
    }

    private mutating func add(_ texts: [String]) {
        add("\(texts.count)")
        for text in texts { add(text) }
    }

    private mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// With its length before it, so that no two lists of texts are the same bytes.
    private mutating func add(_ bytes: [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: bytes.count >> shift)) }
        for byte in bytes { add(byte) }
    }

    private mutating func add(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}
