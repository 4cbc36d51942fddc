import Foundation
import Testing

/// `picli provision` on a mounted card, with an authority, openssl and the QR reader as judges.
@Suite("picli provision")
struct ProvisionCommandTests {
    private let folder: Folder
    private let card: Card

    init() async throws {
        folder = try Folder()
        card = try Card(in: folder, named: "card")
        try folder.write("secret", "correct horse battery\n")
        try folder.write("site.yaml", Self.site)
        try await Self.authority.value.copy(to: folder.path + "/ca")
    }

    /// Its passphrase makes an authority the work of seconds: one is made, and each test has a copy of it.
    private static let authority = Task { try await Authority() }

    /// The files of a new authority.
    private struct Authority: Sendable {
        private let files: [(name: String, content: Data, mode: Int)]

        init() async throws {
            let folder = try Folder()
            try folder.write("secret", "correct horse battery\n")
            let path = folder.path + "/ca"
            let made = try await Binary.run(
                "ca", "init", path, "--name", "Acme", "--passphrase-file", folder.path + "/secret")
            try #require(made.status == 0, "\(made)")
            files = try FileManager.default.contentsOfDirectory(atPath: path).map { name in
                let file = "\(path)/\(name)"
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                return (name, try Data(contentsOf: URL(filePath: file)), try #require(mode))
            }
        }

        func copy(to path: String) throws {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            for (name, content, mode) in files {
                let file = "\(path)/\(name)"
                try content.write(to: URL(filePath: file))
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            }
        }
    }

    private static let site = """
        # A comment that stays.
        site: { name: Trailer 42, deployment: acme-2026-03 }
        network: { unit: 192.0.2.10/24, router: { address: 192.0.2.1 }, camera: { address: 192.0.2.3 } }
        sensors:
          - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: camera-power, chip: ina260, bus: 1, address: 0x40 }
        relays:
          - { id: strobe, line: GPIO27, contact: no, boot: off }
        storage: { share: camera }
        """

    private var secret: String { folder.path + "/secret" }
    private var authority: [String] { ["--ca", folder.path + "/ca", "--passphrase-file", secret] }

    private func provision(_ card: Card, _ arguments: String...) async throws -> Binary.Result {
        try await Binary.run(
            Binary.path,
            ["provision", "--root", card.path, "--site", folder.path + "/site.yaml", "--yes", "--json"] + arguments)
    }

