import Glibc
import Platform
import Site
import Testing

@testable import picli

@Suite("The port of Modbus/TCP, as it is opened")
struct ModbusDoorTests {
    @Test(
        "what is logged says what to do about it",
        arguments: [
            (EACCES, "sudo picli host apply && sudo systemctl restart picli"),
            (EADDRINUSE, "`ss -ltnp sport = :502`"),
        ] as [(Int32, String)])
    func remedy(number: Int32, command: String) {
        let sentence = ModbusDoor.sentence(SystemError(number, "listen on port 502"), 502)
        #expect(sentence.hasPrefix("cannot listen on port 502: ") && sentence.contains(command))
    }

    @Test(
        "only for clients of this machine by IPv4 is loopback alone listened at",
        arguments: [
            (["127.0.0.1/32", "127.0.0.9/32"], true), (["::1/128"], false), (["127.0.0.1/32", "::1/128"], false),
            (["127.0.0.1/32", "192.0.2.7/32"], false),
        ] as [([String], Bool)])
    func loopback(allow: [String], expected: Bool) {
        #expect(ModbusDoor.isLoopback(allow.compactMap { IPNetwork($0) }) == expected)
    }

    @Test("what nobody can do anything about is only said")
    func other() {
        let error = SystemError(EMFILE, "listen on port 502")
        #expect(ModbusDoor.sentence(error, 502) == "\(error)")
    }
}
