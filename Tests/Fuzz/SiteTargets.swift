import Site

extension FuzzTarget {
    static let site = [
        FuzzTarget(name: "site-file") {
            try Fixture.files("Tests/SiteTests/Corpus", [".yaml"], limit: 300)
        } read: { bytes in
            guard let site = SiteFile.parse(bytes: bytes).value else { return }
            let again = SiteFile.parse(site.canonical())
            require(again.value == site, "the canonical text reads otherwise: \(again.diagnostics)")
        },
        FuzzTarget(name: "words") {
            [
                "2026-09-21T13:33:10.250Z", "\"words in a row\" -not link down", "anna.b_c", "90s", "192.0.2.10/24",
                "2001:db8::1",
            ].map { Array($0.utf8) }
        } read: { bytes in
            let text = text(bytes)
            if let time = ISO8601.milliseconds(text) { _ = ISO8601.string(milliseconds: time) }
            if let name = UserName(text) { require(UserName(name.description) == name, "\(name) is another name") }
            let search = LogSearch(text)
            _ = search.finds(
                LogLine(
                    received: Timestamp(wall: 0, boot: 1, monotonic: 0, isTrusted: true), claimed: nil, host: nil,
                    source: "192.0.2.1", facility: .user, severity: .notice, program: "sshd", text: text))
            _ = UnitID(text)
            _ = DatabaseID(text)
            _ = Metric(name: text, unit: Unit(rawValue: text), isSimulated: false)
        },
    ]
}
