import Glibc
import Platform
import Testing

@Suite("Process")
struct ProcessTests {
    @Test("the memory of this process is more than nothing, and the anonymous part is a part of it")
    func memory() throws {
        let memory = try #require(try ProcessMemory.ofThisProcess())
        #expect(memory.proportional > 100_000)
        #expect(memory.proportionalAnonymous <= memory.proportional)
        #expect(memory.proportional <= memory.resident)
    }

    @Test("kilobytes become bytes")
    func smapsRollup() throws {
        let text = """
            56079a0ca000-7ffc0d5c0000 ---p 00000000 00:00 0                          [rollup]
            Rss:                1780 kB
            Pss:                 303 kB
            Pss_Dirty:            92 kB
            Pss_Anon:             92 kB
            """
        let memory = try #require(ProcessMemory(smapsRollup: text))
        #expect(memory.proportional == 303 * 1024)
        #expect(memory.proportionalAnonymous == 92 * 1024)
        #expect(memory.resident == 1780 * 1024)
    }

    @Test(
        "a text without the lines gives nothing", arguments: ["", "Pss: 1 kB", "Rss: x kB\nPss: 1 kB\nPss_Anon: 1 kB"])
    func notSmaps(text: String) {
        #expect(ProcessMemory(smapsRollup: text) == nil)
    }

    @Test("limits are read, and a soft limit can be set up to the hard one")
    func limits() throws {
        let before = try ResourceLimit.openFiles.value()
        #expect(before.soft > 0)
        #expect(before.soft <= before.hard)
        try ResourceLimit.core.set(.init(soft: 0, hard: try ResourceLimit.core.value().hard))
        #expect(try ResourceLimit.core.value().soft == 0)
        #expect(throws: SystemError.self) { try ResourceLimit.openFiles.set(.init(soft: 2, hard: 1)) }
    }

    @Test("the peer of a Unix socket is this process, with its user and group")
    func peer() throws {
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { pair.forEach { close($0) } }
        let peer = try PeerCredentials(descriptor: pair[0])
        #expect(peer.process == getpid())
        #expect(peer.user == geteuid())
        #expect(peer.groups.first == getegid())
    }

    @Test("a socket of another domain, and no socket at all, have no peer")
    func noPeer() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        #expect(throws: SystemError.self) { _ = try PeerCredentials(descriptor: descriptor) }
        #expect(throws: SystemError.self) { _ = try PeerCredentials(descriptor: -1) }
    }
}
