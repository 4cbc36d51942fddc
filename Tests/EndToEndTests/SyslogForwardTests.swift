import Foundation
import Testing

/// Copies of log lines for a central server, a second rsyslogd, over TLS.
@Suite("Logs for a central server", .serialized)
struct SyslogForwardTests {
    /// An authority, and what it signs, by openssl.
    private struct Authority {
        let folder: URL

        init(in folder: URL) async throws {
            self.folder = folder
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try await openssl(
                ["req", "-x509"] + Self.fresh + ["-subj", "/CN=Authority", "-days", "2"] + files("ca"))
        }

        func sign(_ name: String, as file: String) async throws {
            try await openssl(
                ["req", "-x509"] + Self.fresh + [
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-days", "1", "-CA",
                    path("ca.crt"),
                    "-CAkey", path("ca.key"),
                ] + files(file))
        }

        func path(_ name: String) -> String { folder.appending(path: name).path }

        private static let fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

        private func files(_ name: String) -> [String] {
            ["-keyout", path("\(name).key"), "-out", path("\(name).crt")]
        }

        private func openssl(_ arguments: [String]) async throws {
            let run = try await Run.program(URL(filePath: "/usr/bin/openssl"), arguments)
            try #require(run.status == 0, "\(run)")
        }
    }

    private func central(_ authority: Authority, certificate: String, port: Int, in folder: URL) throws -> Rsyslogd {
        try Rsyslogd(
            """
            global(DefaultNetstreamDriverCAFile="\(authority.path("ca.crt"))"
              DefaultNetstreamDriverCertFile="\(authority.path("\(certificate).crt"))"
              DefaultNetstreamDriverKeyFile="\(authority.path("\(certificate).key"))")
            module(load="imtcp" streamDriver.Name="ossl" streamDriver.Mode="1" streamDriver.AuthMode="x509/name"
              PermittedPeer="unit-1")
            template(name="text" type="string" string="%hostname% %msg%\\n")
            input(type="imtcp" port="\(port)" address="127.0.0.1" ruleset="central")
            ruleset(name="central") {
              action(type="omfile" file="\(folder.path)/received" template="text")
            }

            """, in: folder)
    }

    private func received(in folder: URL) -> [Int] {
        let text = (try? String(contentsOf: folder.appending(path: "received"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { $0.split(separator: " ").compactMap { Int($0) }.first }
    }

    private static func lines(_ numbers: Range<Int>) -> [UInt8] {
        numbers.flatMap { Array("<134>Nov 28 21:12:00 rut flood: line \($0) end\n".utf8) }
    }

    @Test("what came while the central server was away reaches it; a server of another name or authority gets nothing")
    func forward() async throws {
        let port = try Unit.freePort()
        let site = """
            site: { name: End to end }
            network: { router: { address: 127.0.0.2 } }
            logs: { forward: "tls://localhost:\(port)" }
            """
        try await SyslogServer.with(site: site) { unit, server, _ in
            let authority = try await Authority(in: unit.folder.appending(path: "authority"))
            let stranger = try await Authority(in: unit.folder.appending(path: "stranger"))
            try await authority.sign("unit-1", as: "unit")
            try await authority.sign("localhost", as: "central")
            try await authority.sign("elsewhere", as: "elsewhere")
            try await stranger.sign("localhost", as: "central")
            let identity = unit.state.appending(path: "identity")
            try FileManager.default.createDirectory(at: identity, withIntermediateDirectories: true)
            for (from, to) in [("ca.crt", "ca.crt"), ("unit.crt", "device.crt"), ("unit.key", "device.key")] {
                try FileManager.default.copyItem(
                    atPath: authority.path(from), toPath: identity.appending(path: to).path)
            }
            // rsyslogd reads its certificate when it starts.
            server.kill()
            try server.start()

            let impostors = [
                (authority, "elsewhere", "not permitted to talk to name: /CN=elsewhere"),
                (stranger, "central", "certificate verify failed"),
            ]
            for (index, (signer, name, reason)) in impostors.enumerated() {
                let folder = unit.folder.appending(path: "impostor-\(index)")
                let impostor = try central(signer, certificate: name, port: port, in: folder)
                let before = server.said.count
                try impostor.start()
                try await eventually("the impostor listens") { SyslogServer.isListening(at: port) }
                try await server.send(Self.lines(index * 100..<index * 100 + 100), from: "127.0.0.2")
                try await eventually("the impostor is refused", within: .seconds(40), poll: .milliseconds(200)) {
                    server.said.dropFirst(before).contains(reason)
                }
                impostor.kill()
                #expect(received(in: folder).isEmpty)
            }
            let stored = try await Run.picli([
                "logs", "export", "flood", "--format", "jsonl", "--state", unit.state.path,
            ])
            #expect(stored.output.split(separator: "\n").count == 200, "the copy is late, the line is not")

            // What waits is on the disk while rsyslogd is stopped.
            server.stop()
            try server.start()

            let folder = unit.folder.appending(path: "central")
            let central = try central(authority, certificate: "central", port: port, in: folder)
            try central.start()
            try await server.send(Self.lines(200..<300), from: "127.0.0.2")
            try await eventually("all copies", within: .seconds(40), poll: .milliseconds(200)) {
                Set(received(in: folder)) == Set(0..<300)
            }
            central.kill()
        }
    }
}
