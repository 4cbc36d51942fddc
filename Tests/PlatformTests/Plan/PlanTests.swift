import TestSupport
import Testing

@testable import Platform

@Suite("Plans")
struct PlanTests {
    private func file(_ id: String, _ path: String) -> PlanStep {
        PlanStep(id, "Write.", .file(PlanFile(path, "text\n")))
    }

    @Test(
        "a path that is not absolute and plain is refused",
        arguments: [
            "etc/x", "/", "", "/a//b", "/a/../b", "/a/./b", "/a/", "/a\0b", "/" + String(repeating: "n", count: 241),
        ])
    func paths(path: String) {
        let failure = #expect(throws: Failure.self) { try Plan([file("a", path)]) }
        #expect(failure?.code == "plan.invalid")
    }

    @Test("an id that is used twice, or is none, is refused", arguments: [["a", "a"], [""], ["A"], ["a b"], ["a\n"]])
    func ids(ids: [String]) {
        #expect(throws: Failure.self) { try Plan(ids.map { file($0, "/etc/x") }) }
    }

    @Test("a command waits for earlier steps only")
    func order() throws {
        let command = PlanStep("run", "Run.", .command(PlanCommand(Command("true"), after: ["a"])))
        #expect(throws: Failure.self) { try Plan([command, file("a", "/x")]) }
        #expect(try Plan([file("a", "/x"), command]).steps.count == 2)
    }

    @Test("whatever differs between two steps makes another digest")
    func digests() {
        let file = PlanFile("/a", "x")
        var secret = file
        secret.mode = 0o600
        let command = Command("a", ["b", "c"])
        let steps: [PlanStep.Action] = [
            .file(file), .file(secret), .file(PlanFile("/a", "y")), .file(PlanFile("/b", "x")),
            .file(PlanFile("/a", "x", owner: .root)), .directory(path: "/a"), .directory(path: "/a", mode: 0o700),
            .absent(path: "/a"), .link(path: "/a", target: "b"), .link(path: "/a", target: "c"),
            .kernelValue(path: "/a", value: "x"), .command(PlanCommand(command)),
            .command(PlanCommand(Command("a", ["bc"]))), .command(PlanCommand(Command("a", ["b", "c"], input: []))),
            .command(PlanCommand(Command("a", ["b", "c"], input: [0]))),
            .command(PlanCommand(command, repetition: .once)), .command(PlanCommand(command, unless: command)),
        ]
        let digests = steps.map { PlanDigest.of(PlanStep("s", "Do.", $0)) }
        // Input that is empty and no input are the same to a program.
        #expect(Set(digests).count == steps.count - 1)
        #expect(PlanDigest.of(PlanStep("s", "Other words.", steps[0])) == digests[0])
    }
}

@Suite("What a plan would do")
struct PlanPreviewTests {
    private let plan = [
        PlanStep("folder", "Make it.", .directory(path: "/etc/app", mode: 0o750, owner: FileOwner("app"))),
        PlanStep("text", "Say it.", .file(PlanFile("/etc/app/a.conf", "one\ntwo\n"))),
        PlanStep("key", "Keep it.", .file(PlanFile("/etc/app/key", Array("s3cret".utf8), mode: 0o600, isSecret: true))),
        PlanStep("binary", "Draw it.", .file(PlanFile("/etc/app/b", [0, 1, 2]))),
        PlanStep("link", "Enable it.", .link(path: "/etc/app/on", target: "../a.conf")),
        PlanStep("old", "Forget it.", .absent(path: "/etc/app/old")),
        PlanStep("value", "Set it.", .kernelValue(path: "/proc/sys/x", value: "1 1"), scope: .liveOnly),
        PlanStep(
            "reload", "Tell it.",
            .command(
                PlanCommand(Command("app", ["reload", "a b"], input: Array("s3cret".utf8)), after: ["text"])),
            scope: .liveOnly),
        PlanStep("ask", "Ask it.", .command(PlanCommand(Command("app", ["go"]), unless: Command("app", ["is"])))),
    ]

