import Foundation
import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import Relays

/// The built `picli relay record`, as the owner of the lines starts it.
@Suite("The record of intents in a process of its own")
struct IntentProcessTests {
    private let folder = TemporaryDirectory()

    private static let program: String = {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let products = (bundle ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
        return products.appending(path: "picli").path
    }()

    private func store() -> any IntentStore {
        IntentPlace.apart("\(folder.path)/record", program: Self.program).open(boot: "a", name: "n")
    }

    /// Those that keep this test's record.
    private var processes: [pid_t] {
        ((try? SmallFile.names(in: "/proc")) ?? []).compactMap { pid_t($0) }.filter { process in
            (try? SmallFile.text(at: "/proc/\(process)/cmdline"))?.contains("\(folder.path)/record") == true
        }
    }

    @Test("what it is told is on the card when it answers, and is read from there")
    func told() throws {
        let store = store()
        let first = try store.start()
        #expect(first.memory == IntentMemory())
        #expect(first.beginning == IntentBeginning(log: "n", boot: "a", number: 1))
        try store.append([.change(Fixture.change(1)), .event(Fixture.event("as it was"))], batch: 1, mayBeThere: false)
        try store.append([.change(Fixture.change(1))], batch: 1, mayBeThere: false)
        let found = try IntentLog(directory: "\(folder.path)/record", boot: "a", name: "n").read().memory
        #expect(found.unfinished == [1: Fixture.change(1)])
        let page = try store.page(after: nil, limit: 10)
        #expect(page.records.map(\.sequence) == [1, 2, 3])
        #expect(page.records.last?.content == .event(Fixture.event("as it was")))
    }

    @Test("one that was killed is started anew by the next call, and what was written is left out")
    func killed() async throws {
        let store = store()
        try store.append([.change(Fixture.change(1))], batch: 1, mayBeThere: false)
        for process in processes { kill(process, SIGKILL) }
        #expect(throws: SystemError.self) {
            try store.append([.change(Fixture.change(2))], batch: 2, mayBeThere: false)
        }
        try store.append(
            [.change(Fixture.change(1)), .change(Fixture.change(2))], batch: 2, mayBeThere: true)
        #expect(try store.start().memory.unfinished.keys.sorted() == [1, 2])
        let changes = try store.page(after: nil, limit: 10).records.filter {
            if case .change = $0.content { true } else { false }
        }
        #expect(changes.count == 2)
    }

    @Test("a disk that refuses is told by its reason, and it ends with who started it")
    func ends() async throws {
        do {
            let store = store()
            try makeDirectory("\(folder.path)/record/intents")
            let error = #expect(throws: SystemError.self) {
                try store.append([.change(Fixture.change(1))], batch: 1, mayBeThere: false)
            }
            #expect(error?.number == EISDIR)
            #expect(processes.count == 1)
        }
        try await until { processes.isEmpty }
    }

    @Test("by hand it says who starts it")
    func byHand() throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = ["relay", "record", "--state", folder.path, "--boot", "a", "--name", "n"]
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardError = pipe
        try process.run()
        process.waitUntilExit()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.terminationStatus == 1)
        #expect(said.contains("Try: picli relay run"))
    }
}
