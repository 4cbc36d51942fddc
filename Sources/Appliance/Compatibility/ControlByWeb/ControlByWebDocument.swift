import Site

/// The document of a box: names and values in its order, written as XML or as JSON.
struct ControlByWebDocument: Sendable {
    struct Element: Hashable, Sendable {
        let name: String
        let value: String
    }

    private(set) var elements: [Element] = []

    private let box: ControlByWebBox
    private let isCustom: Bool
    private let writer: ControlByWebValues

    /// - Parameters:
    ///   - serial: The address of the unit's network interface, `00:0C:C8:05:AA:89`; nil where it has none.
    ///   - place: Degrees north and east; told in JSON alone, as there.
    init(
        _ state: ControlByWebState, of box: ControlByWebBox, file: ControlByWebFile, serial: String?,
        place: (latitude: Double, longitude: Double)? = nil, showsUnits: Bool = false, showsColors: Bool = false
    ) {
        self.box = box
        isCustom = file.isCustom
        writer = ControlByWebValues(
            isFahrenheit: box.isFahrenheit, showsUnits: showsUnits, showsColors: showsColors)
        switch box.profile {
        case .xwr1r12: addWebRelay(state)
        case .webrelayQuad: addRelays(state) { "relay\($0)state" }
        case .x310, .x332: addX300(state, serial)
        case .x410: addX400(state, serial, file.isJSON ? place : nil, isJSON: file.isJSON)
        }
    }

    // MARK: Kinds of boxes

    private mutating func addWebRelay(_ state: ControlByWebState) {
        addRelays(state) { _ in "relaystate" }
        addInputs(state) { _ in "inputstate" }
        add("rebootstate", state.watchdog.map { "\(Self.rebootState($0.state))" } ?? "0")
        add("totalreboots", state.watchdog.map { "\($0.total)" } ?? "0")
    }

    private mutating func addX300(_ state: ControlByWebState, _ serial: String?) {
        if box.profile == .x332, !isCustom {
            add("inputstates", Self.bits(state.inputs.map(\.isOn), count: box.profile.most.inputs))
            add("relaystates", Self.bits(state.coils, count: box.profile.most.relays))
        } else {
            addInputs(state) { "input\($0)state" }
            addRelays(state) { "relay\($0)state" }
        }
        addCounts(state)
        if !box.sensors.isEmpty { add("units", box.isFahrenheit ? "F" : "C") }
        addSensors(state) { "sensor\($0)" }
        addVin(state)
        addRegisters(state) { "extvar\($0 - 1)" }
        if let serial { add("serialNumber", serial) }
        add("time", "\(state.time)")
    }

    private mutating func addX400(
        _ state: ControlByWebState, _ serial: String?, _ place: (latitude: Double, longitude: Double)?, isJSON: Bool
    ) {
        addInputs(state) { "digitalInput\($0)" }
        addRelays(state) { "relay\($0)" }
        addVin(state)
        addRegisters(state) { "register\($0)" }
        addCounts(state)
        for (input, values) in zip(box.inputs, state.inputs) where input.timesOn {
            add("onTime\(input.point.number)", ControlByWebValues.whole(values.onTime))
            add("totalOnTime\(input.point.number)", ControlByWebValues.whole(values.totalOnTime))
        }
        addSensors(state) { "oneWireSensor\($0)" }
        if let place {
            add("lat", ControlByWebValues.fixed(place.latitude, places: 6))
            add("long", ControlByWebValues.fixed(place.longitude, places: 6))
        }
        add("utcTime", "\(state.time)")
        add("timezoneOffset", "\(state.zoneOffset)")
        if let serial { add("serialNumber", serial) }
        if isJSON { add("minRecRefresh", "3") }
    }

    // MARK: Elements

    private mutating func add(_ name: String, _ value: String) { elements.append(Element(name: name, value: value)) }

    private mutating func add(_ point: ControlByWebBox.Point, _ plain: (Int) -> String, _ value: String) {
        add(isCustom ? point.name ?? plain(point.number) : plain(point.number), value)
    }

    private mutating func addRelays(_ state: ControlByWebState, _ name: (Int) -> String) {
        for (relay, coil) in zip(box.relays, state.coils) { add(relay.point, name, Self.bit(coil)) }
        fill(box.relays.count, to: box.profile.most.relays, name)
    }

    /// The older boxes have all of their relays and inputs whatever is connected; one where nothing is, is 0.
    private mutating func fill(_ count: Int, to all: Int, _ name: (Int) -> String) {
        guard box.profile != .x410, count < all else { return }
        for number in (count + 1)...all { add(name(number), "0") }
    }

    private mutating func addInputs(_ state: ControlByWebState, _ name: (Int) -> String) {
        for (input, values) in zip(box.inputs, state.inputs) { add(input.point, name, Self.bit(values.isOn)) }
        fill(box.inputs.count, to: box.profile.most.inputs, name)
    }

    private mutating func addCounts(_ state: ControlByWebState) {
        for (input, values) in zip(box.inputs, state.inputs) where input.counts {
            add("count\(input.point.number)", ControlByWebValues.whole(values.count))
        }
    }

    private mutating func addSensors(_ state: ControlByWebState, _ name: (Int) -> String) {
        for (sensor, value) in zip(box.sensors, state.sensors) {
            add(sensor.point, name, writer.measured(value, sensor.unit))
        }
    }

    private mutating func addRegisters(_ state: ControlByWebState, _ name: (Int) -> String) {
        for (point, value) in zip(box.registers, state.registers) { add(point, name, writer.register(value)) }
    }

    private mutating func addVin(_ state: ControlByWebState) {
        if box.vin != nil { add("vin", writer.measured(state.vin, .volt)) }
    }

    private static func bit(_ isOn: Bool?) -> String { isOn.map { $0 ? "1" : "0" } ?? "x" }

    /// As many digits as the box has places, number 1 last; a place that the unit does not have is 0.
    private static func bits(_ states: [Bool?], count: Int) -> String {
        let known = states.prefix(count).map(bit)
        return String(repeating: "0", count: count - known.count) + known.reversed().joined()
    }

    /// In the numbers of a box: 0 off, 1 pinging, 2 waiting for the answer, 3 rebooting, 4 waiting for the load to start.
    ///
    /// The unit does not tell a ping that is under way, so that 2 is never said.
    static func rebootState(_ state: WatchdogStatus.State) -> Int {
        switch state {
        case .disarmed, .resting, .exhausted: 0
        case .pinging: 1
        case .restarting: 3
        case .waiting: 4
        }
    }

    // MARK: Text

    /// One element a line: some clients read line by line.
    var xml: String {
        let lines = elements.map { "<\($0.name)>\(Self.escaped($0.value))</\($0.name)>\n" }
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<datavalues>\n\(lines.joined())</datavalues>\n"
    }

    /// All values are strings, as there.
    var json: String {
        let members = elements.map { "\(JSONValue.quoted($0.name)):\(JSONValue.quoted($0.value))" }
        return "{\(members.joined(separator: ","))}"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
