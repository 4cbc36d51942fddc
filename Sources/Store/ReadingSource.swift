public import Site

/// Where readings are read: the running unit's store, its files, or a running unit asked over its control socket.
///
/// Errors: `StoreError` from the files; the client's own error from the socket.
public protocol ReadingSource: Sendable {
    /// Every series ever stored, by name.
    func metrics() async throws -> [MetricDescription]
    /// The newest reading of each series that belongs to the newest run of the unit.
    func latest() async throws -> [Reading]
    func series(_ query: SeriesQuery) async throws -> SeriesAnswer
    func events(_ query: EventQuery) async throws -> [RecordedEvent]
}
