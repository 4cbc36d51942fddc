import Appliance
import ArgumentParser
import Hardware
import Platform
import Site

/// A chip that is named by where it sits.
struct LoneChip: ParsableArguments {
    @Option(
        help: ArgumentHelp("A chip of no site file: ds18b20, ads1115, bme280, ...", valueName: "chip"),
        completion: .list(ReadableChip.allCases.map(\.rawValue)), transform: word)
    var chip: ReadableChip?

    @Option(help: ArgumentHelp("With --chip: its I2C bus.", valueName: "number"))
    var bus = 1

    @Option(help: ArgumentHelp("With --chip: 0x48, or 28-0000075ff6b1.", valueName: "address"))
    var address: String?

    func validate() throws {
        if chip != nil, address == nil { throw ValidationError("--chip needs its --address.") }
        if chip == nil, address != nil { throw ValidationError("--address needs its --chip.") }
        if !(0...31).contains(bus) { throw ValidationError("--bus must be between 0 and 31.") }
    }

    @Sendable private static func word(_ text: String) throws -> ReadableChip {
        if let chip = ReadableChip(rawValue: text.lowercased()) { return chip }
        let known = ReadableChip.allCases.map(\.rawValue).joined(separator: ", ")
        throw TypedText.Mistake(description: "the chips are \(known).")
    }

    /// The entries that a site file would have for it; nil when no chip is named.
    ///
    /// Errors: `usage` when the chip cannot be at this address.
    func sensors() throws -> [SensorConfiguration]? {
        guard let chip, let address else { return nil }
        var proposals = SensorProposals(taken: [])
        let proposed: [SensorProposals.Proposal]
        if chip == .ds18b20 {
            proposed = proposals.proposals(forProbe: address)
        } else {
            let hexadecimal = address.lowercased().hasPrefix("0x") ? UInt8(address.dropFirst(2), radix: 16) : nil
            guard let number = hexadecimal ?? UInt8(address) else {
                throw Failure(
                    "usage", "'\(address)' is no I2C address.", hint: "--address 0x48", status: .usage)
            }
            proposed = proposals.proposals(for: chip, at: I2CLocation(bus: bus, address: number))
        }
        // The same judgement as of a site file: which addresses the chip can have, and the form of one.
        let lines = proposed.map { "  \($0.line)\n" }.joined()
        let result = SiteFile.parse("site: { name: sensors }\nsensors:\n" + lines)
        guard let site = result.value else {
            let error = result.errors.first
            throw Failure(
                "usage", (error?.message ?? "There is no such chip").sentence, hint: error?.hint, status: .usage)
        }
        return site.sensors
    }
}
