import Foundation
import Site
import Testing

/// A running unit, asked by net-snmp's own tools through its own agent, all of them on loopback.
@Suite("SNMP by net-snmp's tools", .serialized)
struct SNMPTests {
    private static let programs = [
        "/usr/sbin/snmpd", "/usr/bin/snmpget", "/usr/bin/snmptranslate", "/usr/sbin/snmptrapd", "/usr/bin/smilint",
    ]
    /// The agent's file has an owner, which only root can give it.
    private static let isThere =
        getuid() == 0 && programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
        || ProcessInfo.processInfo.environment["CI"] != nil

    private static func site(_ port: Int, _ more: String) -> String {
        """
        site: { name: Trailer 42 }
        sensors:
          - { id: enclosure, name: Enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: outside, name: Outside, chip: ds18b20, address: 28-0000075ff6b2, enabled: false }
        relays:
          - { id: router, name: Router, line: GPIO5, contact: nc, active: low, boot: on }
          - { id: strobe, name: Strobe, line: GPIO27 }
        inputs: [ { id: flow, name: Flow meter, line: GPIO24 } ]
        compatibility:
          snmp: { allow: [127.0.0.1/32], port: \(port), user: nms, auth: nms-auth, privacy: nms-privacy, \(more) }
        """
    }

    @Test("the module is valid", .enabled(if: isThere, "smilint is missing: make setup"))
    func module() async throws {
        let run = try await Run.program(
            URL(filePath: "/usr/bin/smilint"), ["-l", "4", "-s", SNMPAgent.module.path],
            environment: ["SMIPATH": SNMPAgent.modules.path])
        #expect(run.status == 0 && run.output.isEmpty && run.error.isEmpty, "\(run)")
    }

