import Site
import TestSupport
import Testing

@testable import Store

@Suite("A look at the databases from outside")
struct DatabaseLookTests {
    private let folder = TemporaryDirectory()

    private func state(_ kind: DatabaseKind) async -> DatabaseLook.State? {
        await DatabaseLook.all(in: folder.path).first { $0.kind == kind }?.state
    }

    @Test("missing, whole, empty, no database at all")
    func states() async throws {
        #expect(await state(.history) == .missing)
        let time = Timestamp(wall: 1_772_366_400_000, boot: 1, monotonic: 0, isTrusted: true)
        let store = await Store.open(.init(directory: folder.path), kernelBoot: "boot", now: time)
        // Beside a unit that has it open.
        #expect(await state(.journal) == .whole)
        await store.close()
        #expect(await state(.history) == .whole)
        folder.write("", to: "logs.sqlite")
        #expect(await state(.logs) == .damaged("it is empty"))
        folder.write(String(repeating: "no database ", count: 2000), to: "journal.sqlite")
        guard case .damaged = await state(.journal) else {
            Issue.record("\(String(describing: await state(.journal)))")
            return
        }
    }
}
