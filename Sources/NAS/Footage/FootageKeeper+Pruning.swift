import Platform

extension FootageKeeper {
    /// Everything that has to go, at once, also where it is more than half of all: a person has asked for it.
    ///
    /// - Parameters:
    ///   - now: Wall milliseconds.
    ///   - isTrusted: Whether they can be relied upon.
    ///   - deletes: False to find out only.
    /// - Returns: What was deleted, or would be.
    /// - Throws: `nas.clock` by a clock that cannot be relied upon; `nas.none` without a drive.
    public func prune(at now: Int64, isTrusted: Bool = true, deletes: Bool) throws -> FootageTotal {
        // By a clock that is ahead all of it is old.
        guard isTrusted else {
            throw Failure(
                "nas.clock", "The clock of this machine is not known to be right: nobody can tell what is old.",
                hint: "timedatectl", status: .tryAgain)
        }
        var due = FootageTotal()
        repeat {
            guard let sight = try look(at: now, isTrusted: true, deletes: false) else {
                throw Failure("nas.none", "There is no drive in its place.", hint: "picli nas list")
            }
            due = sight.asks ?? sight.due
        } while !isKnown
        guard deletes else { return due }
        var deleted = FootageTotal()
        // No more than was shown, whatever the file system says of its room meanwhile.
        while due.clips > 0 ? deleted.clips < due.clips : deleted.size < due.size,
            let step = try look(at: now, isTrusted: true, isAllowed: true)?.deleted, step.clips > 0
        {
            deleted.clips += step.clips
            deleted.size += step.size
        }
        return deleted
    }
}
