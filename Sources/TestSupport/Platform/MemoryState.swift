public import Platform

/// A system that exists in a test's memory only.
public struct MemoryState: PresentState {
    public var isLive: Bool
    public var entries: [String: PresentEntry]

    public init(_ entries: [String: PresentEntry] = [:], isLive: Bool = true) {
        self.entries = entries
        self.isLive = isLive
    }

    public func shown(_ path: String) -> String { isLive ? path : "/mnt" + path }

    public func entry(at path: String) -> PresentEntry? { entries[path] }
}
