import Site

extension Event.Code {
    /// Commands to it have failed.
    static let driveErrors = Event.Code(rawValue: "drive.errors")
    /// Its file system has errors.
    static let driveDamaged = Event.Code(rawValue: "drive.damaged")
    /// It is at work all the time.
    static let driveSlow = Event.Code(rawValue: "drive.slow")
    /// It takes ever longer to write.
    static let driveFalling = Event.Code(rawValue: "drive.falling")
    static let driveEased = Event.Code(rawValue: "drive.eased")
    /// It did not, and does again.
    static let driveAnswers = Event.Code(rawValue: "drive.answers")
}

extension Event {
    static func drive(_ change: DriveStrain.Change, at time: Timestamp) -> Event {
        switch change {
        case .errors(let disk, let count):
            Event(
                .driveErrors, .error, subject: "drive",
                message: """
                    \(count) commands to the drive \(disk) have failed since it was put in: it may be dying, or its cable or its \
                    supply is weak (see board.under_voltage). Try: picli nas verify, or put in another one.
                    """, values: ["device": .text(disk), "errors": .number(Double(count))], at: time)
        case .damage(let disk, let count):
            Event(
                .driveDamaged, .error, subject: "drive",
                message: """
                    The file system on the drive \(disk) has met \(count) errors since it was put in. Eject it and put it in again: \
                    it is checked then.
                    """, values: ["device": .text(disk), "errors": .number(Double(count))], at: time)
        case .slow(let disk, let share):
            Event(
                .driveSlow, .warning, subject: "drive",
                message: """
                    The drive \(disk) was at work for \(Int(share * 100)) % of the last ten minutes: it may be slower than the cameras \
                    record. Put in a faster one, or lower the bit rate of the cameras.
                    """, values: ["device": .text(disk), "busy": .number(share * 100)], at: time)
        case .falling(let disk, let from, let to):
            Event(
                .driveFalling, .warning, subject: "drive",
                message: """
                    A write to the drive \(disk) takes \(to) ms, and has taken \(from) ms: it may be dying. Try: picli nas verify, \
                    or put in another one.
                    """,
                values: ["device": .text(disk), "before": .number(Double(from)), "now": .number(Double(to))], at: time)
        case .hung: .driveHung(at: time)
        case .answers(let disk):
            Event(
                .driveAnswers, .notice, subject: "drive", message: "The drive \(disk) answers again.",
                values: ["device": .text(disk)], at: time)
        case .eased(let disk):
            Event(
                .driveEased, .notice, subject: "drive", message: "The drive \(disk) keeps up with the cameras again.",
                values: ["device": .text(disk)], at: time)
        }
    }
}
