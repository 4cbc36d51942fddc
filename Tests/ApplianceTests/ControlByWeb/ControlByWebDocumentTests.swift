import Foundation
import Site
import Testing

@testable import Appliance

@Suite("Documents of a ControlByWeb box, byte by byte")
struct ControlByWebDocumentTests {
    private func document(
        _ profile: ControlByWebConfiguration.Profile, _ file: ControlByWebFile, units: Bool = false,
        colors: Bool = false, _ change: (inout ControlByWebState) -> Void = { _ in }
    ) throws -> ControlByWebDocument {
        let box = try ControlByWebFixture.box(profile, ControlByWebFixture.words(profile))
        var state = ControlByWebFixture.state(of: box)
        change(&state)
        return ControlByWebDocument(
            state, of: box, file: file, serial: ControlByWebFixture.serial, place: (40.7, -111.9), showsUnits: units,
            showsColors: colors)
    }

    private static let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<datavalues>\n"

    private static let xml: [(ControlByWebConfiguration.Profile, String)] = [
        (
            .xwr1r12,
            "<relaystate>1</relaystate>\n<inputstate>1</inputstate>\n<rebootstate>1</rebootstate>\n<totalreboots>4</totalreboots>\n"
        ),
        (
            .webrelayQuad,
            "<relay1state>1</relay1state>\n<relay2state>0</relay2state>\n<relay3state>0</relay3state>\n<relay4state>1</relay4state>\n"
        ),
        (
            .x310,
            """
            <input1state>1</input1state>
            <input2state>0</input2state>
            <input3state>0</input3state>
            <input4state>0</input4state>
            <relay1state>1</relay1state>
            <relay2state>0</relay2state>
            <relay3state>0</relay3state>
            <relay4state>1</relay4state>
            <count1>12</count1>
            <count2>7</count2>
            <units>F</units>
            <sensor1>77.3</sensor1>
            <sensor2>41.3</sensor2>
            <vin>12.7</vin>
            <extvar0>10.5</extvar0>
            <extvar1>0</extvar1>
            <serialNumber>00:0C:C8:05:AA:89</serialNumber>
            <time>1559533814</time>

            """
        ),
        (
            .x410,
            """
            <digitalInput1>1</digitalInput1>
            <digitalInput2>0</digitalInput2>
            <relay1>1</relay1>
            <relay2>0</relay2>
            <relay3>0</relay3>
            <relay4>1</relay4>
            <vin>12.7</vin>
            <register1>10.5</register1>
            <register2>0</register2>
            <count1>12</count1>
            <count2>7</count2>
            <onTime1>3</onTime1>
            <totalOnTime1>3600</totalOnTime1>
            <oneWireSensor1>77.3</oneWireSensor1>
            <oneWireSensor2>41.3</oneWireSensor2>
            <utcTime>1559533814</utcTime>
            <timezoneOffset>-21600</timezoneOffset>
            <serialNumber>00:0C:C8:05:AA:89</serialNumber>

            """
        ),
        (
            .x332,
            """
            <inputstates>000000000000000001</inputstates>
            <relaystates>0000000000001001</relaystates>
            <count1>12</count1>
            <count2>7</count2>
            <units>F</units>
            <sensor1>77.3</sensor1>
            <sensor2>41.3</sensor2>
            <extvar0>10.5</extvar0>
            <extvar1>0</extvar1>
            <serialNumber>00:0C:C8:05:AA:89</serialNumber>
            <time>1559533814</time>

            """
        ),
    ]

    @Test("state.xml and stateFull.xml of each kind", arguments: xml)
    func stateXML(_ profile: ControlByWebConfiguration.Profile, _ body: String) throws {
        for file in [ControlByWebFile.state, .stateFull] {
            #expect(try document(profile, file).xml == Self.head + body + "</datavalues>\n")
        }
    }

