import Site
import Web

/// What the query of a request asks for: all of it is read before any of it is done.
struct ControlByWebQuery: Hashable, Sendable {
    private(set) var commands: [ControlByWebCommand] = []
    private(set) var hasNoReply = false
    private(set) var showsUnits = false
    private(set) var showsColors = false

    /// An argument that cannot be: then none of them is done.
    struct Mistake: Error, Hashable {
        let argument: String
        /// A sentence.
        let detail: String
    }

    /// So many arguments that do something; no client sends as many.
    static let mostCommands = 64
    /// The lengths that a box's pulse may have; what is longer or shorter is cut to them, as there.
    static let pulseLengths = RelayCommand.pulseLengths
    /// The largest number that a register, a counter or a time takes.
    static let largest = 1e12

    /// - Parameter query: What stands behind the `?`. Names that no box knows are passed over, as the boxes do: clients add
    ///   numbers of their own so that nothing between keeps the answer.
    init(_ query: String?, for box: ControlByWebBox, isLog: Bool = false) throws(Mistake) {
        let names = Self.names(of: box)
        var lengths: [Int: Duration] = [:]
        for (name, value) in try Self.pairs(query) {
            let lowercased = name.lowercased()
            guard let argument = ControlByWebArgument(lowercased) ?? names[lowercased] else { continue }
            switch argument {
            case .noReply: hasNoReply = value == "1"
            case .showUnits: showsUnits = value == "1"
            case .showColors: showsColors = value == "1"
            case .erase where isLog:
                guard value == "1" else { continue }
                commands.append(.eraseLog)
            case .erase: continue
            case .pulseTime(let number):
                let index = try Self.index(number, in: box.relays.count, name, "relay")
                lengths[index] = try Self.pulseLength(value, name)
            default: commands.append(try Self.command(argument, name, value, box))
            }
            guard commands.count <= Self.mostCommands else {
                throw Mistake(
                    argument: name, detail: "\(Self.mostCommands) commands in one request are the most there can be.")
            }
        }
        // A length may stand before its pulse or after it, and is good for this one request.
        commands = commands.map { command in
            guard case .relay(let index, .pulse, _) = command else { return command }
            return .relay(index, .pulse, lengths[index])
        }
    }

    // MARK: Names

    /// Names and values as they were sent, decoded; a `?` too many before a name is not part of it.
    ///
    /// A value that cannot be decoded stays as it was sent: it is no value of any command.
    private static func pairs(_ query: String?) throws(Mistake) -> [(name: String, value: String)] {
        let pairs = query?.split(separator: "&") ?? []
        guard pairs.count <= FormText.maximumCount else {
            throw Mistake(argument: "", detail: "\(FormText.maximumCount) arguments are the most there can be.")
        }
        return pairs.compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ FormText.decoded($0.utf8) }) else { return nil }
            let value = parts.count == 2 ? FormText.decoded(parts[1].utf8) ?? String(parts[1]) : ""
            return (String(name.drop { $0 == "?" || $0.isWhitespace }), trimmed(value))
        }
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.prefix(start.reversed().drop(while: \.isWhitespace).count))
    }

    /// What the custom files call things, in lower case.
    private static func names(of box: ControlByWebBox) -> [String: ControlByWebArgument] {
        var names: [String: ControlByWebArgument] = [:]
        for point in box.relays.map(\.point) {
            if let name = point.name { names[name.lowercased()] = .relay(point.number) }
        }
        for point in box.registers {
            if let name = point.name { names[name.lowercased()] = .register(point.number) }
        }
        return names
    }

    private static func index(
        _ number: Int, in count: Int, _ name: String, _ noun: String
    ) throws(Mistake) -> Int {
        guard number >= 1, number <= count else {
            let told = number < ControlByWebArgument.beyondAll ? "\(noun) \(number)" : "\(noun) of that number"
            throw Mistake(argument: name, detail: "There is no \(told).")
        }
        return number - 1
    }

    // MARK: Values

    private static func command(
        _ argument: ControlByWebArgument, _ name: String, _ value: String, _ box: ControlByWebBox
    ) throws(Mistake) -> ControlByWebCommand {
        switch argument {
        case .relay(let number):
            let index = try index(number, in: box.relays.count, name, "relay")
            guard value.utf8.count == 1, let change = Int(value).flatMap(ControlByWebCommand.Switch.init) else {
                throw Mistake(
                    argument: name,
                    detail: "0 is off, 1 on, 2 a pulse, 3 and 4 the watchdog off and on, 5 the other state.")
            }
            if change == .disarm || change == .rearm, box.relays[index].watchdog == nil {
                throw Mistake(argument: name, detail: "Relay \(number) has no watchdog.")
            }
            return .relay(index, change, nil)
        case .count(let number):
            let index = try input(number, name, box) { $0.counts }
            guard let count = Int64(value), (0...Int64(largest)).contains(count) else {
                throw Mistake(argument: name, detail: "A counter takes a whole number from 0 on.")
            }
            return .count(index, count)
        case .onTime(let number):
            return .onTime(try input(number, name, box) { $0.timesOn }, try self.number(value, name, from: 0))
        case .totalOnTime(let number):
            return .totalOnTime(try input(number, name, box) { $0.timesOn }, try self.number(value, name, from: 0))
        case .register(let number):
            let index = try index(number, in: box.registers.count, name, "register")
            return .register(index, try self.number(value, name, from: -largest))
        case .pulseTime, .noReply, .showUnits, .showColors, .erase:
            throw Mistake(argument: name, detail: "This is no command.")
        }
    }

    private static func input(
        _ number: Int, _ name: String, _ box: ControlByWebBox, _ has: (ControlByWebBox.Input) -> Bool
    ) throws(Mistake) -> Int {
        let index = try index(number, in: box.inputs.count, name, "input")
        guard has(box.inputs[index]) else {
            throw Mistake(argument: name, detail: "The site file has that switched off for input \(number).")
        }
        return index
    }

    private static func pulseLength(_ value: String, _ name: String) throws(Mistake) -> Duration {
        let seconds = try number(value, name, from: 0)
        let length = Duration.milliseconds(Int64((min(seconds, 1e6) * 1000).rounded()))
        return min(max(length, pulseLengths.lowerBound), pulseLengths.upperBound)
    }

    /// `10`, `-0.5`, `10.25`; what is finer than a millionth is rounded away.
    private static func number(_ text: String, _ name: String, from least: Double) throws(Mistake) -> Double {
        let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isNumber =
            digits.contains { $0.isASCII && $0.isNumber } && text.utf8.count <= 24
            && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } }
        let full = digits.first == "." ? "0\(digits)" : digits.last == "." ? "\(digits)0" : String(digits)
        guard isNumber, let magnitude = Double(full) else {
            // Of clients that write floating-point numbers as their language does.
            let isNotation = Double(text)?.isFinite == true
            throw Mistake(
                argument: name,
                detail: isNotation
                    ? "'\(text.prefix(32))' is to be written with digits and a point alone."
                    : "'\(text.prefix(32))' is not a number.")
        }
        let value = text.first == "-" ? -magnitude : magnitude
        guard value >= least, value <= largest else {
            throw Mistake(argument: name, detail: "\(text) is out of range.")
        }
        let rounded = (value * 1e6).rounded() / 1e6
        return rounded == 0 ? 0 : rounded
    }
}
