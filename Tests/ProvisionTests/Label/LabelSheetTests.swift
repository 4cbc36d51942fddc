import FoundationEssentials
import Platform
import Site
import Testing

@testable import Provision

@Suite("The installer's sheet")
struct LabelSheetTests {
    private func site(_ text: String) throws -> SiteFile {
        let result = SiteFile.parse(text)
        return try #require(result.value, "\(result.errors.map(\.description))")
    }

    private func sheet(_ site: SiteFile) throws -> InstallerSheet {
        InstallerSheet(
            site: site, label: try LabelFixtures.content(site: site.site.name),
            secrets: SheetSecrets(cameras: ["camera": "wren-ochre-tide-41"]))
    }

    /// What is on it, in lines without their indent and with single blanks.
    private func lines(_ sheet: InstallerSheet) -> [String] {
        sheet.text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    }

    @Test("the sheet of the example trailer is as it was looked at", arguments: ["trailer.txt", "trailer.html"])
    func golden(name: String) async throws {
        let sheet = try sheet(try LabelFixtures.trailer())
        let code = try await QRCode(try LabelFixtures.content().setupURL, runner: LabelFixtures.runner)
        let text = name == "trailer.txt" ? sheet.text : sheet.html(code: code)
        #expect(
            try LabelFixtures.matches(text, name), "what it is now: .build/golden/\(name)")
    }

    @Test("the text has 80 columns, but for what is typed as it stands")
    func columns() throws {
        let sheet = try sheet(try LabelFixtures.trailer())
        for line in sheet.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(!sheet.text.contains(" \n"))
    }

    @Test("the HTML is well formed and whole in itself")
    func html() async throws {
        let html = try sheet(try LabelFixtures.trailer()).html(
            code: try await QRCode("https://unit.example/", runner: LabelFixtures.runner))
        let script = """
            import sys
            from html.parser import HTMLParser
            void = {"meta", "br", "link", "img", "input", "hr"}
            class Checker(HTMLParser):
                stack = []
                def handle_starttag(self, tag, attrs):
                    assert tag not in {"script", "link", "img", "iframe", "object", "embed", "form"}, tag
                    assert not any(n in ("src", "href", "onload") for n, _ in attrs), attrs
                    if tag not in void: self.stack.append(tag)
                def handle_endtag(self, tag):
                    assert self.stack.pop() == tag, tag
            checker = Checker()
            checker.feed(sys.stdin.read()); checker.close()
            assert not checker.stack, checker.stack
            print("whole")
            """
        let result = try await LabelFixtures.runner.run(Command("python3", ["-c", script], input: Array(html.utf8)))
        #expect(result.text == "whole\n")
        #expect(!html.contains("url(") && !html.contains("@import"))
    }

    @Test("texts of the site file are escaped wherever they stand")
    func escaped() throws {
        let name = "<b>&\"'\u{202E}\u{7}"
        var site = try LabelFixtures.trailer()
        site.site.name = name
        site.site.customer = name
        site.network.cameras[0].name = name
        site.network.cameras.append(CameraConfiguration(id: "b", address: try #require(IPAddress("192.168.1.4"))))
        site.sensors[0].name = name
        for index in site.relays.indices { site.relays[index].name = name }
        let secrets = SheetSecrets(cameras: ["camera": name, "b": name])
        let sheet = InstallerSheet(site: site, label: try LabelFixtures.content(site: name), secrets: secrets)
        let html = sheet.html()
        #expect(html.contains("&lt;b&gt;&amp;&quot;&#39;"))
        for raw in ["<b>", "\u{202E}", "\u{7}"] {
            #expect(!html.contains(raw))
        }
        #expect(!sheet.text.contains("\u{7}") && !sheet.text.contains("\u{202E}"))
    }

    @Test("secrets stand in their two places and nowhere else, and the sheet says that it holds some")
    func secrets() throws {
        let site = try LabelFixtures.trailer()
        let token = try #require(try LabelFixtures.content().token)
        let sheet = try sheet(site)
        for text in [sheet.text, sheet.html()] {
            #expect(text.split(separator: "wren-ochre-tide-41", omittingEmptySubsequences: false).count == 2)
            #expect(text.split(separator: token.groups[0], omittingEmptySubsequences: false).count == 2)
            #expect(!text.contains(token.compactText))
            #expect(text.contains("This sheet holds secrets"))
        }
        #expect(sheet.isSecret)
        var label = try LabelFixtures.content()
        label.token = nil
        let bare = InstallerSheet(site: site, label: label)
        #expect(!bare.isSecret)
        #expect(!bare.text.contains("secrets.") && bare.text.contains("______"))
        // A secret that the sheet has no place for makes it no secret.
        #expect(!InstallerSheet(site: site, label: label, secrets: SheetSecrets(cameras: ["other": "x"])).isSecret)
    }

    @Test("a site of a name alone has a sheet, with nothing said of what is not there")
    func bare() throws {
        let sheet = try sheet(try site("site: { name: Bare }"))
        let titles = sheet.sections.map(\.title)
        #expect(titles == ["First login", "Network plan", "Time", "Before you leave"])
        let lines = lines(sheet)
        #expect(lines.contains { $0.hasPrefix("unit from the router") })
        #expect(lines.contains("The unit asks nobody: the site file names no source"))
        for word in ["Relay", "Sensor", "camera", "Share", "192.168.1.1\n"] {
            #expect(!sheet.text.contains(word), "\(word)")
        }
    }

    @Test("two cameras have a section each, and without storage neither gets a share")
    func cameras() throws {
        let text = """
            site: { name: Two }
            network:
              unit: 10.0.0.5/20
              camera:
                - { id: front, name: Front, address: 10.0.0.6 }
                - { id: back, name: Back, address: 10.0.0.7, minimum: smb2, signing: false }

            """
        let without = try sheet(try site(text))
        #expect(without.text.contains("Camera: Front\n") && without.text.contains("Camera: Back\n"))
        #expect(!without.text.contains("\\\\10.0.0.5") && without.text.contains("keeps no footage"))
        #expect(without.text.contains("subnet mask 255.255.240.0."))
        let with = lines(try sheet(try site(text + "storage: { share: video, retention: 1d }\n")))
        for line in [
            "Share \\\\10.0.0.5\\video", "The same as URL smb://10.0.0.5/video", "User back",
            "Protocol SMB 2 or 3, TCP port 445, not signed",
            "Protocol SMB 3, TCP port 445, signed",
        ] {
            #expect(with.contains(line), "\(line)")
        }
    }

    @Test("an address of IPv6 is written as URLs and Windows have it")
    func version6() throws {
        let text = """
            site: { name: Six }
            network: { unit: "fd00::10/64", router: { address: "fd00::1" }, camera: { address: "fd00::3" } }
            storage: { share: camera }

            """
        let lines = lines(try sheet(try site(text)))
        for line in [
            "Share \\\\fd00--10.ipv6-literal.net\\camera", "The same as URL smb://[fd00::10]/camera",
            "Syslog target [fd00::10]:514", "All of them: prefix /64, gateway and DNS server fd00::1.",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test("where a sensor is, what it can show and when it alerts")
    func sensors() throws {
        let table = try #require(
            InstallerSheet.sensors(try LabelFixtures.trailer())?.blocks.lazy.compactMap { block in
                if case .table(let table) = block { table } else { nil }
            }.first)
        let rows = Dictionary(uniqueKeysWithValues: table.rows.map { ($0[0], Array($0.dropFirst(2))) })
        #expect(rows["enclosure"] == ["DS18B20", "28-0000075ff6b1", "-55…125 °C", "temperature > 60 °C"])
        // The chip's supply is 3.3 V, so of the 4.096 V only these: times 11.
        #expect(rows["battery"] == ["ADS1115", "0x48, AIN1-GND", "0…36.3 V", "voltage < 11.8 V"])
        // 0.256 V are 0.181 V RMS over 300 Ω, times 3000 turns.
        #expect(rows["router-current"] == ["ADS1115", "0x48, AIN0-AIN3", "0…1.81 A AC", ""])
        #expect(rows["solar"] == ["INA226", "0x41", "0…36 V, ±20 A", ""])
        #expect(rows["camera-power"] == ["INA260", "0x40", "0…36 V, ±15 A", "power < 1 W"])
    }

    @Test("each line of the header has its pin, and no pin has two")
    func pins() {
        let pins = (0..<28).map(HeaderPin.number)
        #expect(Set(pins.compactMap { $0 }).count == 28)
        // The rest are power and ground.
        let power: Set = [1, 2, 4, 6, 9, 14, 17, 20, 25, 30, 34, 39]
        #expect(Set(pins.compactMap { $0 }).union(power) == Set(1...40))
        #expect(HeaderPin.number(ofLine: 28) == nil && HeaderPin.number(ofLine: -1) == nil)
        #expect(HeaderPin.text(ofLine: 17) == "GPIO17, header pin 11")
    }
}
