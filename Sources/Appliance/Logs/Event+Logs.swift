import Site

extension Event.Code {
    /// A sender of log lines has been silent for longer than it usually is.
    static let logSourceSilent = Event.Code(rawValue: "logs.source_silent")
    /// It sends again.
    static let logSourceBack = Event.Code(rawValue: "logs.source_back")
    /// It sends more than it may; the rest is not stored.
    static let logSourceFlooding = Event.Code(rawValue: "logs.source_flooding")
    /// It no longer does.
    static let logSourceCalm = Event.Code(rawValue: "logs.source_calm")
    /// Somebody sends whom the site file does not name; nothing of it is stored.
    static let logSourceUnknown = Event.Code(rawValue: "logs.source_unknown")
    /// Lines come faster than they are stored.
    static let logSpoolFilling = Event.Code(rawValue: "logs.spool_filling")
}

extension Event {
    static func logSpoolFilling(at time: Timestamp) -> Event {
        Event(
            .logSpoolFilling, .warning, subject: "logs.sqlite",
            message: """
                Log lines come faster than they are stored: the memory for waiting ones is half full, and what does not \
                fit is lost. Lower the log level of the senders; see picli logs sources.
                """, at: time)
    }

    /// - Parameter name: What the site file calls the address.
    static func logs(_ change: SourceWatch.Change, name: (String) -> String?, rate: Int, at time: Timestamp) -> Event {
        func event(
            _ code: Code, _ severity: Severity, _ address: String, _ sentence: (String) -> String,
            _ values: [String: Value] = [:]
        ) -> Event {
            let subject = name(address) ?? address
            return Event(
                code, severity, subject: subject, message: sentence(subject),
                values: values.merging(["address": .text(address)]) { $1 }, at: time)
        }
        switch change {
        case .silent(let address, let since, let habit):
            return event(
                .logSourceSilent, .warning, address,
                {
                    """
                    \($0) has sent no log line for \(span(since)); \(span(habit)) would be unusual. Look whether it is \
                    on, and whether its syslog target is this unit.
                    """
                }, ["silence": .number(Double(since) / 1000)])
        case .back(let address, let after):
            return event(
                .logSourceBack, .notice, address, { "\($0) sends log lines again, after \(span(after))." },
                ["silence": .number(Double(after) / 1000)])
        case .flooding(let address):
            return event(
                .logSourceFlooding, .warning, address,
                {
                    """
                    \($0) sends more than \(rate) log lines a second for long: what is above that is not stored. Lower \
                    its log level, or raise logs.rate in the site file.
                    """
                })
        case .calm(let address, let dropped):
            return event(
                .logSourceCalm, .notice, address,
                { "\($0) sends as many log lines as it may again; \(dropped) were not stored." },
                ["dropped": .number(Double(dropped))])
        case .unknown(let address):
            return event(
                .logSourceUnknown, .warning, address,
                {
                    """
                    \($0) sends log lines, and the site file does not name it: they are not stored. If it is yours, \
                    put its address into the site file.
                    """
                })
        }
    }

    /// Two units at most: `2 h 5 min`.
    static func span(_ milliseconds: Int64) -> String {
        let minutes = max(1, milliseconds / 60_000)
        let (days, hours) = (minutes / 1440, minutes / 60 % 24)
        if days > 0 { return hours > 0 ? "\(days) d \(hours) h" : "\(days) d" }
        return hours > 0 ? (minutes % 60 > 0 ? "\(hours) h \(minutes % 60) min" : "\(hours) h") : "\(minutes) min"
    }
}
