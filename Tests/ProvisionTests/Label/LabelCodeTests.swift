import Platform
import TestSupport
import Testing

@testable import Provision

@Suite("QR codes of labels")
struct LabelCodeTests {
    private func drawing(_ text: String) async throws -> [UInt8] {
        try await LabelFixtures.runner.run(
            Command("qrencode", ["--level=M", "--margin=4", "--type=ASCII", "--output=-"], input: Array(text.utf8))
        ).output
    }

    @Test("a code has the size of the standard's table for its text, and the text is in no argument")
    func size() async throws {
        let commands = Scripted()
        let code = try await QRCode("https://192.168.1.10/setup#7K3M92QF", runner: commands)
        // 35 bytes at level M: version 3 holds 42.
        #expect(code.side == 29)
        #expect(commands.seen.allSatisfy { !$0.contains("7K3M") } && !commands.seen.isEmpty)
    }

    /// Runs programs, and keeps how.
    private final class Scripted: CommandRunner {
        private let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }, answer: { _ in CommandResult() })
        var seen: [String] { commands.ran }

        func run(_ command: Command) async throws -> CommandResult {
            _ = try await commands.run(command)
            return try await LabelFixtures.runner.run(command)
        }
    }

    @Test("the path covers the dark modules, each once")
    func path() async throws {
        let code = try await QRCode("https://unit.example/", runner: LabelFixtures.runner)
        var dark: [[Bool]] = Array(repeating: Array(repeating: false, count: code.side), count: code.side)
        for run in code.path.split(separator: "M") {
            // x y h LENGTH v1 h-LENGTH z
            let numbers = run.split { !$0.isNumber }.compactMap { Int($0) }
            let (x, y, length) = (numbers[0], numbers[1], numbers[2])
            #expect(run == "\(x) \(y)h\(length)v1h-\(length)z")
            for column in x..<x + length {
                #expect(!dark[y][column])
                dark[y][column] = true
            }
        }
        #expect(dark == code.modules)
    }

    @Test("a drawing that was damaged anywhere near its marks is refused")
    func damaged() async throws {
        let good = try await drawing("https://unit.example/")
        #expect(QRCode(drawing: good) != nil)
        let lines = good.split(separator: UInt8(ascii: "\n"))
        let joined = { (lines: [ArraySlice<UInt8>]) in lines.flatMap { $0 + [UInt8(ascii: "\n")] } }
        #expect(joined(Array(lines)) == good)
        var wrong: [[UInt8]] = [
            [], Array(good.dropLast()), good + good, Array(good.dropFirst()), joined(Array(lines.dropFirst())),
            joined(Array(lines.reversed())), joined(lines.map { $0.dropLast() }), joined(lines.map { $0.dropLast(2) }),
            joined(lines.map { $0 + Array("  ".utf8) }), good.map { $0 == UInt8(ascii: "#") ? UInt8(ascii: "*") : $0 },
            good.map { $0 == UInt8(ascii: "#") ? UInt8(ascii: " ") : UInt8(ascii: "#") }, good + [10],
            good.filter { $0 != 10 }, Array("qrencode: error\n".utf8),
        ]
        // One column of a module, a module of the quiet zone, one of a finder.
        for place in [0, good.count / 2, 8 + 4 * 67 + 2] {
            var damaged = good
            damaged[place] = damaged[place] == UInt8(ascii: "#") ? UInt8(ascii: " ") : UInt8(ascii: "#")
            wrong.append(damaged)
        }
        for (index, bytes) in wrong.enumerated() { #expect(QRCode(drawing: bytes) == nil, "\(index)") }
    }

    @Test("noise is refused", arguments: 0..<50)
    func noise(_: Int) {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<Int.random(in: 0...5000, using: &random)).map { _ in
            Array("# \n\u{0}x".utf8).randomElement(using: &random) ?? 0
        }
        #expect(QRCode(drawing: bytes) == nil)
        #expect(LabelPNG.withResolution(bytes, 1, 1) == nil)
    }

    @Test("a program that is missing is named, with the package that has it")
    func missing() async throws {
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            throw CommandError(program: command.program, reason: .notFound)
        }
        await #expect(
            throws: Failure(
                "label.program", "The label cannot be drawn: qrencode is not installed.",
                hint: "apt-get install qrencode")
        ) { try await QRCode("x", runner: commands) }
        let code = try await QRCode("x", runner: LabelFixtures.runner)
        let label = LabelSVG(try LabelFixtures.content(), code: code)
        await #expect(
            throws: Failure(
                "label.program", "The label cannot be drawn: rsvg-convert is not installed.",
                hint: "apt-get install librsvg2-bin")
        ) { try await LabelPNG(label, runner: commands) }
    }

    @Test("a program that draws something else, or too much, is not believed")
    func wrongAnswer() async throws {
        for result in [CommandResult(), CommandResult(output: Array("hello\n".utf8)), CommandResult(isTruncated: true)]
        {
            let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }, answer: { _ in result })
            await #expect { try await QRCode("x", runner: commands) } throws: {
                ($0 as? Failure)?.code == "label.program"
            }
            let code = try await QRCode("x", runner: LabelFixtures.runner)
            let label = LabelSVG(try LabelFixtures.content(), code: code)
            await #expect { try await LabelPNG(label, runner: commands) } throws: {
                ($0 as? Failure)?.code == "label.program"
            }
        }
    }
}
