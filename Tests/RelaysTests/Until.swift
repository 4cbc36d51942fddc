import Foundation
import Testing

/// Waits until something holds, at most five seconds.
func until(
    _ holds: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let end = ContinuousClock.now + .seconds(5)
    while try await !holds() {
        guard ContinuousClock.now < end else {
            Issue.record("it never came about", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

func makeDirectory(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}
