import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Programs of others that tests start")
struct OpenSignalsTests {
    @Test("one that does nothing about its signals ends by SIGTERM, whatever the threads of tests block")
    func terminated() async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/sleep")
        process.arguments = ["10"]
        try process.runWithSignalsOpen()
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
    }
}
