import Site
import TestSupport
import Testing

@testable import Appliance

@Suite("What clients of a ControlByWeb box ask for")
struct ControlByWebQueryTests {
    private static let five = Duration.seconds(5)

    private func commands(
        _ query: String, _ profile: ControlByWebConfiguration.Profile = .x410
    ) throws -> [ControlByWebCommand] {
        try ControlByWebQuery(query, for: ControlByWebFixture.box(profile, ControlByWebFixture.words(profile))).commands
    }

    /// What every kind of box takes.
    private static let all: [(String, [ControlByWebCommand])] = [
        ("relay1=1", [.relay(0, .on, nil)]), ("relay1State=1", [.relay(0, .on, nil)]),
        ("relay1state=0", [.relay(0, .off, nil)]), ("RELAY1STATE=1", [.relay(0, .on, nil)]),
        ("relayState=1", [.relay(0, .on, nil)]), ("relaystate=0", [.relay(0, .off, nil)]),
        ("relay=1", [.relay(0, .on, nil)]), ("relay1=5", [.relay(0, .toggle, nil)]),
        ("?relay1=1", [.relay(0, .on, nil)]), ("%3Frelay1State=1", [.relay(0, .on, nil)]),
        ("??relay1=1", [.relay(0, .on, nil)]), ("relay1=2", [.relay(0, .pulse, nil)]),
        ("relay1State=2&pulseTime1=5", [.relay(0, .pulse, five)]),
        ("pulseTime1=5&relay1State=2", [.relay(0, .pulse, five)]),
        ("pulsetime1=5&relay1=2", [.relay(0, .pulse, five)]),
        ("relayState=2&pulseTime=5", [.relay(0, .pulse, five)]),
        ("pulseTime=5.0&relayState=2", [.relay(0, .pulse, five)]),
        ("relay1=2&pulseTime1=0.1", [.relay(0, .pulse, .milliseconds(100))]),
        ("pulseTime1=5", []), ("pulseTime1=5&relay1=1", [.relay(0, .on, nil)]), ("", []),
        ("relay1=1&_=1764511200123", [.relay(0, .on, nil)]), ("relay1State=1&time=", [.relay(0, .on, nil)]),
        ("rnd=0.123", []), ("&&relay1=1&", [.relay(0, .on, nil)]), ("relay1=%31", [.relay(0, .on, nil)]),
        ("relay%31=1", [.relay(0, .on, nil)]), ("relay1=+1+", [.relay(0, .on, nil)]),
        ("noReply=1&relay1=0", [.relay(0, .off, nil)]), ("showUnits=1&showColors=1", []),
        ("relay1=1&relay1=0", [.relay(0, .on, nil), .relay(0, .off, nil)]),
    ]

    @Test(
        "each kind of box takes each spelling", arguments: ControlByWebConfiguration.Profile.allCases, all)
    func spellings(_ profile: ControlByWebConfiguration.Profile, _ one: (String, [ControlByWebCommand])) throws {
        #expect(try commands(one.0, profile) == one.1, "\(one.0)")
    }

