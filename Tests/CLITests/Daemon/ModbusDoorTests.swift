import Glibc
import Platform
import Testing

@testable import picli

@Suite("A Modbus port that cannot be opened")
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

    @Test("what nobody can do anything about is only said")
    func other() {
        let error = SystemError(EMFILE, "listen on port 502")
        #expect(ModbusDoor.sentence(error, 502) == "\(error)")
    }
}
