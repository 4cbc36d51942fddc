import Platform
import TestSupport
import Testing

@Suite("Failures")
struct FailureTests {
    @Test("a failure reads as its sentence, and its hint after Try:")
    func description() {
        #expect(Failure("a.b", "It broke.").description == "It broke.")
        #expect(Failure("a.b", "It broke.", hint: "again").description == "It broke. Try: again")
    }

    @Test(
        "exit codes are those that scripts rely on",
        arguments: zip(Platform.ExitStatus.allCases, [0, 1, 2, 64, 75, 130] as [Int32]))
    func exitCodes(status: Platform.ExitStatus, code: Int32) {
        #expect(status.rawValue == code)
    }

    @Test("a system error says what was tried and why it failed")
    func systemError() {
        let error = #expect(throws: SystemError.self) { try SmallFile.text(at: "/nowhere") }
        #expect(error?.description == "cannot open /nowhere: No such file or directory")
    }

    @Test("a file of the kernel is read to its end, its white space and NULs cut off")
    func smallFile() throws {
        let directory = TemporaryDirectory()
        directory.write("Raspberry Pi 4\0", to: "model")
        directory.write("", to: "empty")
        directory.write("a\nb\n \n", to: "lines")
        #expect(try SmallFile.text(at: "\(directory.path)/model") == "Raspberry Pi 4")
        #expect(try SmallFile.text(at: "\(directory.path)/empty") == "")
        #expect(try SmallFile.text(at: "\(directory.path)/lines") == "a\nb")
        #expect(try SmallFile.bytes(at: "\(directory.path)/lines", limit: 2) == Array("a\n".utf8))
        #expect(try SmallFile.bytes(at: "/proc/self/maps").count > 4096)
    }
}