    @Test(
        "and what only some of them have",
        arguments: [
            (.x410, "relay4=1&relay2=0", [.relay(3, .on, nil), .relay(1, .off, nil)]),
            (.x410, "relay3=3", [.relay(2, .disarm, nil)]), (.x410, "relay3State=4", [.relay(2, .rearm, nil)]),
            (.x410, "register1=10.5&register2=-3", [.register(0, 10.5), .register(1, -3)]),
            (.x310, "extvar0=7&EXTVAR1=.5", [.register(0, 7), .register(1, 0.5)]),
            (.x410, "count1=200", [.count(0, 200)]), (.x332, "count2=0", [.count(1, 0)]),
            (.x410, "onTime1=0&totalOnTime1=5.5", [.onTime(0, 0), .totalOnTime(0, 5.5)]),
            (.x410, "redLamp=1&cabinetfan=2&pulseTime2=5", [.relay(0, .on, nil), .relay(1, .pulse, five)]),
            (.x410, "setpoint=21.5", [.register(0, 21.5)]),
            (.x332, "relay2State=0", [.relay(1, .off, nil)]),
            (
                .x410, "relay1=2&relay2=2&pulseTime2=5&pulseTime1=0.5",
                [
                    .relay(0, .pulse, .milliseconds(500)), .relay(1, .pulse, five),
                ]
            ),
        ] as [(ControlByWebConfiguration.Profile, String, [ControlByWebCommand])])
    func others(
        _ profile: ControlByWebConfiguration.Profile, _ query: String, _ expected: [ControlByWebCommand]
    ) throws { #expect(try commands(query, profile) == expected) }

    @Test(
        "a length that no pulse has is cut to what a box does",
        arguments: [
            ("0", 100), ("0.04", 100), ("86400", 86_400_000), ("100000", 86_400_000), ("1e3", nil), ("-1", nil),
        ])
    func lengths(_ text: String, _ milliseconds: Int?) throws {
        let found = try? commands("relay1=2&pulseTime1=\(text)")
        #expect(found == milliseconds.map { [.relay(0, .pulse, .milliseconds($0))] })
    }

    @Test(
        "one bad argument, and none is done",
        arguments: [
            "relay1=6", "relay1=", "relay1", "relay1=-1", "relay1=on", "relay1=11", "relay1=0x1", "relay0=1",
            "relay5=1",
            "relay9=1", "relay1=%zz", "relay1=%31%zz", "relay1=3", "relay1State=4", "pulseTime1=x", "pulseTime9=1",
            "register1=", "register1=abc", "register1=1e5", "register1=NaN", "register1=inf", "register3=1",
            "register0=1", "register1=1000000000001", "count1=-1", "count1=1.5", "count3=1", "onTime2=0",
            "totalOnTime1=-1", "relay001=9", "register1=1.2.3", "register1=--1", "register1=-", "register1=.",
            "setpoint=hot", "redLamp=7", "relay1234=1", "relay99999999999999999999=1",
            "relay99999999999999999999State=1", "pulseTime99999999999999999999=1",
            "register9223372036854775807=1", "extvar9223372036854775807=1", "extvar99999999999999999999=1",
        ])
    func bad(_ query: String) throws {
        for whole in [query, "relay2=1&\(query)", "\(query)&relay2=1"] {
            #expect(throws: ControlByWebQuery.Mistake.self, "\(whole)") { _ = try commands(whole) }
        }
    }

    @Test(
        "a number in a notation that no box knows is not called none",
        arguments: [
            ("1e13", "'1e13' is to be written with digits and a point alone."), ("abc", "'abc' is not a number."),
            ("NaN", "'NaN' is not a number."),
        ])
    func notation(_ text: String, _ detail: String) throws {
        let box = try ControlByWebFixture.box(.x410, ", registers: [setpoint]")
        do throws(ControlByWebQuery.Mistake) {
            _ = try ControlByWebQuery("register1=\(text)", for: box)
            Issue.record("\(text) is taken")
        } catch {
            #expect(error == ControlByWebQuery.Mistake(argument: "register1", detail: detail))
        }
    }

    @Test("boxes without registers, inputs or a second relay take none of theirs")
    func limits() throws {
        for (profile, query) in [
            (ControlByWebConfiguration.Profile.xwr1r12, "relay2=1"), (.xwr1r12, "register1=1"),
            (.webrelayQuad, "count1=0"), (.webrelayQuad, "extvar0=1"), (.x310, "relay5State=1"),
            (.x332, "relay17State=1"),
        ] {
            #expect(throws: ControlByWebQuery.Mistake.self, "\(profile) \(query)") { _ = try commands(query, profile) }
        }
    }

    @Test("more than there can be is refused as a whole")
    func many() throws {
        let box = try ControlByWebFixture.box(.x410)
        let most = [String](repeating: "relay1=5", count: ControlByWebQuery.mostCommands)
        #expect(try ControlByWebQuery(most.joined(separator: "&"), for: box).commands.count == most.count)
        for words in [most + ["relay1=1"], [String](repeating: "a=b", count: 257)] {
            #expect(throws: ControlByWebQuery.Mistake.self) {
                _ = try ControlByWebQuery(words.joined(separator: "&"), for: box)
            }
        }
    }

