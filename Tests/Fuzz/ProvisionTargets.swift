import Foundation

@testable import Platform
@testable import Provision

extension FuzzTarget {
    static let provision = [
        FuzzTarget(name: "config-txt") {
            try Fixture.files("Tests/ProvisionTests/Fixtures/config", [".txt"])
        } read: { bytes in
            let text = ConfigText(bytes)
            require(text.bytes == bytes, "the text is written back otherwise")
            _ = EffectiveConfig(text, includes: ["more.txt": text], for: ConfigContext(model: BoardModel("pi4")))
            _ = EffectiveConfig(text, for: ConfigContext())
            _ = ManagedBlock.all(in: text)
            _ = ManagedBlock.strayMarkers(in: text)
            if let changed = try? ManagedBlock.put(["dtparam=i2c_arm=on"], into: text) {
                let twice = try? ManagedBlock.put(["dtparam=i2c_arm=on"], into: changed)
                require(twice == changed, "put twice it is another")
            }
        },
        FuzzTarget(name: "certificate") {
            let key = SigningKey()
            return [
                key.pem, Array("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n".utf8),
                try certificate(),
            ]
        } read: { bytes in
            if let chain = try? CertificateChain(pem: bytes, name: "chain") { _ = chain.leaf }
            _ = try? SigningKey(pem: bytes, name: "key")
            _ = try? EncryptedKey(pem: bytes, name: "key")
        },
        FuzzTarget(name: "signing-request") {
            let pem = try SigningRequest.make(subject: "pi-0042", names: [], key: SigningKey())
            let lines = text(pem).split(separator: "\n").filter { !$0.hasPrefix("-") }
            return [pem, Data(base64Encoded: lines.joined()).map { [UInt8]($0) } ?? []]
        } read: { bytes in
            guard let request = try? SigningRequest(bytes, name: "request") else { return }
            require(!request.subject.isEmpty || request.names.isEmpty, "a request of nobody")
        },
        FuzzTarget(name: "records") {
            [
                #"{"schema":1,"event":"begin","digest":"00","root":"/"}"# + "\n", #"{"schema":1,"unit":"pi-0042"}"#,
                "root:x:0:0:root:/root:/bin/bash\npicli:x:990:990::/:/usr/sbin/nologin\n", "1c4f-2b7a",
                "picli-0123-4567-89AB-CDEF-GHJK-MNPQ-RS", "pi:10000000abcd1234",
            ].map { Array($0.utf8) }
        } read: { bytes in
            let text = text(bytes)
            _ = PlanJournal(bytes)
            _ = try? UnitRecord(json: bytes, name: "unit.json")
            _ = AccountNames(passwd: text, group: text)
            _ = SetupToken(text)
            _ = KeyFingerprint(text)
            _ = CertificateSerial(text)
            _ = BoardSerial(text)
            _ = BoardModel(text)
        },
        FuzzTarget(name: "device-tree") {
            [deviceTree]
        } read: { bytes in
            _ = DeviceTreeBlob.nodeNames(bytes)
        },
    ]

    /// One that the unit makes for itself.
    private static func certificate() throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "picli-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "web.crt")
        try SelfSignedCertificate.ensure(
            certificate: file.path, key: folder.appending(path: "web.key").path, names: ["picli.local", "192.0.2.1"],
            now: 1_772_366_400_000)
        return [UInt8](try Data(contentsOf: file))
    }

    /// A root with one node and one property (Devicetree Specification 0.4, 5).
    private static let deviceTree: [UInt8] = {
        func cell(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        let header = [0xD00D_FEED, 96, 40, 92, 40, 17, 16, 0, 4, 52].flatMap { cell(UInt32($0)) }
        let nodes = cell(1) + cell(0) + cell(3) + cell(4) + cell(0) + cell(7) + cell(1) + Array("i2c\0".utf8)
        return header + nodes + cell(2) + cell(2) + cell(9)
    }()
}
