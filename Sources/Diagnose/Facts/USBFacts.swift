import Platform

/// What the devices at USB may draw, and whether the board has cut their power (kernel: ABI/stable/sysfs-bus-usb).
public struct USBFacts: Hashable, Sendable {
    /// Milliamperes that all devices together say that they may draw from this board.
    public var asked: Int
    /// What the board gives to all of them; nil where that is not known.
    public var given: Int?
    /// How often a port was switched off since the start, because too much was drawn.
    public var overcurrents: Int
    /// The greediest: what it calls itself, and its milliamperes.
    public var greediest: String?

    public init(asked: Int = 0, given: Int? = nil, overcurrents: Int = 0, greediest: String? = nil) {
        self.asked = asked
        self.given = given
        self.overcurrents = overcurrents
        self.greediest = greediest
    }

    /// - Parameter root: Before `/sys` and `/proc`.
    init(root: String) throws {
        let folder = "\(root)/sys/bus/usb/devices"
        guard let names = try? SmallFile.names(in: folder), !names.isEmpty else { throw NotHere("there is no USB") }
        func text(_ name: String) -> String? { try? SmallFile.text(at: "\(folder)/\(name)", limit: 256) }
        // `1-1.4`; `usb1` are the board's own, and `1-1:1.0` are parts of a device.
        let devices = names.filter { $0.contains("-") && !$0.contains(":") }
        let powered = devices.filter { Self.hasOwnSupply($0, text) }
        var greediest = 0
        self.init(asked: 0)
        for name in devices where !powered.contains(where: { name.hasPrefix($0 + ".") }) {
            // What a hub with a supply of its own draws, it does not draw here.
            guard !powered.contains(name), let current = text("\(name)/bMaxPower").flatMap(Self.milliamperes) else {
                continue
            }
            asked += current
            if current > greediest {
                greediest = current
                self.greediest = "\(text("\(name)/product") ?? name), \(current) mA"
            }
        }
        overcurrents = Self.overcurrents(folder, names)
        given = Self.given(root)
    }

    private static func milliamperes(_ text: String) -> Int? {
        text.hasSuffix("mA") ? Int(text.dropLast(2)) : nil
    }

    /// Hubs that are soldered to boards, and say that they have a supply: it is the board's.
    private static let internalHubs: Set<String> = ["2109:3431", "0424:9514", "0424:9512", "0424:2514"]

    private static func hasOwnSupply(_ name: String, _ text: (String) -> String?) -> Bool {
        guard text("\(name)/bDeviceClass") == "09",
            let attributes = text("\(name)/bmAttributes").flatMap({ Int($0, radix: 16) })
        else { return false }
        let model = "\(text("\(name)/idVendor") ?? ""):\(text("\(name)/idProduct") ?? "")"
        // Bit 6: self-powered (USB 2.0, table 9-10).
        return attributes & 0x40 != 0 && !internalHubs.contains(model)
    }

    /// `usb1/1-0:1.0/usb1-port2/over_current_count`.
    private static func overcurrents(_ folder: String, _ names: [String]) -> Int {
        names.filter { $0.contains(":") }.reduce(0) { sum, interface in
            let ports = ((try? SmallFile.names(in: "\(folder)/\(interface)")) ?? []).filter { $0.contains("-port") }
            return ports.reduce(sum) { sum, port in
                let path = "\(folder)/\(interface)/\(port)/over_current_count"
                return sum + ((try? SmallFile.text(at: path, limit: 32)).flatMap { Int($0) } ?? 0)
            }
        }
    }

    /// By the makers' documents: 1.2 A for all ports together; 0.6 A of a Pi 5, or 1.6 A with a supply of 5 A.
    private static func given(_ root: String) -> Int? {
        guard let model = try? SmallFile.text(at: "\(root)/proc/device-tree/model", limit: 256),
            let rest = model.firstRange(of: "Raspberry Pi ").map({ model[$0.upperBound...] })
        else { return nil }
        if rest.hasPrefix("5") || rest.hasPrefix("Compute Module 5") {
            let path = "\(root)/proc/device-tree/chosen/power/usb_max_current_enable"
            return (try? SmallFile.bytes(at: path, limit: 4))?.last == 1 ? 1600 : 600
        }
        return ["2", "3", "4"].contains { rest.hasPrefix($0) } ? 1200 : nil
    }
}
