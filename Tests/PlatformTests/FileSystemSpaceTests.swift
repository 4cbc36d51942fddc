import Glibc
import Platform
import Synchronization
import Testing

@Suite("File system space")
struct FileSystemSpaceTests {
    @Test("the root has a size, and not more free than that")
    func root() throws {
        let space = try FileSystemSpace(of: "/")
        #expect(space.size > 0)
        #expect(space.available <= space.size)
    }

    @Test("a path that is not there gives an error that names it")
    func missing() {
        #expect { _ = try FileSystemSpace(of: "/nowhere/at/all") } throws: {
            ($0 as? SystemError)?.description.contains("/nowhere/at/all") == true
        }
    }

    @Test("a mount that hangs is reported late once, then at once, and delays no other")
    func hung() async throws {
        let hanging = Hanging()
        defer { hanging.release() }
        let reader = FileSystemSpaceReader(limit: .milliseconds(50)) { path in
            if path == "/srv/camera" { hanging.hang() }
            return FileSystemSpace(size: 100, available: 40)
        }
        await #expect(throws: DeadlineExceeded.self) { try await reader.space(of: "/srv/camera") }
        #expect(try await reader.space(of: "/") == FileSystemSpace(size: 100, available: 40))
        await #expect(throws: DeadlineExceeded.self) { try await reader.space(of: "/srv/camera") }
        #expect(try await reader.space(of: "/").available == 40)
        #expect(hanging.count == 1, "a stuck mount is not asked again while it is stuck")
    }

    @Test("mounts that wait behind the one that hangs are asked elsewhere, every time")
    func waiting() async throws {
        let hanging = Hanging()
        defer { hanging.release() }
        let reader = FileSystemSpaceReader(limit: .milliseconds(50)) { path in
            if path.hasPrefix("/hung") { hanging.hang() }
            return FileSystemSpace(size: 100, available: 40)
        }
        let paths = ["/hung/1", "/", "/boot", "/hung/2", "/srv"]
        for _ in 1...3 {
            let late = await withTaskGroup(of: String?.self) { group in
                for path in paths {
                    group.addTask { (try? await reader.space(of: path)) == nil ? path : nil }
                }
                return await group.reduce(into: Set<String>()) { if let path = $1 { $0.insert(path) } }
            }
            #expect(late == ["/hung/1", "/hung/2"])
        }
        #expect(hanging.count == 2)
    }

    @Test("a mount that answers again is asked again")
    func recovers() async throws {
        let hanging = Hanging()
        let reader = FileSystemSpaceReader(limit: .milliseconds(50)) { _ in
            hanging.hang()
            return FileSystemSpace(size: 100, available: 40)
        }
        await #expect(throws: DeadlineExceeded.self) { try await reader.space(of: "/srv/camera") }
        hanging.release()
        var answer: FileSystemSpace?
        while answer == nil {
            answer = try? await reader.space(of: "/srv/camera")
            await Task.yield()
        }
        #expect(answer?.size == 100)
    }
}

/// A call that hangs, as statvfs(3) does on a dying drive, until the test lets it go.
private final class Hanging: Sendable {
    private let state = Mutex((count: 0, isReleased: false))

    var count: Int { state.withLock { $0.count } }

    func hang() {
        state.withLock { $0.count += 1 }
        while !(state.withLock { $0.isReleased }) { usleep(1000) }
    }

    func release() { state.withLock { $0.isReleased = true } }
}
