public import Site

/// Where log lines are read: the running unit, its files, or a running unit asked over its control socket.
///
/// Errors: `StoreError` from the files; the client's own error from the socket.
public protocol LogArchive: Sendable {
    func lines(_ query: LogQuery) async throws -> LogAnswer
    func sources() async throws -> LogSourcesDocument
}
