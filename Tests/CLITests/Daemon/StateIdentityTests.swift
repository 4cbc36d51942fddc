import Foundation
import Logging
import Provision
import Site
import Testing

@testable import picli

@Suite("What a unit that starts reads of its identity")
struct StateIdentityTests {
    @Test("a card from a desk is bound to its first board, and to no other after that")
    func board() throws {
        let folder = try Folder()
        let identity = UnitIdentity(at: folder.path + "/identity")
        var random = SystemRandomNumberGenerator()
        let unit = try #require(UnitID("pi-desk"))
        try identity.write(UnitRecord(unit: unit, board: nil, now: 1_790_000_000_000, random: &random))
        let (first, second) = (BoardSerial("10000000aaaaaaaa"), BoardSerial("10000000bbbbbbbb"))
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        #expect(StateIdentity(state: folder.path, logger: logger, board: nil).databaseIDs.count == 3)
        #expect(try identity.record().board == nil)
        let ids = StateIdentity(state: folder.path, logger: logger, board: first).databaseIDs
        #expect(try identity.record().board == first)
        _ = StateIdentity(state: folder.path, logger: logger, board: second)
        #expect(try identity.record().board == first)
        #expect(StateIdentity(state: folder.path, logger: logger, board: first).databaseIDs == ids)
    }
}