    @Test("what is asked of the answer")
    func options() throws {
        let box = try ControlByWebFixture.box(.x410)
        let all = try ControlByWebQuery("NOREPLY=1&showunits=1&ShowColors=1&erase=1", for: box)
        #expect(all.hasNoReply && all.showsUnits && all.showsColors && all.commands.isEmpty)
        let none = try ControlByWebQuery("noReply=0&showUnits=&showColors=true", for: box)
        #expect(!none.hasNoReply && !none.showsUnits && !none.showsColors)
        #expect(try ControlByWebQuery("erase=1", for: box, isLog: true).commands == [.eraseLog])
        #expect(try ControlByWebQuery("erase=0", for: box, isLog: true).commands.isEmpty)
    }

    @Test("noise is never more than refused, and what is read is something that there is")
    func noise() throws {
        var generator = SeededGenerator(seed: 8)
        let box = try ControlByWebFixture.box(.x410, ControlByWebFixture.words(.x410))
        let pieces = [
            "relay", "1", "2", "State", "=", "&", "?", "%", "%3F", "pulseTime", "register", "count", "onTime", "0", ".",
            "-",
            "+", "é", "\u{0}", " ", "redLamp", "999", "noReply", "18446744073709551616",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            guard let query = try? ControlByWebQuery(text, for: box) else { continue }
            #expect(query.commands.allSatisfy { box.has($0) }, "\(text)")
        }
    }

    @Test("a number means the coil, whatever its contact feeds; a pulse restarts what is watched")
    func meaning() throws {
        let box = try ControlByWebFixture.box(.x410)
        let (lamp, router) = (box.relays[0], box.relays[2])
        #expect(lamp.command(.on, nil, watchdog: nil) == .on && router.command(.on, nil, watchdog: .pinging) == .off)
        #expect(lamp.command(.off, nil, watchdog: nil) == .off && router.command(.off, nil, watchdog: .pinging) == .on)
        #expect(lamp.command(.pulse, Self.five, watchdog: nil) == .pulse(Self.five, .on))
        #expect(lamp.command(.pulse, nil, watchdog: nil) == .pulse(nil, .on))
        #expect(router.command(.pulse, nil, watchdog: .pinging) == .pulse(.seconds(15), .off))
        #expect(router.command(.pulse, Self.five, watchdog: .pinging) == .pulse(Self.five, .off))
        #expect(router.command(.pulse, nil, watchdog: .disarmed) == .pulse(nil, .off))
        #expect(lamp.command(.toggle, nil, watchdog: nil) == .toggle)
        #expect(router.command(.disarm, nil, watchdog: .pinging) == .disarm)
        #expect(router.command(.rearm, nil, watchdog: .disarmed) == .rearm)
    }
}

extension ControlByWebBox {
    /// Whether there is what a command is about, in values that it takes.
    func has(_ command: ControlByWebCommand) -> Bool {
        switch command {
        case .relay(let index, let change, let length):
            relays.indices.contains(index) && (length == nil || change == .pulse)
                && length.map { ControlByWebQuery.pulseLengths.contains($0) } ?? true
        case .count(let index, let count): inputs.indices.contains(index) && count >= 0
        case .onTime(let index, let seconds), .totalOnTime(let index, let seconds):
            inputs.indices.contains(index) && seconds >= 0 && seconds.isFinite
        case .register(let index, let value): registers.indices.contains(index) && value.isFinite
        case .eraseLog: false
        }
    }
}
