import FoundationEssentials
public import Platform

/// What a drive says of its own state, where its USB bridge passes that on (smartctl(8)).
public struct SMARTReport: Hashable, Sendable {
    /// The drive's own verdict; nil where it gives none.
    public var isPassed: Bool?
    /// Sectors that it has replaced.
    public var reallocated: Int?
    /// Sectors that it cannot read.
    public var unreadable: Int?
    /// Percent of the writes that it was made for; may be above 100.
    public var used: Int?
    public var celsius: Int?

    public init(
        isPassed: Bool? = nil, reallocated: Int? = nil, unreadable: Int? = nil, used: Int? = nil, celsius: Int? = nil
    ) {
        self.isPassed = isPassed
        self.reallocated = reallocated
        self.unreadable = unreadable
        self.used = used
        self.celsius = celsius
    }

    /// - Parameter disk: The kernel's name: `sda`.
    public static func question(_ disk: String) -> Command {
        // Its status is a set of bits that say the same.
        Command(
            "smartctl", ["--json", "--health", "--attributes", "/dev/\(disk)"], timeout: .seconds(4),
            expected: Set(0...255), outputLimit: 256 * 1024)
    }

    /// nil for an answer that says nothing of the drive's state: its bridge does not pass the question on.
    public init?(smartctl bytes: [UInt8]) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else { return nil }
        let table = answer.attributes?.table ?? []
        func raw(_ ids: Int...) -> Int? {
            let values = table.filter { ids.contains($0.id) }.map { $0.raw.value }
            return values.isEmpty ? nil : values.reduce(0) { $0.addingReportingOverflow(max(0, $1)).partialValue }
        }
        let log = answer.log
        self.init(
            isPassed: answer.status?.passed, reallocated: raw(5),
            // Pending and uncorrectable ones (ATA attributes 197 and 198).
            unreadable: raw(197, 198) ?? log?.mediaErrors,
            used: log?.percentageUsed ?? answer.endurance?.currentPercent,
            celsius: answer.temperature?.current)
        guard isPassed != nil || reallocated != nil || unreadable != nil || used != nil else { return nil }
    }

    /// By the names that smartctl gives (smartmontools, `--json`).
    private struct Answer: Decodable {
        struct Status: Decodable {
            let passed: Bool?
        }

        struct Attributes: Decodable {
            let table: [Attribute]?
        }

        struct Attribute: Decodable {
            struct Raw: Decodable {
                let value: Int
            }

            let id: Int
            let raw: Raw
        }

        /// Of NVMe.
        struct Log: Decodable {
            let mediaErrors: Int?
            let percentageUsed: Int?

            enum CodingKeys: String, CodingKey {
                case mediaErrors = "media_errors"
                case percentageUsed = "percentage_used"
            }
        }

        struct Endurance: Decodable {
            let currentPercent: Int?

            enum CodingKeys: String, CodingKey {
                case currentPercent = "current_percent"
            }
        }

        struct Temperature: Decodable {
            let current: Int?
        }

        let status: Status?
        let attributes: Attributes?
        let log: Log?
        let endurance: Endurance?
        let temperature: Temperature?

        enum CodingKeys: String, CodingKey {
            case temperature
            case status = "smart_status"
            case attributes = "ata_smart_attributes"
            case log = "nvme_smart_health_information_log"
            case endurance = "endurance_used"
        }
    }
}
