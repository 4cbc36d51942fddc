/// What is to be done to a system, in order: a value, made before anything is touched.
///
/// `PlanPreview` shows it, `PlanRunner` brings it about.
public struct Plan: Hashable, Sendable {
    public let steps: [PlanStep]

    /// - Throws: `plan.invalid`: an id is used twice or is no id, a path is not absolute and plain, or a command waits for
    ///   a step that does not come before it.
    public init(_ steps: [PlanStep]) throws(Failure) {
        var seen: Set<String> = []
        for step in steps {
            guard Self.isID(step.id), seen.insert(step.id).inserted else {
                throw Failure("plan.invalid", "A plan has the step '\(step.id)' twice, or that is no id.")
            }
            if let path = step.path, !Self.isPlain(path) {
                throw Failure("plan.invalid", "Step '\(step.id)' is about '\(path)', which is no plain absolute path.")
            }
            if case .command(let command) = step.action,
                let stranger = command.after.first(where: { !seen.contains($0) })
            {
                throw Failure(
                    "plan.invalid", "Step '\(step.id)' waits for '\(stranger)', which does not come before it.")
            }
        }
        self.steps = steps
    }

    private static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                $0 == 0x2D || $0 == 0x2E || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
            }
    }

    private static func isPlain(_ path: String) -> Bool {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        return names.count > 1 && names[0].isEmpty && !path.utf8.contains(0)
            && names.dropFirst().allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 240 }
    }
}
