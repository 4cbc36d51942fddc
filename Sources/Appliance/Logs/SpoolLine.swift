import Site

/// One line of the hand-over, as rsyslog's template `picliLine` writes it (see `SyslogText` of provisioning): fields with
/// a TAB between them, a full stop as the last one.
///
/// rsyslog writes control characters as `#` and three digits, so that no field holds a TAB or a line feed, and a line is
/// one message. Of a sender that the site file does not name `picliUnknown` writes that it sent something.
struct SpoolLine: Hashable {
    /// Wall milliseconds, by the clock as it was set then.
    var wall: Int64
    /// Seconds since boot (sysinfo(2)), rounded up.
    var uptime: Int64
    var address: String
    var facility = SyslogFacility.user
    var severity = SyslogSeverity.notice
    /// Wall milliseconds.
    var claimed: Int64?
    var host: String?
    var program: String?
    var text = ""
    /// False for one of which only is known that it came.
    let isWhole: Bool

    /// nil for what is no whole line of that form.
    ///
    /// - Parameter bytes: without the line feed; what is not UTF-8 becomes U+FFFD.
    init?(_ bytes: ArraySlice<UInt8>) {
        let fields = bytes.split(separator: 0x09, omittingEmptySubsequences: false)
        guard fields.last?.elementsEqual(".".utf8) == true else { return nil }
        let isKnown = fields.count == 15 && fields[0].elementsEqual("1".utf8)
        guard isKnown || fields.count == 6 && fields[0].elementsEqual("0".utf8) else { return nil }
        let time = fields[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard time.count == 2, let seconds = Self.number(time[0]), let fraction = Self.number(time[1]),
            fraction < 1_000_000, let uptime = Self.number(fields[2])
        else { return nil }
        wall = seconds * 1000 + fraction / 1000
        self.uptime = uptime
        address = String(decoding: fields[3], as: UTF8.self)
        isWhole = isKnown
        guard isKnown else { return }
        // A priority that is none counts as 13 (RFC 3164, 4.3.3); rsyslog calls its facility `invld`.
        if let facility = Self.number(fields[5]).flatMap({ SyslogFacility(rawValue: Int($0)) }),
            let severity = Self.number(fields[6]).flatMap({ SyslogSeverity(rawValue: Int($0)) })
        {
            (self.facility, self.severity) = (facility, severity)
        }
        let raw = Self.repaired(fields[13])
        // Without a time of its own rsyslog has taken words of the text for host and program.
        let stamp = String(decoding: fields[7], as: UTF8.self)
        let isOwn = stamp.contains(".\(String(decoding: time[1], as: UTF8.self))")
        guard let claimed = ISO8601.milliseconds(stamp), claimed != wall || !isOwn else {
            text = raw
            return
        }
        self.claimed = claimed
        let host = Self.word(fields[8])
        self.host = host == address ? nil : host
        (program, text) = Self.message(
            of: raw, host: host, program: Self.word(fields[9]), process: Self.word(fields[10]),
            data: Self.word(fields[12]))
    }

    /// Digits only, of a size that arithmetic cannot overflow.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...12).contains(digits.count) else { return nil }
        var number: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int64(digit - 0x30)
        }
        return number
    }

    /// nil for what syslog writes when there is nothing (RFC 5424, 6: NILVALUE).
    private static func word(_ bytes: ArraySlice<UInt8>) -> String? {
        let word = repaired(bytes.prefix(255))
        return word.isEmpty || word == "-" ? nil : word
    }

    /// Control characters, and those that turn the direction of what is read.
    private static func isOrder(_ scalar: UInt32) -> Bool {
        scalar < 0x20 || (0x7F...0x9F).contains(scalar) || (0x202A...0x202E).contains(scalar)
            || (0x2066...0x2069).contains(scalar)
    }

    /// As UTF-8, and without what a terminal takes for orders.
    private static func repaired(_ bytes: ArraySlice<UInt8>) -> String {
        if bytes.allSatisfy({ (0x20...0x7E).contains($0) }) { return String(decoding: bytes, as: UTF8.self) }
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.lazy.map { scalar in
            isOrder(scalar.value) ? "\u{FFFD}" : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension SpoolLine {
    /// Program and text of a message without the header in front of them; all of it as text where that is not of the
    /// form that it was taken for, so that nothing of it is lost.
    ///
    /// - Parameter raw: The message after its priority.
    private static func message(
        of raw: String, host: String?, program: String?, process: String?, data: String?
    ) -> (program: String?, text: String) {
        guard let program else { return (nil, raw) }
        let name = process.map { "\(program)[\($0)]" } ?? program
        let words = raw.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: false)
        if words.count == 7, words[0] == "1", words[3] == program, ["-", host].contains(String(words[2])) {
            // RFC 5424, 6: version, time, host, program, process, message ID; then the structured data.
            let id = words[5] == "-" ? "" : "\(words[5]) "
            guard data == nil else { return (name, id + words[6]) }
            let text = words[6].dropFirst(words[6].hasPrefix("- ") ? 2 : words[6] == "-" ? 1 : 0)
            return (name, id + text)
        }
        // RFC 3164, 4.1: time, perhaps host, program with its process, a colon.
        guard let end = raw.end(of: name, within: 96) else { return (nil, raw) }
        let rest = raw[end...].drop { $0 == ":" }
        return (name, String(rest.first == " " ? rest.dropFirst() : rest))
    }

    /// The line as it is stored.
    ///
    /// The clock that stamped it may have been set since: then the time since boot tells when that was.
    func line(now: Timestamp) -> LogLine {
        var wall = wall
        var monotonic = now.monotonic - (now.wall - wall)
        if abs(monotonic - uptime * 1000) > 3_000 {
            monotonic = min(uptime * 1000, now.monotonic)
            wall = now.wall - (now.monotonic - monotonic)
        }
        return LogLine(
            received: Timestamp(wall: wall, boot: now.boot, monotonic: monotonic, isTrusted: now.isTrusted),
            claimed: claimed, host: host, source: address, facility: facility, severity: severity, program: program,
            text: text)
    }
}

extension String {
    /// Where a word of a header ends that begins after a space among the first bytes, and ends with a colon or a space.
    fileprivate func end(of word: String, within limit: Int) -> String.Index? {
        let (bytes, wanted) = (utf8, Array(word.utf8))
        var start = bytes.startIndex
        let end = bytes.index(start, offsetBy: limit, limitedBy: bytes.endIndex) ?? bytes.endIndex
        var previous = UInt8(ascii: " ")
        while start < end {
            if previous == UInt8(ascii: " "), bytes[start...].starts(with: wanted) {
                let rest = bytes[start...].dropFirst(wanted.count)
                if rest.isEmpty || rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: " ") {
                    return rest.startIndex
                }
            }
            previous = bytes[start]
            start = bytes.index(after: start)
        }
        return nil
    }
}
