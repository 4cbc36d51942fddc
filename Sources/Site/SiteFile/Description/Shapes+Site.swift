/// The shapes of this product's own words.
extension Shapes {
    static let century = Duration.seconds(100 * 365 * 86_400)

    static let interval = duration(.milliseconds(100)...(.seconds(86_400)))

    /// Stands where a URL is missing; never in a value that is handed out.
    static let placeholderURL: ServiceURL = {
        guard let url = ServiceURL("https://placeholder.invalid") else { preconditionFailure("a constant") }
        return url
    }()

    static let timeZone: Shape<String> = .scalar(
        "a time zone", schema: string(pattern: "^(UTC|GMT|[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+){1,2})$"),
        write: { .text($0) }
    ) { text in
        switch TimeZoneNames.check(text) {
        case .known, .unknown: .success(text)
        case .wrong(let nearest):
            .failure(
                .init(
                    "'\(text.excerpt)' is not a time zone",
                    hint: nearest.map { "did you mean '\($0)'?" } ?? "write an IANA name: America/Denver"))
        }
    }

    /// IFNAMSIZ of linux/if.h is 16, terminator included.
    static let interface: Shape<String> = .scalar(
        "a network interface", schema: string(pattern: "^[A-Za-z0-9_.-]{1,15}$"), write: { .text($0) }
    ) { text in
        guard (1...15).contains(text.utf8.count),
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }), text != ".",
            text != ".."
        else {
            return .failure(
                .init("'\(text.excerpt)' is not a network interface", hint: "for example eth0, at most 15 letters"))
        }
        return .success(text)
    }

    /// A share name that every SMB client shows; `homes`, `global` and `printers` mean something to Samba.
    static let shareName: Shape<String> = .scalar(
        "a share name", schema: string(pattern: "^(?!(homes|global|printers)$)[A-Za-z0-9][A-Za-z0-9_-]{0,11}$"),
        write: { .text($0) }
    ) { text in
        guard !["homes", "global", "printers"].contains(text) else {
            return .failure(.init("'\(text)' is a word of Samba's own", hint: "use another name, for example camera"))
        }
        guard (1...12).contains(text.utf8.count), text.first?.isLetter == true || text.first?.isNumber == true,
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) })
        else {
            return .failure(
                .init("'\(text.excerpt)' is not a share name", hint: "letters, digits, '-' and '_', at most 12"))
        }
        return .success(text)
    }

    /// A duration, or `forever`.
    static let retention: Shape<Duration?> = {
        let length = duration(.seconds(60)...century)
        return .scalar(
            "a duration, or forever",
            schema: .object(["anyOf": .array([length.schema, .object(["const": .string("forever")])])]),
            write: { $0.map { .text($0.siteText) } ?? .text("forever") }
        ) { text in
            if text == "forever" { return .success(nil) }
            switch Duration.parse(siteText: text) {
            case .failure(let failure): return .failure(.init(failure.description, hint: "or write forever"))
            case .success(let duration) where duration < .seconds(60) || duration > century:
                return .failure(.init("\(text) is out of range: from 1m to 100 years, or forever"))
            case .success(let duration): return .success(duration)
            }
        }
    }()

    static let mailAddress: Shape<String> = .scalar(
        "a mail address", schema: string(pattern: "^[^@\\s]+@[^@\\s]+$"), write: { .text($0) }
    ) { text in
        isMailAddress(text) ? .success(text) : .failure(.init("'\(text.excerpt)' is not a mail address"))
    }

    /// The usual form of an address; no quoted local parts.
    static func isMailAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), HostName.isValid(parts[1]) else { return false }
        return parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "!#$%&'*+-/=?^_`{|}~.".contains($0)) }
    }

    /// A line of the 40-pin header, by its BCM number.
    static let gpioLine: Shape<Int> = .scalar(
        "a GPIO line", schema: string(pattern: "^GPIO([0-9]|1[0-9]|2[0-7])$"), write: { .text("GPIO\($0)") }
    ) { text in
        let digits = text.dropFirst("GPIO".count)
        guard text.hasPrefix("GPIO"), (1...2).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let line = Int(digits), (0...27).contains(line), "\(line)" == digits
        else {
            let number = Int(text).map { "write GPIO\($0)" }
            return .failure(
                .init(
                    "'\(text.excerpt)' is not a GPIO line",
                    hint: number ?? "write GPIO0 to GPIO27 (BCM numbers, not header pins)"))
        }
        return .success(line)
    }

    static let bus = integer(0...31, "the number of an I2C bus")

    /// A 7-bit address; 0x00-0x07 and 0x78-0x7F are reserved by the I2C specification (UM10204, 3.1.12).
    static func i2cAddress(_ range: ClosedRange<UInt8>, of chip: String) -> Shape<UInt8> {
        let bounds =
            I2CLocation(bus: 0, address: range.lowerBound).addressText
            + (range.count == 1 ? "" : " to " + I2CLocation(bus: 0, address: range.upperBound).addressText)
        return .scalar(
            "an I2C address",
            schema: .object([
                "anyOf": .array([
                    .object(["enum": .strings(range.flatMap(spellings))]),
                    .object([
                        "type": .string("integer"), "minimum": .number(Double(range.lowerBound)),
                        "maximum": .number(Double(range.upperBound)),
                    ]),
                ])
            ]),
            write: { .text(I2CLocation(bus: 0, address: $0).addressText) }
        ) { text in
            let number = text.lowercased().hasPrefix("0x") ? UInt8(text.dropFirst(2), radix: 16) : UInt8(text)
            guard let number, text.first != "+" else {
                return .failure(.init("'\(text.excerpt)' is not an I2C address", hint: "\(chip) is at \(bounds)"))
            }
            guard range.contains(number) else {
                return .failure(
                    .init(
                        "\(chip) cannot be at \(text)",
                        hint: range.count == 1 ? "its address is \(bounds)" : "its addresses are \(bounds)"))
            }
            return .success(number)
        }
    }

    private static func spellings(_ address: UInt8) -> [String] {
        let digits = (address < 16 ? "0" : "") + String(address, radix: 16)
        return digits == digits.uppercased() ? ["0x" + digits] : ["0x" + digits, "0x" + digits.uppercased()]
    }

    static let condition: Shape<Condition> = .scalar(
        "a condition", schema: string(pattern: Condition.pattern), write: { .text("\($0)") }, parse: Condition.parse)

    static let scheduleEntry: Shape<ScheduleEntry> = .scalar(
        "a line of a schedule", schema: string(pattern: ScheduleEntry.pattern), write: { .text("\($0)") },
        parse: ScheduleEntry.parse)

    /// A day or a range of days: 2026-12-24/2026-12-26, or 12-24 for every year.
    static let dates: Shape<DateRange> = .scalar(
        "a date", schema: string(pattern: "^\(ScheduleEntry.datesPattern)$"), write: { .text("\($0)") }
    ) { text in
        Result { () throws(ScalarFailure) in try ScheduleEntry.parseDates(text[...]) }
    }

    /// What ends a condition.
    ///
    /// A metric may be named; that it is the same one is checked with its `when`.
    static let clearTest: Shape<Condition.Test> = .scalar(
        "a condition", schema: string(pattern: Condition.clearPattern), write: { .text("\($0)") }
    ) { text in
        Condition.parseClear(text).map(\.test)
    }
}
