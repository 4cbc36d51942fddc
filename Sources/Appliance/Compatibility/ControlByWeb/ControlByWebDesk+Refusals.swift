import Site
import Web

extension ControlByWebDesk {
    /// Writes down what was asked for and not done, with the reason.
    ///
    /// - Parameter commands: What the request wanted; the first of them are named, those of the newest where many come.
    func refuse(
        _ what: String, _ subject: String, _ code: String, _ commands: [ControlByWebCommand], _ origin: Origin
    ) async {
        let outcome = "refused: \(code)"
        let details = commands.isEmpty ? outcome : "\(words(commands)): \(outcome)"
        await note((what, subject), details, origin, .refused, outcome: outcome)
    }

    /// `lamp pulse 5s on, setpoint 4 and 2 more`, by the words of the site file.
    private func words(_ commands: [ControlByWebCommand]) -> String {
        let named = commands.prefix(3).map { words($0) }.joined(separator: ", ")
        return commands.count > 3 ? "\(named) and \(commands.count - 3) more" : named
    }

    private func words(_ command: ControlByWebCommand) -> String {
        let (what, id) = subject(of: command)
        switch command {
        case .relay(let index, let change, let length):
            let told = box.relays[index].command(change, length, watchdog: nil)
            return [id, told.word, told.details].compactMap(\.self).joined(separator: " ")
        case .register(_, let value): return "\(id) \(ControlByWebValues.plain(value))"
        case .count(_, let count): return "\(what) of \(id) \(count)"
        case .onTime(_, let seconds), .totalOnTime(_, let seconds):
            return "\(what) of \(id) \(ControlByWebValues.plain(seconds)) s"
        case .eraseLog: return "\(id) anew"
        }
    }
}
