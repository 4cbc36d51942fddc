import Glibc
import Platform
import TestSupport
import Testing

@Suite("Lock of the state directory")
struct FileLockTests {
    let directory = TemporaryDirectory()

    @Test("a second owner is refused with a sentence that names the directory and the process")
    func refusesSecond() throws {
        let first = try FileLock(stateDirectory: directory.path)
        #expect {
            _ = try FileLock(stateDirectory: directory.path)
        } throws: { error in
            let failure = try #require(error as? Failure)
            return failure.code == "state.inUse" && failure.status == .tryAgain
                && failure.message.contains(directory.path) && failure.message.contains("process \(getpid())")
                && failure.hint != nil
        }
        withExtendedLifetime(first) {}
    }

    @Test("the lock is free again when its owner is gone, although the file stays")
    func freed() throws {
        do { _ = try FileLock(stateDirectory: directory.path) }
        #expect(access("\(directory.path)/lock", F_OK) == 0)
        _ = try FileLock(stateDirectory: directory.path)
    }

    @Test("a file left by a process that died locks nothing")
    func leftover() throws {
        directory.write("99999\n", to: "lock")
        _ = try FileLock(stateDirectory: directory.path)
        #expect(try SmallFile.text(at: "\(directory.path)/lock") == "\(getpid())")
    }

    @Test("a directory that is not there is refused with its name and a hint")
    func missing() {
        #expect {
            _ = try FileLock(stateDirectory: "\(directory.path)/none")
        } throws: { error in
            let failure = try #require(error as? Failure)
            return failure.code == "state.notWritable" && failure.description.contains("Try: ")
        }
    }

    @Test("a symbolic link in place of the lock is not followed")
    func symbolicLink() {
        #expect(symlink("/etc/passwd", "\(directory.path)/lock") == 0)
        #expect(throws: Failure.self) { _ = try FileLock(stateDirectory: directory.path) }
    }
}
