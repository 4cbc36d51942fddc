import Provision
import Testing

@Suite("Our block in config.txt")
struct BootBlockTests {
    private func put(_ bytes: [UInt8], _ system: BootSystem = .raspberryPiOS) throws -> [UInt8] {
        try ManagedBlock.put(BootSite.trailer().block(for: system), into: ConfigText(bytes)).bytes
    }

    private func remove(_ bytes: [UInt8]) -> [UInt8] { ManagedBlock.removed(from: ConfigText(bytes)).bytes }

    @Test("each file becomes what was looked at and found good", arguments: BootFixture.all)
    func golden(fixture: BootFixture) throws {
        #expect(try fixture.matches(put(fixture.bytes, fixture.system), "expected"))
    }

    @Test("a second run changes nothing", arguments: BootFixture.all)
    func twice(fixture: BootFixture) throws {
        let once = try put(fixture.bytes)
        #expect(try put(once) == once)
    }

    @Test("taking it out gives the file back byte for byte", arguments: BootFixture.all)
    func removal(fixture: BootFixture) throws {
        #expect(remove(try put(fixture.bytes)) == fixture.bytes)
        #expect(remove(fixture.bytes) == fixture.bytes)
    }

    @Test("the same holds for any bytes")
    func garbage() throws {
        var random = SystemRandomNumberGenerator()
        let ends: [[UInt8]] = [
            [], [0x0D], [0x0A], [0x0D, 0x0A], [0x0D, 0x0D], Array("# picli end".utf8), Array("# picli begin ".utf8),
        ]
        for _ in 0..<3000 {
            var bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                // Line ends often enough to matter.
                [UInt8(0x0A), 0x0D, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
            }
            bytes += ends.randomElement(using: &random) ?? []
            let once = try put(bytes)
            #expect(try put(once) == once)
            #expect(remove(once) == bytes)
        }
    }

    @Test("whatever stands before it, the block means the same", arguments: BootFixture.all)
    func meaning(fixture: BootFixture) throws {
        let tree = fixture.tree.with([
            BootFile(path: "/boot/firmware/config.txt", content: try put(fixture.bytes, fixture.system))
        ])
        let report = try BootCheck.report(of: tree, for: BootSite.trailer())
        #expect(report.items.count == 7)
        #expect(report.items.allSatisfy { $0.state == .ok }, "\(report.items)")
    }

    @Test("another site file changes the block in its place, and nothing else")
    func change() throws {
        let before = try put(Array("a=1\n".utf8)) + Array("[pi4]\nb=1".utf8)
        let other = try BootSite.settings("").block(for: .raspberryPiOS)
        let after = try ManagedBlock.put(other, into: ConfigText(before)).bytes
        #expect(String(decoding: after, as: UTF8.self).hasPrefix("a=1\n# picli begin "))
        #expect(String(decoding: after, as: UTF8.self).hasSuffix("# picli end\n[pi4]\nb=1"))
        #expect(ManagedBlock.all(in: ConfigText(after)).map(\.body) == [other])
        #expect(remove(after) == Array("a=1\n[pi4]\nb=1".utf8))
    }

    @Test("a line that was appended after it stays whole when the file had no last line end")
    func appended() throws {
        let bytes = try put(Array("a=1".utf8)) + Array("b=1\n".utf8)
        #expect(remove(bytes) == Array("a=1\nb=1\n".utf8))
    }

    @Test("an edit by hand is noticed")
    func edited() throws {
        let text = String(decoding: try put([]), as: UTF8.self)
        #expect(ManagedBlock.all(in: ConfigText(text)).map(\.isIntact) == [true])
        for change in [("gpio=5=op,dh", "gpio=5=op,dl"), ("dtoverlay=\n", ""), ("# picli end", "#\n# picli end")] {
            let edited = text.replacing(change.0, with: change.1, maxReplacements: 1)
            #expect(ManagedBlock.all(in: ConfigText(edited)).map(\.isIntact) == [false], "\(change)")
            #expect(try put(Array(edited.utf8)) == Array(text.utf8))
        }
    }

    @Test("of several copies one is left")
    func copies() throws {
        let block = try put([])
        let bytes = Array("a=1\n".utf8) + block + Array("b=1\n".utf8) + block
        #expect(try put(bytes) == Array("a=1\nb=1\n".utf8) + block)
        #expect(remove(bytes) == Array("a=1\nb=1\n".utf8))
    }

    @Test("a marker without its other half belongs to the owner of the file")
    func stray() throws {
        let text = ConfigText("# picli begin 12345678: x\na=1\n")
        #expect(ManagedBlock.all(in: text).isEmpty)
        #expect(ManagedBlock.strayMarkers(in: text) == [1])
    }

    @Test("a line that the firmware would cut is refused")
    func tooLong() {
        let line = "dtoverlay=" + String(repeating: "x", count: 89)
        let error = #expect(throws: ConfigLineTooLong.self) {
            try ManagedBlock.put(["[all]", line], into: ConfigText(""))
        }
        #expect(error?.line == line)
        #expect(throws: Never.self) { try ManagedBlock.put([String(line.dropLast())], into: ConfigText("")) }
    }

    @Test("no line of any block is longer than the firmware reads, markers included")
    func ownLines() throws {
        let bytes = try put([0x61])
        #expect(ConfigText(bytes).lines.allSatisfy { $0.content.count <= ConfigText.lineLimit })
    }
}
