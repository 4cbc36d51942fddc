/// Something that a plan brings about and that is neither a file nor a command.
///
/// After a power cut it is asked again, whatever the journal says: it has to be such that a second `carryOut` finishes what
/// a first one began.
public protocol PlanWork: Sendable {
    /// Whether there is nothing left to do.
    func isDone() async throws -> Bool
    /// - Throws: `Failure`, which the runner passes on with the step's id.
    func carryOut() async throws
}