    @Test("all of it on an empty system, as one text, with no secret in it")
    func fresh() throws {
        let preview = try PlanPreview(of: Plan(plan), on: MemoryState())
        #expect(
            preview.entries.map(\.change.rawValue) == [
                "create", "create", "create", "create", "create", "none", "create", "run", "ask",
            ])
        #expect(preview.changes == 8)
        #expect(
            preview.text == """
                # folder: Make it.
                # new directory /etc/app, mode 0750, owner app:app

                # text: Say it.
                # new file /etc/app/a.conf, mode 0644
                --- /dev/null
                +++ /etc/app/a.conf
                @@ -0,0 +1,2 @@
                +one
                +two

                # key: Keep it.
                # new file /etc/app/key, mode 0600
                --- /dev/null
                +++ /etc/app/key
                +(secret, 6 bytes)

                # binary: Draw it.
                # new file /etc/app/b, mode 0644
                --- /dev/null
                +++ /etc/app/b
                +(binary, 3 bytes)

                # link: Enable it.
                # link /etc/app/on to ../a.conf

                # value: Set it.
                --- /proc/sys/x
                +++ /proc/sys/x
                @@ -0,0 +1 @@
                +1 1

                # reload: Tell it.
                # run ["app", "reload", "a b"]
                # with 6 bytes of standard input

                # ask: Ask it.
                # run ["app", "go"]
                # unless ["app", "is"] succeeds

                """)
    }

    @Test("differences of content, mode and owner, and what is in the way")
    func differences() throws {
        let preview = try PlanPreview(
            of: Plan(plan),
            on: MemoryState([
                "/etc/app": PresentEntry(.directory, mode: 0o755),
                "/etc/app/a.conf": PresentEntry(.file(content: Array("one\nthree\n".utf8)), mode: 0o600),
                "/etc/app/key": PresentEntry(.file(content: Array("older s3cret".utf8)), mode: 0o600),
                "/etc/app/b": PresentEntry(.link(target: "/etc/shadow"), mode: 0o777),
                "/etc/app/on": PresentEntry(.link(target: "../a.conf"), mode: 0o777),
                "/etc/app/old": PresentEntry(.file(content: Array("old s3cret".utf8))),
                "/proc/sys/x": PresentEntry(.file(content: Array("1\t1\n".utf8))),
            ]))
        #expect(
            preview.entries.map(\.change.rawValue) == [
                "modify", "modify", "modify", "modify", "none", "remove", "none", "run", "ask",
            ])
        let text = preview.text
        #expect(text.contains("# directory /etc/app: mode 0755 to 0750, owner root:root to app:app\n"))
        #expect(text.contains("# file /etc/app/a.conf: mode 0600 to 0644\n--- /etc/app/a.conf\n"))
        #expect(text.contains(" one\n-three\n+two\n"))
        #expect(text.contains("-(secret, 12 bytes)\n+(secret, 6 bytes)\n"))
        #expect(text.contains("in the place of a link to /etc/shadow\n"))
        #expect(text.contains("# remove /etc/app/old (10 bytes)\n"))
        #expect(!text.contains("s3cret"))
    }

    @Test("on a mounted card, steps of the running system are skipped, and paths are those of this machine")
    func card() throws {
        let preview = try PlanPreview(of: Plan(plan), on: MemoryState(isLive: false))
        #expect(preview.entries.filter { $0.change == .skip }.map(\.id) == ["value", "reload"])
        #expect(preview.text.contains("+++ /mnt/etc/app/a.conf\n"))
        #expect(preview.text.contains("# value: Set it. Skipped: it is about the running system.\n"))
    }

    @Test("nothing at all when all is so already")
    func done() throws {
        let step = PlanStep("text", "Say it.", .file(PlanFile("/a", "x", owner: .root)))
        let state = MemoryState(["/a": PresentEntry(.file(content: [UInt8(ascii: "x")]))])
        let preview = try PlanPreview(of: Plan([step]), on: state)
        #expect(preview.changes == 0 && preview.text.isEmpty)
    }
}
