import FoundationEssentials
import Platform
import TestSupport
import Testing

@testable import Appliance

@Suite("Counters of inputs on the card")
struct InputTotalsFileTests {
    private let folder = TemporaryDirectory()
    private var path: String { "\(folder.path)/inputs.json" }

    private func file() -> InputTotalsFile { InputTotalsFile(path, logger: RelayDeskTests.logger) }

    private func kept() throws -> String { try SmallFile.text(at: path) }

    @Test("they go on over a restart, also those of inputs that are not counted now")
    func restart() throws {
        let first = file()
        #expect(first.earlier("door") == nil, "not read yet")
        first.exchange()
        #expect(first.earlier("door") == .init())
        first.note("door", .init(count: 3, onMilliseconds: 500))
        first.note("rain", .init(count: 7, onMilliseconds: 0))
        first.exchange()
        let second = file()
        second.note("door", .init(count: 2, onMilliseconds: 100))
        second.exchange()
        #expect(second.earlier("door") == .init(count: 3, onMilliseconds: 500))
        second.note("door", .init(count: 4, onMilliseconds: 100))
        second.exchange()
        let third = file()
        third.exchange()
        #expect(third.earlier("door") == .init(count: 7, onMilliseconds: 600))
        #expect(third.earlier("rain") == .init(count: 7, onMilliseconds: 0))
    }

    @Test("what cannot be read is not written over, and is read when it can be")
    func unreadable() throws {
        try AtomicFile.replace("\(folder.path)/kept", with: Array(#"{"door":{"count":9,"onMilliseconds":1}}"#.utf8))
        // A folder in its place fails to be read as a file whoever asks.
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let file = file()
        file.note("door", .init(count: 1, onMilliseconds: 1))
        file.exchange()
        #expect(file.earlier("door") == nil)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: "\(folder.path)/kept", toPath: path)
        file.exchange()
        #expect(file.earlier("door")?.count == 9)
        #expect(try kept() == #"{"door":{"count":10,"onMilliseconds":2}}"#)
    }

    @Test(
        "a damaged file is set aside, and they begin anew",
        arguments: [
            "", "{", "[]", "\u{0}\u{0}\u{0}", #"{"door":{"count":1}}"#, #"{"door":{"count":-1,"onMilliseconds":0}}"#,
            #"{"door":{"count":9223372036854775807,"onMilliseconds":0}}"#,
            #"{"door":{"count":1e99,"onMilliseconds":0}}"#,
        ])
    func damaged(text: String) throws {
        try AtomicFile.replace(path, with: Array(text.utf8))
        let file = file()
        file.note("door", .init(count: 1, onMilliseconds: 1))
        file.exchange()
        #expect(file.earlier("door") == .init())
        #expect(try SmallFile.bytes(at: "\(path).damaged") == Array(text.utf8))
        #expect(try kept() == #"{"door":{"count":1,"onMilliseconds":1}}"#)
    }
}
