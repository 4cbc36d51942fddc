import Web

/// The query part of an address of our own, in the order given: `?metric=battery.voltage&range=24h`.
struct URLQuery: Hashable, Sendable {
    private(set) var text = ""

    init(_ pairs: [(name: String, value: String)] = []) {
        for pair in pairs { append(pair.name, pair.value) }
    }

    mutating func append(_ name: String, _ value: String) {
        text += text.isEmpty ? "?" : "&"
        text += FormText.encoded(name) + "=" + FormText.encoded(value)
    }
}
