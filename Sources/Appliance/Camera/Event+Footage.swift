import NAS
import Site

extension Event.Code {
    /// Cameras record to a drive that was put in.
    static let driveAttached = Event.Code(rawValue: "drive.attached")
    /// It was ejected, or pulled out.
    static let driveGone = Event.Code(rawValue: "drive.gone")
    /// It is only read.
    static let driveReadOnly = Event.Code(rawValue: "drive.read_only")
    /// It is not used: it is somebody else's, or cannot be.
    static let driveUnusable = Event.Code(rawValue: "drive.unusable")
    /// No camera can record.
    static let driveMissing = Event.Code(rawValue: "drive.missing")
    /// They can again.
    static let driveBack = Event.Code(rawValue: "drive.back")
    /// It does not answer.
    static let driveHung = Event.Code(rawValue: "drive.hung")
    /// A camera records nothing, and usually does.
    static let footageSilent = Event.Code(rawValue: "footage.silent")
    static let footageResumed = Event.Code(rawValue: "footage.resumed")
    /// Footage will be deleted before its time.
    static let footageShort = Event.Code(rawValue: "footage.short")
    /// The drive will be full in some days.
    static let footageFull = Event.Code(rawValue: "footage.full")
    /// More than half of the footage is due, and a person has to say that it may go.
    static let footageAsks = Event.Code(rawValue: "footage.asks")
    /// Nothing is deleted, because nobody can tell what is protected.
    static let footageFrozen = Event.Code(rawValue: "footage.frozen")
}

extension Event {
    static func drive(_ change: DriveChanges.Change, at time: Timestamp) -> Event {
        func event(_ code: Code, _ severity: Severity, _ message: String, _ values: [String: Value] = [:]) -> Event {
            Event(code, severity, subject: "drive", message: message, values: values, at: time)
        }
        func told(_ record: DriveRecord, _ otherwise: String) -> String {
            (record.message ?? otherwise) + (record.hint.map { " Try: \($0)" } ?? "")
        }
        switch change {
        case .attached(let record):
            return event(
                .driveAttached, .notice, "Cameras record to the drive \(record.device).",
                ["device": .text(record.device)])
        case .readOnly(let record):
            return event(
                .driveReadOnly, .error, told(record, "The drive \(record.device) is only read."),
                ["device": .text(record.device)])
        case .unusable(let record):
            return event(
                .driveUnusable, .warning, told(record, "The drive \(record.device) is not used."),
                ["device": .text(record.device), "reason": .text(record.code ?? "nas.failed")])
        case .gone(let device):
            return event(
                .driveGone, .notice, "The drive \(device) is gone: cameras record when one is there again.",
                ["device": .text(device)])
        case .noDrive(let time):
            return event(
                .driveMissing, .error,
                "No camera has been able to record for \(span(time)): no drive is in its place. See picli nas status.",
                ["without": .number(Double(time) / 1000)])
        case .driveAgain: return event(.driveBack, .notice, "Cameras can record again.")
        }
    }

    static func driveHung(at time: Timestamp) -> Event {
        Event(
            .driveHung, .error, subject: "drive",
            message: "The drive of the cameras does not answer: it may be dying. Put in another one.", at: time)
    }

    static func camera(_ change: CameraSilence.Change, at time: Timestamp) -> Event {
        switch change {
        case .silent(let camera, let since):
            Event(
                .footageSilent, .error, subject: camera,
                message: """
                    \(camera) has recorded nothing for \(span(since)), and there is a drive for it. Look whether it is on, \
                    and whether it has the address, user and password of the installer's sheet.
                    """, values: ["silence": .number(Double(since) / 1000)], at: time)
        case .back(let camera, let after):
            Event(
                .footageResumed, .notice, subject: camera, message: "\(camera) records again, after \(span(after)).",
                values: ["silence": .number(Double(after) / 1000)], at: time)
        }
    }

    static func footageShort(
        _ outlook: RetentionDecider.Outlook, promised: Duration, at time: Timestamp
    ) -> Event {
        let kept = Int64(outlook.kept / .milliseconds(1))
        let date = ISO8601.string(milliseconds: outlook.full).prefix(10)
        return Event(
            .footageShort, .warning, subject: "footage",
            message: """
                Footage will be kept for \(span(kept)), and not for \(span(Int64(promised / .milliseconds(1)))): from \(date) on the \
                oldest goes early. Put in a larger drive, lower the bit rate of the cameras, or the retention in the site file.
                """,
            values: [
                "kept": .number(outlook.kept / .seconds(1)), "promised": .number(promised / .seconds(1)),
                "from": .text(ISO8601.string(milliseconds: outlook.full)),
            ], at: time)
    }

    static func footageFull(_ change: FillingDrive.Change, at time: Timestamp) -> Event {
        let date = ISO8601.string(milliseconds: change.full).prefix(10)
        let fate =
            change.stops
            ? "nothing may be deleted (see footage.frozen), and cameras stop then"
            : "from then on the oldest footage goes for the newest, before its time"
        return Event(
            .footageFull, change.stops ? .error : .warning, subject: "footage",
            message: """
                The drive will be full in \(span(change.left)), on \(date): \(fate). Put in a larger drive, or take footage off it.
                """,
            values: [
                "left": .number(Double(change.left) / 1000), "full": .text(ISO8601.string(milliseconds: change.full)),
            ], at: time)
    }

    static func footageFrozen(at time: Timestamp) -> Event {
        Event(
            .footageFrozen, .error, subject: "footage",
            message: """
                The list of protected footage on the drive cannot be read: nothing is deleted, and cameras stop when the drive is \
                full. Put picli-protected.json on the drive right, or delete it.
                """, at: time)
    }

    static func footageAsks(_ total: FootageTotal, at time: Timestamp) -> Event {
        Event(
            .footageAsks, .error, subject: "footage",
            message: """
                More than half of the footage would be deleted for its age or for room: nothing is, until somebody has looked. \
                Try: picli nas prune --dry-run, then picli nas prune --yes.
                """, values: ["bytes": .number(Double(total.size)), "clips": .number(Double(total.clips))], at: time)
    }
}
