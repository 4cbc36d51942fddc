/// One entry of `compatibility.modbus.addresses:` what stands at an address.
///
/// Each 4xx box makes its table of what it has, so no two are alike: with these a unit answers by just that of a box.
public struct ModbusPlace: Hashable, Sendable {
    /// The first address, as it stands in a request.
    public var at: Int
    /// A relay's coil.
    public var relay: String?
    /// The seconds of a relay's pulse.
    public var pulse: String?
    /// An input's state.
    public var input: String?
    /// How often an input came on.
    public var count: String?
    /// A sensor, or one quantity of it: analogue inputs, the supply voltage, temperatures.
    public var value: String?
    /// A number that clients set and read, of `compatibility.controlbyweb.registers`.
    public var register: String?

    public init(
        at: Int, relay: String? = nil, pulse: String? = nil, input: String? = nil, count: String? = nil,
        value: String? = nil, register: String? = nil
    ) {
        self.at = at
        self.relay = relay
        self.pulse = pulse
        self.input = input
        self.count = count
        self.value = value
        self.register = register
    }

    /// What is named here, by its key: one, in an entry that was checked.
    var named: [(key: String, name: String)] {
        [
            ("relay", relay), ("pulse", pulse), ("input", input), ("count", count), ("value", value),
            ("register", register),
        ].compactMap { key, name in name.map { (key: key, name: $0) } }
    }
}
