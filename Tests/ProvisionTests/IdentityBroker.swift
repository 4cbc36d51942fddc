import Foundation
import Glibc
import Platform
import Provision
import TestSupport
import Testing

/// mosquitto with mutual TLS, as a shop would set it up: the user is the certificate's common name, and has its own topics.
final class IdentityBroker {
    let port: UInt16
    private let bench: IdentityBench
    private let authority: CertificateAuthority
    private var process = Process()

    private var log: String { "\(bench.path)/mosquitto.log" }
    private var configuration: String { "\(bench.path)/mosquitto.conf" }

    init(_ bench: IdentityBench, _ authority: CertificateAuthority) throws {
        self.bench = bench
        self.authority = authority
        port = try LoopbackPort.free()
        let request = try bench.foreignRequest(
            subject: "/CN=localhost", extensions: ["subjectAltName=DNS:localhost,IP:127.0.0.1"])
        let signed = try authority.sign(SigningOrder(request: request, name: "broker", profile: .web), now: bench.now)
        let chain = try bench.write("broker.crt", signed.chain.pem())
        let key = try bench.write("broker.key", SmallFile.bytes(at: "\(bench.path)/foreign.key"))
        try bringList()
        bench.folder.write("pattern readwrite sites/%u/#\n", to: "acl")
        bench.folder.write(
            """
            user root
            listener \(port) 127.0.0.1
            cafile \(bench.ca)/root.crt
            certfile \(chain)
            keyfile \(key)
            crlfile \(bench.path)/revoked.crl
            require_certificate true
            use_identity_as_username true
            acl_file \(bench.path)/acl

            """, to: "mosquitto.conf")
        try start()
    }

    deinit { stop() }

    /// Copies the list to where the broker reads it.
    private func bringList() throws { _ = try bench.write("revoked.crl", authority.revocationList()) }

    private func start() throws {
        process = Process()
        process.executableURL = URL(filePath: "/usr/sbin/mosquitto")
        process.arguments = ["-c", configuration, "-v"]
        bench.folder.write("", to: "mosquitto.log")
        let output = try FileHandle(forWritingTo: URL(filePath: log))
        process.standardOutput = output
        process.standardError = output
        try process.runWithSignalsOpen()
        for _ in 0..<200 {
            if try SmallFile.text(at: log).contains("running") { return }
            usleep(25_000)
        }
        Issue.record("mosquitto does not start: \((try? SmallFile.text(at: log)) ?? "")")
    }

    private func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// Brings the present deny list, and has it read as the manual of mosquitto says: by SIGHUP.
    func reloadList() throws {
        try bringList()
        let before = try SmallFile.text(at: log).count
        kill(process.processIdentifier, SIGHUP)
        for _ in 0..<200 {
            if try SmallFile.text(at: log).count > before { return }
            usleep(25_000)
        }
    }

    /// Publishes one message with MQTT 5 and its acknowledgement, which has a reason.
    func publish(_ topic: String, as identity: UnitIdentity) throws -> ForeignProgram.Answer {
        let folder = identity.directory
        return try ForeignProgram.run(
            "/usr/bin/timeout",
            [
                "20", "/usr/bin/mosquitto_pub", "-d", "-V", "mqttv5", "-q", "1", "-h", "localhost", "-p", "\(port)",
                "--cafile", "\(folder)/ca.crt", "--cert", "\(folder)/device.crt", "--key", "\(folder)/device.key", "-t",
                topic, "-m", "21.5",
            ])
    }
}
