import Logging
import Platform
import Provision
import Site
import Store

/// What the identity folder of a state directory says of the unit that starts on it.
///
/// The unit senses whatever is in there: a fault is told, and the files keep the IDs that they have.
struct StateIdentity {
    private let record: UnitRecord?

    /// - Parameter board: The one that the unit starts on.
    init(state: String, logger: Logger, board: BoardSerial? = .ofBoard()) {
        let identity = UnitIdentity(at: "\(state)/identity")
        guard identity.exists else {
            record = nil
            return
        }
        do {
            try identity.resume()
        } catch let failure as Failure where failure.code == "identity.busy" {
            // It is being installed at this moment, by one who finishes it.
            logger.notice("a certificate is being installed", metadata: ["directory": "\(identity.directory)"])
        } catch {
            logger.error("a renewal of the certificate cannot be finished", metadata: ["error": "\(error)"])
        }
        do throws(Failure) {
            let record = try identity.record()
            if record.board == nil, let board { Self.bind(identity, to: board, logger) }
            if case .clone(let recorded, let found) = CloneCheck(recorded: record.board, found: board) {
                logger.error(
                    "the identity is that of another board: picli provision --reclaim",
                    metadata: ["unit": "\(record.unit)", "recorded": "\(recorded)", "found": "\(found)"])
            }
            self.record = record
        } catch {
            logger.error("the identity cannot be read", metadata: ["error": "\(error)"])
            record = nil
        }
    }

    /// A card that was provisioned on a desk belongs to the first board that it starts on: from then on a copy is told.
    private static func bind(_ identity: UnitIdentity, to board: BoardSerial, _ logger: Logger) {
        do {
            try identity.update { $0.board = board }
            logger.notice("the unit belongs to this board from now on", metadata: ["board": "\(board)"])
        } catch {
            logger.error("the unit cannot be bound to this board", metadata: ["error": "\(error)"])
        }
    }

    /// The unit's own ID; nil before it is provisioned.
    var unit: UnitID? { record?.unit }

    /// The IDs that the unit was given for its files.
    var databaseIDs: [DatabaseKind: DatabaseID] {
        guard let record else { return [:] }
        var ids: [DatabaseKind: DatabaseID] = [:]
        for (database, value) in record.databases {
            if let kind = DatabaseKind(rawValue: database.rawValue) { ids[kind] = value.id }
        }
        return ids
    }
}
