/// Some bytes of a file in a row: what a player or an interrupted download asks for (RFC 9110, 14).
public struct ByteRange: Hashable, Sendable {
    /// From 0 on.
    public let start: Int64
    /// The first that does not belong to it.
    public let end: Int64

    public init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }

    public var count: Int64 { end - start }

    /// What a request asks for.
    public enum Asked: Hashable, Sendable {
        /// No range, or one that this server does not serve: then it gives the whole.
        case whole
        case part(ByteRange)
        /// Only what the file does not have.
        case beyond
    }

    /// - Parameters:
    ///   - field: `Range` of the request: `bytes=0-499`, `bytes=500-`, `bytes=-500`; several ranges are not served.
    ///   - size: Of the file, in bytes.
    public static func asked(_ field: String?, of size: Int64) -> Asked {
        guard let field, field.lowercased().hasPrefix("bytes=") else { return .whole }
        let parts = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count <= 18 && $0.utf8.allSatisfy(isDigit) }) else {
            return .whole
        }
        switch (Int64(parts[0]), Int64(parts[1])) {
        case (nil, nil): return .whole
        case (nil, let last?):
            return last > 0 && size > 0 ? .part(ByteRange(start: max(0, size - last), end: size)) : .beyond
        case (let first?, nil):
            return first < size ? .part(ByteRange(start: first, end: size)) : .beyond
        case (let first?, let last?):
            guard first <= last else { return .whole }
            return first < size ? .part(ByteRange(start: first, end: min(size, last + 1))) : .beyond
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
