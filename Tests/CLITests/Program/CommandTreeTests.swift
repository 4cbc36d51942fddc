import ArgumentParser
import Foundation
import Testing

@testable import picli

/// Every command, found by walking the tree that the program itself has.
@Suite("The tree of commands")
struct CommandTreeTests {
    struct Node: CustomTestStringConvertible, Sendable {
        let path: String
        let type: any ParsableCommand.Type

        var testDescription: String { path }
        var isGroup: Bool { !type.configuration.subcommands.isEmpty }
    }

    static let nodes = walk(Picli.self, "picli")

    private static func walk(_ type: any ParsableCommand.Type, _ path: String) -> [Node] {
        [Node(path: path, type: type)]
            + type.configuration.subcommands.flatMap { walk($0, "\(path) \($0._commandName)") }
    }

    @Test("every command says in a sentence what it does", arguments: nodes)
    func abstract(node: Node) {
        let abstract = node.type.configuration.abstract
        #expect(abstract.first?.isUppercase == true)
        #expect(abstract.hasSuffix("."))
        #expect(abstract.count <= 72)
        #expect(node.type.configuration.shouldDisplay)
    }

    @Test("every command explains itself, with an example", arguments: nodes)
    func discussion(node: Node) {
        let discussion = node.type.configuration.discussion
        #expect(discussion.contains("\n  \(node.path) ") || discussion.contains("(\(node.path) "))
        #expect(discussion.count > 80)
    }

    @Test("the help of every command fits 80 columns and shows its whole path", arguments: nodes)
    func help(node: Node) throws {
        let help = Picli.helpMessage(for: node.type, columns: 80)
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(help)")
        #expect(help.contains("USAGE: \(node.path)"))
    }

    @Test("every option and argument has its help", arguments: nodes.filter { !$0.isGroup })
    func options(node: Node) throws {
        let help = Picli.helpMessage(for: node.type, columns: 80)
        var lines = help.split(separator: "\n").map(String.init)[...]
        while let line = lines.popFirst() {
            guard line.hasPrefix("  -") || line.hasPrefix("  <") else { continue }
            // A long label has its help on the next line, indented to the column of helps.
            let hasHelp =
                line.dropFirst(26).contains { $0 != " " }
                || lines.first?.hasPrefix("                          ") == true
            #expect(hasHelp, "\(line)")
        }
    }

    @Test("every command that answers takes --json", arguments: nodes.filter { !$0.isGroup })
    func json(node: Node) {
        // These answer with a document of their own form.
        let others = [
            "picli serve", "picli completions", "picli config schema", "picli readings export", "picli logs export",
            "picli ca export", "picli audit export", "picli relay run",
            "picli relay record", "picli root",
        ]
        let help = Picli.helpMessage(for: node.type, columns: 80)
        #expect(help.contains("--json") != others.contains(node.path))
    }

    @Test("docs/cli.md tells of every command", arguments: nodes)
    func documented(node: Node) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)
        #expect(text.contains("`\(node.path)"))
    }
}
