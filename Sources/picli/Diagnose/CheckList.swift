import Diagnose

/// The answer of `picli diagnose --list-checks`.
struct CheckList: Answer {
    struct Entry: Encodable {
        let id: String
        let title: String
    }

    var schema = 1
    let checks: [Entry]

    init() { checks = Catalogue.checks.map { Entry(id: $0.id, title: $0.title) } }

    func text(for terminal: Terminal) -> String {
        var table = Table([.init(title: "CHECK"), .init(title: "IT IS WELL WHEN")])
        for check in checks { table.append([check.id, check.title]) }
        return table.text(for: terminal)
    }
}