    @Test(
        "net-snmp's tools find each object where the unit has it", .enabled(if: isThere, "snmp is missing: make setup"))
    func names() async throws {
        // The tools say so when they have to make it.
        let state = FileManager.default.temporaryDirectory.appending(path: "picli-snmp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: state.appending(path: "cert_indexes"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: state) }
        for (name, number) in [
            ("picliMIB", ""), ("picliRelayChanged", ".0.1"), ("picliEventRaised", ".0.3"),
            ("picliSiteName.0", ".1.1.1.0"),
            ("picliRelayState.2", ".1.2.1.4.2"), ("picliRelayCycles.2", ".1.2.1.5.2"),
            ("picliInputOnTime.1", ".1.3.1.6.1"), ("picliSensorStatus.3", ".1.4.1.7.3"),
            ("picliEventMessage.0", ".1.5.4.0"),
        ] {
            let run = try await Run.program(
                URL(filePath: "/usr/bin/snmptranslate"),
                ["-m", "PICLI-MIB", "-M", SNMPAgent.folders, "-On", "PICLI-MIB::\(name)"],
                environment: ["SNMP_PERSISTENT_DIR": state.path])
            #expect(run.output == ".1.3.6.1.4.1.8072.9999.9999.7425\(number)\n" && run.error.isEmpty, "\(run)")
        }
    }

    @Test(
        "v3 reads everything of the unit and nothing else, and nobody without the passphrases reads anything",
        .enabled(if: isThere, "snmpd is missing: make setup"), .timeLimit(.minutes(1)))
    func reading() async throws {
        try await SNMPAgent.with({ Self.site($0, "write: false") }) { agent in
            #expect(try await agent.get("PICLI-MIB::picliSiteName.0") == "Trailer 42")
            #expect(try await agent.get("PICLI-MIB::picliRelayState.1") == "on")
            #expect(try await agent.get("PICLI-MIB::picliRelayState.2") == "off")
            #expect(try await agent.get("PICLI-MIB::picliRelayId.2") == "strobe")
            #expect(try await agent.get("PICLI-MIB::picliInputName.1") == "Flow meter")
            #expect(try await agent.get("PICLI-MIB::picliSensorStatus.1") == "ok")
            #expect(try await agent.get("PICLI-MIB::picliSensorUnit.1") == "°C")
            #expect(try await agent.get("PICLI-MIB::picliSensorStatus.2") == "disabled")
            #expect(try await agent.get("PICLI-MIB::picliSensorValue.2").contains("No Such Instance"))
            let value = try #require(Double(try await agent.get("PICLI-MIB::picliSensorValue.1")))
            let thousandths = try #require(Double(try await agent.get("PICLI-MIB::picliSensorMilli.1")))
            #expect((-40...85).contains(value) && abs(thousandths / 1000 - value) < 5)
            let walk = try await agent.run("snmpwalk", [agent.address, "PICLI-MIB::picliMIB"])
            let bulk = try await agent.run("snmpbulkwalk", [agent.address, "PICLI-MIB::picliMIB"])
            let names = { (run: Run) in run.output.split(separator: "\n").map { $0.prefix { $0 != " " } } }
            #expect(names(walk).count > 20 && names(walk) == names(bulk), "\(walk)\n\(bulk)")
            #expect(try await agent.get("1.3.6.1.2.1.1.5.0") == "trailer-42")
            // What else an agent tells of a machine: its processes.
            let processes = try await agent.run("snmpwalk", [agent.address, "1.3.6.1.2.1.25"])
            #expect(processes.output.contains("No Such Object") || processes.output.contains("No more variables"))
            for settings in [
                // Without the method that signs, the tool makes no key of the other passphrase, and asks nobody.
                ["-A", "wrong-passphrase"], ["-a", "SHA-256", "-X", "wrong-passphrase"], ["-l", "authNoPriv"],
                ["-u", "other"],
            ] {
                let run = try await agent.run("snmpget", settings + [agent.address, "PICLI-MIB::picliSiteName.0"])
                #expect(run.status != 0 && !run.output.contains("Trailer"), "\(settings): \(run)")
            }
            let community = try await agent.run(
                "snmpget", ["-v", "2c", "-c", "public", "-t", "0.5", agent.address, "PICLI-MIB::picliSiteName.0"])
            #expect(community.status != 0, "\(community)")
            let set = try await agent.run("snmpset", [agent.address, "PICLI-MIB::picliRelayState.2", "i", "1"])
            #expect(set.status != 0 && set.error.contains("noAccess"), "\(set)")
        }
    }

    @Test(
        "where it may, v3 switches by the one door; v2c reads alone; changes are told by trap and inform",
        .enabled(if: isThere, "snmpd is missing: make setup"), .timeLimit(.minutes(1)))
    func writing() async throws {
        try await SNMPReceiver.with { receiver in
            let more =
                "write: true, community: nms-reader, traps: [{ to: 127.0.0.1, port: \(receiver.port), version: v2c }, { to: 127.0.0.1, port: \(receiver.port), inform: true, engine: \"\(SNMPReceiver.engine)\" }, { to: 127.0.0.1, port: \(receiver.port) }]"
            try await SNMPAgent.with({ Self.site($0, more) }) { agent in
                let v2c = ["-v", "2c", "-c", "trailer42-reads"]
                #expect(try await agent.get("PICLI-MIB::picliRelayState.2", v2c) == "off")
                let refused = try await agent.run(
                    "snmpset", v2c + ["-t", "0.5", agent.address, "PICLI-MIB::picliRelayState.2", "i", "1"])
                #expect(refused.status != 0)
                let unknown = try await agent.run(
                    "snmpset", [agent.address, "PICLI-MIB::picliRelayState.2", "i", "3"])
                #expect(unknown.status != 0 && unknown.error.contains("wrongValue"), "\(unknown)")
                let name = try await agent.run("snmpset", [agent.address, "PICLI-MIB::picliRelayName.2", "s", "x"])
                #expect(name.status != 0)
                let set = try await agent.run("snmpset", [agent.address, "PICLI-MIB::picliRelayState.2", "i", "1"])
                #expect(set.status == 0, "\(set)")
                #expect(try await agent.get("PICLI-MIB::picliRelayState.2") == "on")
                try await eventually("a trap of each version and an inform") {
                    receiver.count("picliRelayChanged") >= 3
                }
                #expect(receiver.text.contains("Strobe"), "\(receiver.text)")
                let audit = try await Run.picli(["audit", "list", "--state", agent.unit.state.path])
                #expect(audit.output.contains("relay.on") && audit.output.contains("SNMP agent"), "\(audit)")
                // Each once, as what is told next shows.
                let off = try await agent.run("snmpset", [agent.address, "PICLI-MIB::picliRelayState.2", "i", "2"])
                #expect(off.status == 0, "\(off)")
                try await eventually("they come again") { receiver.count("picliRelayChanged") >= 6 }
                #expect(receiver.count("picliRelayChanged") == 6, "\(receiver.text)")
            }
        }
    }

    @Test(
        "an inform reaches a receiver that was not there when the agent started, if its number is known",
        .enabled(if: isThere, "snmpd is missing: make setup"), .timeLimit(.minutes(1)))
    func lateReceiver() async throws {
        let port = try Unit.freePort()
        let more =
            "write: true, traps: [{ to: 127.0.0.1, port: \(port), inform: true, engine: \"\(SNMPReceiver.engine)\" }]"
        try await SNMPAgent.with({ Self.site($0, more) }) { agent in
            try await SNMPReceiver.with(port: port) { receiver in
                let set = try await agent.run("snmpset", [agent.address, "PICLI-MIB::picliRelayState.2", "i", "1"])
                #expect(set.status == 0, "\(set)")
                try await eventually("the inform") { receiver.count("picliRelayChanged") == 1 }
            }
        }
    }

    @Test(
        "a passphrase that was changed is the one that counts, and the old one is none any more",
        .enabled(if: isThere, "snmpd is missing: make setup"), .timeLimit(.minutes(1)))
    func passphrase() async throws {
        try await SNMPAgent.with({ Self.site($0, "write: false") }) { agent in
            try await agent.change("correct-horse-battery", to: "another-horse-battery")
            let new = ["-A", "another-horse-battery"]
            try await eventually("the new passphrase is taken", within: .seconds(20)) {
                try await agent.get("PICLI-MIB::picliSiteName.0", new) == "Trailer 42"
            }
            let old = try await agent.run("snmpget", [agent.address, "PICLI-MIB::picliSiteName.0"])
            #expect(old.status != 0 && !old.output.contains("Trailer"), "\(old)")
        }
    }

    @Test(
        "who was away is found again: the agent after the unit, and the unit after the agent",
        .enabled(if: isThere, "snmpd is missing: make setup"), .timeLimit(.minutes(1)))
    func restarts() async throws {
        try await SNMPAgent.with({ Self.site($0, "write: false") }) { agent in
            let number = try await agent.get("1.3.6.1.6.3.10.2.1.1.0")
            #expect(number.count > 10)
            try await agent.restart()
            try await eventually("the agent has the unit again", within: .seconds(20)) {
                try await agent.get("PICLI-MIB::picliSiteName.0") == "Trailer 42"
            }
            // By which receivers of v3 traps know it.
            #expect(try await agent.get("1.3.6.1.6.3.10.2.1.1.0") == number)
            _ = try await agent.unit.stop()
            try await eventually("the agent says that there is nothing") {
                try await agent.get("PICLI-MIB::picliSiteName.0").contains("No Such")
            }
        }
    }
}
