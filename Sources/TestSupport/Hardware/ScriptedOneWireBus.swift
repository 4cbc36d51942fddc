public import Hardware

/// A 1-Wire bus whose answers are given, and whose reads are remembered.
///
/// A read without an answer is reported to the test.
public final class ScriptedOneWireBus: OneWireBus {
    public enum Answer: Sendable {
        case text(String)
        case failure(HardwareError)
    }

    private var answers: [String: [Answer]]
    private let conversion: BulkConversion
    private let unscripted: (String) -> Void
    /// How many reads find an older value, because a bulk conversion was not read.
    private var unread: Int
    /// `convert` and `28-…/w1_slave`, in order.
    public private(set) var calls: [String] = []

    /// - Parameters:
    ///   - answers: By `28-…/w1_slave`, in order of the reads.
    ///   - unread: `hasUnreadConversions` is true for so many reads.
    ///   - unscripted: Fails the test: `{ Issue.record("\($0)") }`.
    public init(
        _ answers: [String: [Answer]], conversion: BulkConversion = .converted, unread: Int = 0,
        unscripted: @escaping (String) -> Void
    ) {
        self.answers = answers
        self.conversion = conversion
        self.unread = unread
        self.unscripted = unscripted
    }

    public func slaves() -> [String] {
        Set(answers.keys.compactMap { $0.split(separator: "/").first }.map(String.init)).sorted()
    }

    public func read(_ attribute: OneWireAttribute, of slave: String) throws(HardwareError) -> [UInt8] {
        let key = "\(slave)/\(attribute.rawValue)"
        calls.append(key)
        unread = max(0, unread - 1)
        guard var queue = answers[key], !queue.isEmpty else {
            unscripted("unscripted read of \(key)")
            throw HardwareError(.busError, "unscripted")
        }
        let answer = queue.removeFirst()
        answers[key] = queue
        switch answer {
        case .text(let text): return Array(text.utf8)
        case .failure(let error): throw error
        }
    }

    public func convertAll() -> BulkConversion {
        calls.append("convert")
        return conversion
    }

    public var hasUnreadConversions: Bool { unread > 0 }
}