    @Test("an older box without sensors and registers has all of its relays and inputs, and none of those")
    func places() throws {
        let box = try ControlByWebFixture.box(.x310, ", relays: [lamp], inputs: [door], sensors: []")
        let names = ControlByWebDocument(
            ControlByWebFixture.state(of: box), of: box, file: .state, serial: nil
        ).elements.map(\.name)
        #expect(
            names == (1...4).map { "input\($0)state" } + (1...4).map { "relay\($0)state" } + ["count1", "time"])
    }

    @Test("the same in JSON: values are strings, in the same order", arguments: xml.map(\.0))
    func stateJSON(_ profile: ControlByWebConfiguration.Profile) throws {
        let document = try document(profile, .stateJSON)
        let members = try #require(JSONSerialization.jsonObject(with: Data(document.json.utf8)) as? [String: String])
        #expect(members.count == document.elements.count)
        #expect(document.elements.allSatisfy { members[$0.name] == $0.value })
        let plain = try self.document(profile, .state).elements.filter { !["lat", "long"].contains($0.name) }
        #expect(document.elements.filter { !["lat", "long", "minRecRefresh"].contains($0.name) } == plain)
    }

    @Test("state.json of an X-410, byte by byte")
    func bytes() throws {
        #expect(
            try document(.x410, .stateJSON).json
                == #"{"digitalInput1":"1","digitalInput2":"0","relay1":"1","relay2":"0","relay3":"0","relay4":"1","vin":"12.7","register1":"10.5","register2":"0","count1":"12","count2":"7","onTime1":"3","totalOnTime1":"3600","oneWireSensor1":"77.3","oneWireSensor2":"41.3","lat":"40.700000","long":"-111.900000","utcTime":"1559533814","timezoneOffset":"-21600","serialNumber":"00:0C:C8:05:AA:89","minRecRefresh":"3"}"#
        )
    }

    @Test("the custom files have the names of the site file")
    func custom() throws {
        let names = try document(.x410, .customState).elements.map(\.name)
        #expect(
            names == [
                "frontDoor", "flow", "redLamp", "cabinetFan", "router", "doorOpener", "vin", "setpoint", "mode",
                "count1",
                "count2", "onTime1", "totalOnTime1", "enclosure", "airHumidity", "utcTime", "timezoneOffset",
                "serialNumber",
            ])
        #expect(
            try document(.x332, .customStateJSON).elements.map(\.name).prefix(4) == [
                "frontDoor", "flow", "input3state", "input4state",
            ])
        #expect(try document(.xwr1r12, .customState).elements.map(\.name).prefix(2) == ["redLamp", "frontDoor"])
    }

    @Test("units and colours where they are asked for")
    func units() throws {
        func values(_ units: Bool, _ colors: Bool) throws -> [String] {
            try document(.x410, .stateJSON, units: units, colors: colors).elements.filter {
                ["relay1", "vin", "register1", "oneWireSensor1", "oneWireSensor2"].contains($0.name)
            }.map(\.value)
        }
        #expect(try values(true, false) == ["1", "12.7 V", "10.5", "77.3 F", "41.3 %"])
        #expect(try values(true, true) == ["1", "12.7 V #Grey", "10.5 #Grey", "77.3 F #Grey", "41.3 % #Grey"])
        let box = try ControlByWebFixture.box(.x410, ", temperatures: celsius, sensors: [enclosure]")
        let celsius = ControlByWebDocument(
            ControlByWebFixture.state(of: box), of: box, file: .state, serial: nil, showsUnits: true)
        #expect(celsius.elements.contains(.init(name: "oneWireSensor1", value: "25.2 C")))
        #expect(!celsius.elements.contains { $0.name == "serialNumber" || $0.name == "vin" })
    }

    @Test("what is not known is x.x, and x for a state; never 0", arguments: xml.map(\.0))
    func missing(_ profile: ControlByWebConfiguration.Profile) throws {
        let document = try document(profile, .state, units: true) { state in
            state.coils = state.coils.map { _ in nil }
            state.inputs = state.inputs.map { _ in .init() }
            state.sensors = state.sensors.map { _ in nil }
            state.vin = nil
        }
        for element in document.elements {
            switch element.name {
            case "rebootstate", "totalreboots", "units", "time", "utcTime", "timezoneOffset", "serialNumber": break
            case "relaystates": #expect(element.value == "000000000000xxxx")
            case "inputstates": #expect(element.value == "0000000000000000xx")
            // Nothing is connected there.
            case "input3state", "input4state": #expect(element.value == "0")
            case let name where name.hasPrefix("extvar") || name.hasPrefix("register"): break
            case let name where name.hasPrefix("relay") || name.contains("nput"):
                #expect(element.value == "x", "\(name)")
            default: #expect(element.value == "x.x", "\(element.name)")
            }
        }
    }

    @Test(
        "a watchdog in the numbers of a box",
        arguments: zip(WatchdogStatus.State.allCases, [0, 0, 4, 1, 3, 0]))
    func rebootStates(_ state: WatchdogStatus.State, _ number: Int) {
        #expect(ControlByWebDocument.rebootState(state) == number)
    }

    @Test(
        "numbers as a box writes them",
        arguments: [
            (10.0, "10"), (10.5, "10.5"), (0.0, "0"), (-0.25, "-0.25"), (1e12, "1000000000000"), (0.000001, "0.000001"),
        ])
    func plain(_ value: Double, _ text: String) { #expect(ControlByWebValues.plain(value) == text) }

    @Test("an empty list is none, and one that is left out is all")
    func none() throws {
        let none = try ControlByWebFixture.box(.x410, ", relays: [], inputs: [], sensors: []")
        #expect(none.relays.isEmpty && none.inputs.isEmpty && none.sensors.isEmpty)
        #expect(throws: ControlByWebQuery.Mistake.self) { _ = try ControlByWebQuery("relay1=1", for: none) }
        let all = try ControlByWebFixture.box(.x410)
        #expect(all.relays.count == 4 && all.inputs.count == 2 && all.sensors.count == 3)
    }

    @Test("the supply is named by its sensor, with its quantity or without", arguments: ["battery", "battery.voltage"])
    func vin(name: String) throws {
        let box = try ControlByWebFixture.box(.x410, ", vin: \(name)")
        #expect(box.vin == "battery" && box.metrics.contains("battery.voltage"))
    }

    @Test("a name that is a command, another one's, or no name at all is not used")
    func names() {
        var names = ControlByWebNames()
        #expect(names.take("Red lamp") == "redLamp")
        #expect(names.take("red-lamp") == nil && names.take("REDLAMP") == nil)
        for name in [
            "relay1", "Relay 2", "count 1", "1st lamp", "лампа", "", "utc time", "register1", "noReply",
            "Digital input 2", "Sensor 1", "Input 1 state", "One wire sensor 3", "relay states",
        ] {
            #expect(names.take(name) == nil, "\(name)")
        }
        #expect(names.take("Pump №2 (north)") == "pump2North")
    }
}
