import Site

extension DatabaseFile {
    /// Opens for reading without changing anything.
    func openForReading() async throws -> Connection {
        guard RawFile.presence(path) == .file else { throw StoreError(.missing, "There is no \(path).") }
        guard RawFile(path)?.size != 0 else {
            throw StoreError(
                .damaged, "\(path) is empty (0 bytes): what it held is lost.",
                hint: "picli serve, which begins a new one; if this happens again, replace the card")
        }
        let result = await Blocking.run { Result { try Connection.readable(kind, at: path) } }
        do { return try result.get() } catch { throw StoreError(error, file: path) }
    }
}

extension History {
    func openForReading() async throws {
        let connection = try await file.openForReading()
        readable = connection
        do { try await loadForReading(connection) } catch { throw StoreError(error, file: file.path) }
    }
}

extension Journal {
    func openForReading() async { await look(try? file.openForReading()) }
}

extension Logs {
    func openForReading() async { await look(try? file.openForReading()) }
}
