import Platform
import Site
import Testing

@testable import Diagnose

@Suite("Setting right what was found")
struct RepairPlanTests {
    private static let document = DiagnosisDocument(
        version: "0", unit: nil, site: nil, time: "", milliseconds: 0,
        checks: [
            Finding(
                id: "network.link", verdict: .fail, evidence: "eth0 is on and has no link.",
                fix: .init("check the cable", command: "picli diagnose --watch --only network.link")),
            Finding(id: "router.reach", subject: "router", verdict: .fail, evidence: "silent", follows: "network.link"),
            Finding(id: "clock.set", verdict: .ok, evidence: "It is noon."),
            finding("/etc/a b", "644"), finding("/etc/c", "666"),
        ])

    private static func finding(_ path: String, _ mode: String) -> Finding {
        Finding(
            id: "identity.modes", subject: path, verdict: .fail, evidence: "open",
            fix: .init("close it", repair: .init(["chmod", "600", path], undo: ["chmod", mode, path])))
    }

    @Test("a check stands for all that it has found, a key for one of them")
    func plan() throws {
        let all = try RepairPlan(for: "identity.modes", in: Self.document)
        #expect(all.plan.steps.map(\.id) == ["repair-1", "repair-2"])
        #expect(all.undo == ["chmod 666 /etc/c", "chmod 644 '/etc/a b'"])
        let one = try RepairPlan(for: "identity.modes /etc/c", in: Self.document)
        guard case .command(let command) = try #require(one.plan.steps.first).action else {
            Issue.record("no command")
            return
        }
        #expect(command.command == Command("chmod", ["600", "/etc/c"], timeout: .seconds(60)))
    }

    @Test(
        "what cannot be set right from here says why",
        arguments: [
            ("network.link", "diagnose.by_hand", "check the cable"),
            ("router.reach", "diagnose.deeper", "picli diagnose --fix 'network.link'"),
            ("clock.set", "diagnose.well", "It is noon."),
        ])
    func refused(word: String, code: String, hint: String) {
        do throws(Failure) {
            _ = try RepairPlan(for: word, in: Self.document)
            Issue.record("\(word) was taken")
        } catch {
            #expect(error.code == code)
            #expect(error.hint == hint)
        }
    }

    @Test("names of findings begin with a check")
    func names() {
        #expect(RepairPlan.isName("identity.modes"))
        #expect(RepairPlan.isName("identity.modes /etc/c"))
        #expect(!RepairPlan.isName("identity"))
        #expect(!RepairPlan.isName("identity.modesty"))
    }

    @Test("an ordinary user is told to type sudo, where it is needed")
    func sudo() {
        var finding = Self.finding("/etc/c", "644")
        finding.fix?.command = "chmod 600 /etc/c"
        #expect(finding.typedByAnybody.fix?.command == "sudo chmod 600 /etc/c")
        finding.fix?.command = "networkctl reconfigure eth0"
        #expect(finding.typedByAnybody.fix?.command == "sudo networkctl reconfigure eth0")
        finding.fix?.command = "networkctl status eth0 --no-pager"
        #expect(finding.typedByAnybody == finding)
        finding.fix?.command = "picli sensors scan"
        #expect(finding.typedByAnybody == finding)
    }

    @Test("every word is typed so that a shell reads it as it is")
    func typed() {
        #expect(
            Finding.Repair(["systemctl", "start", #"run-picli\x2dlogs.mount"#]).typed
                == #"systemctl start 'run-picli\x2dlogs.mount'"#)
        #expect(Finding.Repair(["a", "it's"]).typed == #"a 'it'\''s'"#)
        #expect(Finding.Repair(["a"]).typedUndo == nil)
    }
}