    private func document(_ result: Binary.Result) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result)")
    }

    @Test("a card becomes a unit: identity, site file, boot, certificates, token, label, sheet, register")
    func whole() async throws {
        let (label, sheet) = (folder.path + "/label.png", folder.path + "/sheet.html")
        let made = try await provision(
            card, arguments: authority + ["--unit", "pi-7k3m92qf", "--label", label, "--sheet", sheet])
        #expect(made.status == 0, "\(made)")
        let answer = try document(made)
        let identity = try #require(answer["identity"] as? [String: Any])
        #expect(identity["unit"] as? String == "pi-7k3m92qf")
        #expect(identity["site"] as? String == "Trailer 42")
        #expect((identity["databases"] as? [Any])?.count == 3)
        #expect(try card.text("etc/picli/site.yaml") == Self.site)
        #expect(card.mode("etc/picli/site.yaml") == 0o640)
        #expect(card.mode("var/lib/picli") == 0o750)
        #expect(card.mode("var/lib/picli/identity/device.key") == 0o600)
        let config = try card.text("boot/firmware/config.txt")
        #expect(config.hasPrefix("# mine\ndtparam=audio=on\n") && config.contains("dtoverlay=w1-gpio"))
        let verified = try await Binary.shell(
            """
            cd \(card.path)/var/lib/picli/identity
            for role in device web; do openssl verify -x509_strict -CAfile ca.crt -untrusted $role.crt $role.crt; done
            openssl x509 -in device.crt -noout -subject -ext subjectAltName
            """)
        #expect(verified.output.hasPrefix("device.crt: OK\nweb.crt: OK\n"), "\(verified)")
        #expect(verified.output.contains("CN = pi-7k3m92qf") && verified.output.contains("urn:picli:unit:pi-7k3m92qf"))
        // The label opens the unit, so it is for its owner only; the unit keeps a hash.
        let setup = try #require(answer["setup"] as? [String: Any])
        let url = try #require(setup["url"] as? String)
        #expect(url.hasPrefix("https://192.0.2.10/setup#"))
        let read = try await Binary.shell("zbarimg --quiet --raw \(label); stat -c %a \(label) \(sheet)")
        #expect(read.output == "\(url)\n600\n600\n", "\(read)")
        let token = try #require(setup["token"] as? String)
        let kept = try card.text("var/lib/picli/identity/setup-token")
        #expect(kept.hasPrefix("sha256:") && !made.error.contains(token))
        for file in card.files { #expect(try !card.data(file).contains(Data(token.utf8)), "\(file)") }
        #expect(try String(contentsOfFile: sheet, encoding: .utf8).contains("192.0.2.1"))
        let register = try await Binary.run(Binary.path, ["ca", "list", "--ca", folder.path + "/ca", "--json"])
        #expect(register.output.contains("pi-7k3m92qf"), "\(register)")
        let history = try await Binary.run(
            Binary.path, ["ca", "export", "--csv", "--ca", folder.path + "/ca"])
        #expect(history.output.contains(",provisioned,"), "\(history)")
    }

    @Test("given once more it changes nothing, and shows no token")
    func again() async throws {
        let label = ["--label", folder.path + "/label.svg"]
        _ = try await provision(card, arguments: authority + label)
        let before = try card.contents()
        let paper = try Data(contentsOf: URL(filePath: folder.path + "/label.svg"))
        let second = try await provision(card, arguments: authority + label)
        // The one with the token, which nobody can print again.
        #expect(try Data(contentsOf: URL(filePath: folder.path + "/label.svg")) == paper)
        #expect(second.status == 0, "\(second)")
        let answer = try document(second)
        #expect(answer["changes"] as? Int == 0, "\(second)")
        let setup = try #require(answer["setup"] as? [String: Any])
        #expect(setup["token"] == nil && setup["awaitsLogin"] as? Bool == true)
        #expect((setup["page"] as? String)?.hasSuffix("/setup") == true, "\(setup)")
        #expect(try card.contents() == before)
        let third = try await provision(card, arguments: authority + ["--new-token"])
        #expect((try document(third)["setup"] as? [String: Any])?["token"] != nil)
    }

    @Test("a dry run shows all of it, no secret, and touches nothing")
    func dry() async throws {
        let before = try card.contents()
        try folder.write("secrets.yaml", "camera: hush-hush\n")
        let run = try await Binary.run(
            Binary.path,
            ["provision", "--root", card.path, "--site", folder.path + "/site.yaml", "--yes", "--dry-run"] + authority
                + ["--secrets", folder.path + "/secrets.yaml"])
        #expect(run.status == 0, "\(run)")
        #expect(run.output.contains("+dtoverlay=w1-gpio") && run.output.contains("# identity.key: "))
        #expect(!run.output.contains("hush-hush"))
        #expect(try card.contents() == before)
    }

    @Test("killed again and again, the same command ends with the same unit", .timeLimit(.minutes(3)))
    func killed() async throws {
        let command =
            "$PICLI provision --root \(card.path) --site \(folder.path)/site.yaml --yes --json "
            + (authority + ["--unit", "pi-killed"]).joined(separator: " ")
        for tenths in stride(from: 1, through: 19, by: 2) {
            _ = try await Binary.shell("timeout -s KILL 0.\(tenths < 10 ? "\(tenths)" : "9") \(command)")
            _ = try await Binary.shell("timeout -s KILL 1.\(tenths / 2) \(command)")
        }
        let last = try await Binary.shell(command)
        #expect(last.status == 0, "\(last)")
        let checked = try await Binary.shell(
            "$PICLI identity verify --root \(card.path) && $PICLI provision check-boot --root \(card.path)")
        #expect(checked.status == 0, "\(checked)")
        #expect(try card.text("etc/picli/site.yaml") == Self.site)
        #expect(card.files.allSatisfy { !$0.hasSuffix(".new") && !$0.contains("picli-new") }, "\(card.files)")
        // An interrupted run never leaves a second unit behind.
        let list = try await Binary.run(Binary.path, ["ca", "export", "--csv", "--ca", folder.path + "/ca"])
        #expect(
            !list.output.split(separator: "\n").dropFirst().contains {
                $0.contains(",signed,") && !$0.contains("pi-killed")
            })
    }

    @Test("a card without what it takes is refused with what to do", arguments: Refusal.allCases)
    func refused(_ refusal: Refusal) async throws {
        var arguments = authority
        switch refusal {
        case .foreign: try card.write("etc/os-release", "ID=alpine\nPRETTY_NAME=\"Alpine Linux v3.20\"\n")
        case .empty:
            try FileManager.default.removeItem(atPath: card.path + "/boot")
            try FileManager.default.removeItem(atPath: card.path + "/etc/os-release")
        case .otherSite:
            _ = try await provision(card, arguments: authority)
            try folder.write("site.yaml", "site: { name: Trailer 43 }\n")
        case .otherUnit:
            _ = try await provision(card, arguments: authority + ["--unit", "pi-one"])
            arguments += ["--unit", "pi-two"]
        case .clone:
            _ = try await provision(card, arguments: authority + ["--board-serial", "10000000aaaaaaaa"])
            arguments += ["--board-serial", "10000000bbbbbbbb"]
        case .otherAuthority:
            _ = try await provision(card, arguments: authority)
            let other = folder.path + "/other"
            _ = try await Binary.run("ca", "init", other, "--name", "Other", "--passphrase-file", secret)
            arguments = ["--ca", other, "--passphrase-file", secret]
        case .link:
            try card.write("var/lib/picli/lock", "")
            try FileManager.default.createSymbolicLink(
                atPath: card.path + "/var/lib/picli/identity", withDestinationPath: "/etc")
        }
        let before = try card.contents()
        let run = try await provision(card, arguments: arguments)
        #expect(run.status == 64, "\(run)")
        #expect(run.failure?["code"] as? String == "provision.\(refusal.rawValue)", "\(run)")
        #expect((run.failure?["hint"] as? String)?.isEmpty == false)
        #expect(try card.contents() == before)
        // Every attempt has its row, also one that ended before anything was done.
        let register = try await Binary.run("ca", "export", "--csv", "--ca", arguments[1])
        #expect(register.output.contains("provision.\(refusal.rawValue)"), "\(register)")
    }

    enum Refusal: String, CaseIterable {
        case foreign = "foreignImage"
        case empty = "noSystem"
        case otherSite, otherUnit, clone, otherAuthority, link
    }

    @Test("a copied card is taken over: new identity, old databases set aside, old certificate left to its unit")
    func reclaim() async throws {
        _ = try await provision(
            card, arguments: authority + ["--board-serial", "10000000aaaaaaaa", "--unit", "pi-old"])
        try card.write("var/lib/picli/history.sqlite", "old history")
        try card.write("var/lib/picli/history.sqlite-wal", "old log")
        let key = try card.data("var/lib/picli/identity/device.key")
        let taken = try await provision(
            card, arguments: authority + ["--board-serial", "10000000bbbbbbbb", "--reclaim"])
        #expect(taken.status == 0, "\(taken)")
        let identity = try #require(try document(taken)["identity"] as? [String: Any])
        #expect(identity["previousUnit"] as? String == "pi-old")
        let unit = try #require(identity["unit"] as? String)
        #expect(unit != "pi-old")
        let databases = try #require(identity["databases"] as? [[String: Any]])
        #expect(databases.allSatisfy { $0["predecessor"] != nil })
        #expect(try card.text("var/lib/picli/history.sqlite.pi-old") == "old history")
        #expect(try card.text("var/lib/picli/history.sqlite.pi-old-wal") == "old log")
        #expect(try card.data("var/lib/picli/identity/device.key") != key)
        let again = try await provision(
            card, arguments: authority + ["--board-serial", "10000000bbbbbbbb", "--reclaim"])
        #expect(try document(again)["changes"] as? Int == 0, "\(again)")
        let list = try await Binary.run(Binary.path, ["ca", "export", "--csv", "--ca", folder.path + "/ca"])
        #expect(!list.output.contains(",revoked,"), "\(list)")
    }

    @Test("a request goes out, and the certificate of another authority comes in")
    func elsewhere() async throws {
        let csr = folder.path + "/unit.csr"
        let asked = try await provision(card, "--csr-out", csr)
        #expect(asked.status == 0, "\(asked)")
        #expect(try document(asked)["request"] as? String == csr)
        // openssl is an authority as any other: it copies what the request names.
        let signed = try await Binary.shell(
            """
            cd \(folder.path)
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout r.key -out r.crt -days 9000 \
              -subj /CN=Other -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign 2>/dev/null
            printf 'basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n' > ext
            openssl x509 -req -in unit.csr -CA r.crt -CAkey r.key -days 3650 -copy_extensions copy -extfile ext \
              -out unit.crt
            """)
        #expect(signed.status == 0, "\(signed)")
        let installed = try await provision(
            card, "--certificate", folder.path + "/unit.crt", "--ca-certificate", folder.path + "/r.crt")
        #expect(installed.status == 0, "\(installed)")
        let verified = try await Binary.shell("$PICLI identity verify --root \(card.path)")
        #expect(verified.status == 0, "\(verified)")
        let wrong = try Card(in: folder, named: "wrong")
        let refused = try await provision(
            wrong, "--certificate", folder.path + "/unit.crt", "--ca-certificate", folder.path + "/r.crt")
        #expect(refused.status != 0 && refused.failure?["code"] as? String == "certificate.key", "\(refused)")
    }

    @Test("a table of cards: each gets its unit, one that fails stops no other, a second run changes nothing")
    func batch() async throws {
        let cards = try (1...3).map { try Card(in: folder, named: "card\($0)") }
        try cards[1].write("etc/os-release", "ID=alpine\n")
        try folder.write(
            "cards.csv",
            "\u{FEFF}unit,root,label\r\npi-a,\(cards[0].path),\(folder.path)/a.svg\r\npi-b,\"\(cards[1].path)\",\r\n\r\npi-c,\(cards[2].path),\n"
        )
        let arguments =
            [
                "provision", "--batch", folder.path + "/cards.csv", "--site", folder.path + "/site.yaml", "--yes",
                "--json",
            ]
            + authority
        let run = try await Binary.run(Binary.path, arguments)
        #expect(run.status == 1 && run.failure?["code"] as? String == "batch.someFailed", "\(run)")
        let units = try #require(try document(run)["units"] as? [[String: Any]])
        #expect(units.map { $0["code"] as? String } == [nil, "provision.foreignImage", nil], "\(run)")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/a.svg"))
        try cards[1].write("etc/os-release", "ID=debian\n")
        let second = try await Binary.run(Binary.path, arguments)
        #expect(second.status == 0, "\(second)")
        let after = try #require(try document(second)["units"] as? [[String: Any]])
        #expect(after.map { $0["changes"] as? Int == 0 } == [true, false, true], "\(second)")
    }

    @Test(
        "a table that cannot be meant so is refused with its line",
        arguments: [
            ("", 1), ("unit\npi-a\n", 1), ("root,colour\n/x,red\n", 1), ("root,unit\n/x\n", 2),
            ("root\n\n\"\"\n,\n", 4),
            ("root,unit\n/x,PI A\n", 2), ("root\n/x\n/x\n", 3), ("root,board\n/x,0000\n", 2),
        ])
    func badTable(text: String, line: Int) async throws {
        try folder.write("cards.csv", text)
        let run = try await Binary.run(
            "provision", "--batch", folder.path + "/cards.csv", "--site", folder.path + "/site.yaml", "--yes", "--json")
        #expect(run.status == 64 && run.failure?["code"] as? String == "batch.invalid", "\(run)")
        #expect((run.failure?["message"] as? String)?.contains("cards.csv:\(line): ") == true, "\(run)")
    }

    @Test("at a terminal it asks, says what is wrong with an answer, and makes a site file that holds")
    func questions() async throws {
        let answers = [
            "", "Trailer \"7\"", "Mars/Base", "America/Denver", "nowhere", "192.0.2.7/24", "192.0.2.1", "", "y",
        ]
        let run = try await Binary.shell(
            """
            (sleep 1; printf '%s\\n' \(answers.map { "'\($0)'" }.joined(separator: " ")); sleep 3) |
              script -qec "TERM=xterm $PICLI provision --root \(card.path) --csr-out \(folder.path)/unit.csr" /dev/null
            """)
        #expect(run.output.contains("A site needs a name."), "\(run)")
        #expect(run.output.contains("Make \(card.path)/ a unit of the site 'Trailer \"7\"'? [Y/n]"), "\(run)")
        let site = try card.text("etc/picli/site.yaml")
        #expect(site.contains(#"name: "Trailer \"7\"", timezone: "America/Denver""#) && site.contains("192.0.2.7/24"))
        let checked = try await Binary.run("config", "check", card.path + "/etc/picli/site.yaml")
        #expect(checked.status == 0, "\(checked)")
    }

    @Test("without a terminal and a site file it asks for one instead of waiting")
    func noSite() async throws {
        let run = try await Binary.run("provision", "--root", card.path, "--json")
        #expect(run.status == 64 && run.failure?["code"] as? String == "provision.noSite", "\(run)")
    }

    private func provision(_ card: Card, arguments: [String]) async throws -> Binary.Result {
        try await Binary.run(
            Binary.path,
            ["provision", "--root", card.path, "--site", folder.path + "/site.yaml", "--yes", "--json"] + arguments)
    }
}

/// The root of a flashed Raspberry Pi OS card.
private struct Card {
    let path: String

    init(in folder: Folder, named name: String) throws {
        path = folder.path + "/" + name
        try write("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nID=debian\n")
        try write("etc/rpi-issue", "Raspberry Pi reference 2026-10-01\n")
        try write("boot/firmware/config.txt", "# mine\ndtparam=audio=on\n[cm4]\notg_mode=1\n[all]\n")
        try write("boot/firmware/overlays/w1-gpio.dtbo", "")
    }

    func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func data(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: "\(path)/\(name)")) }
    func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

    func mode(_ name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"))?[.posixPermissions] as? Int
    }

    /// Regular files, by their paths in the card.
    var files: [String] {
        (FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? [])
            .filter {
                (try? FileManager.default.attributesOfItem(atPath: "\(path)/\($0)"))?[.type] as? FileAttributeType
                    == .typeRegular
            }
            .sorted()
    }

    /// All that is on the card, without the journal of the runs.
    func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for file in files where !file.hasPrefix("var/lib/picli-provision/") { contents[file] = try data(file) }
        return contents
    }
}
