/// The users and groups of a system by name, as its own files tell them (passwd(5), group(5)).
///
/// Those of a card that is mounted here are not those of this machine.
public struct AccountNames: Hashable, Sendable {
    public let users: [String: UInt32]
    public let groups: [String: UInt32]

    /// Lines that are not of their form are passed over; the first of a name counts.
    public init(passwd: String, group: String) {
        users = Self.numbers(passwd)
        groups = Self.numbers(group)
    }

    /// Those of a root; without its files root alone is known.
    public init(of root: SystemRoot) throws(SystemError) {
        let passwd = try root.content(of: "/etc/passwd") ?? []
        let group = try root.content(of: "/etc/group") ?? []
        self.init(passwd: String(decoding: passwd, as: UTF8.self), group: String(decoding: group, as: UTF8.self))
    }

    func user(_ number: UInt32) -> String { Self.name(number, in: users) }

    func group(_ number: UInt32) -> String { Self.name(number, in: groups) }

    private static func name(_ number: UInt32, in numbers: [String: UInt32]) -> String {
        // Two names may share a number; the same one is told each time.
        numbers.filter { $0.value == number }.map(\.key).min() ?? (number == 0 ? "root" : "\(number)")
    }

    /// `name:password:number:…` in both files.
    private static func numbers(_ text: String) -> [String: UInt32] {
        var numbers = ["root": UInt32(0)]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, !fields[0].isEmpty, let number = UInt32(fields[2]) else { continue }
            let name = String(fields[0])
            if numbers[name] == nil { numbers[name] = number }
        }
        return numbers
    }
}
