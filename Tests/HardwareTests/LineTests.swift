import Platform
import TestSupport
import Testing

@testable import Hardware

/// The kernel's own lines are looked at in the bench, which has some.
@Suite("GPIO lines")
struct LineTests {
    @Test("without a chip the reason says what was looked for")
    func none() throws {
        let folder = TemporaryDirectory()
        let error = #expect(throws: HardwareError.self) {
            try LinuxLines(dev: folder.path).output("GPIO17", isActiveLow: false, isActive: false, consumer: "test")
        }
        #expect(error?.kind == .notPresent)
        #expect(error?.sentence.contains("pinctrl-bcm2711") == true)
    }

    @Test("a file that is no chip is none")
    func noChip() throws {
        let folder = TemporaryDirectory()
        try AtomicFile.replace("\(folder.path)/gpiochip0", with: [])
        #expect(throws: HardwareError.self) {
            try LinuxLines(dev: folder.path).input("GPIO5", .init(), consumer: "test")
        }
    }

    @Test("simulated outputs keep what was set")
    func outputs() throws {
        let lines = SimulatedLines()
        let line = try lines.output("GPIO17", isActiveLow: true, isActive: true, consumer: "test")
        #expect(try line.isActive())
        try line.set(false)
        #expect(try !line.isActive())
        #expect(lines.outputs == ["GPIO17": false])
    }

    @Test("simulated inputs have the edges of the simulation, in order and once")
    func inputs() throws {
        let lines = SimulatedLines(inputs: ["GPIO5": { span in [0.01, 0.02, 0.03].filter { span.contains($0) } }])
        let line = try lines.input("GPIO5", .init(), consumer: "test")
        var edges: [LineEdge] = []
        for _ in 0..<3 where edges.count < 3 { edges += try line.edges(within: .seconds(2)) }
        #expect(edges.map(\.sequence) == [1, 2, 3])
        #expect(edges.map(\.isActive) == [true, false, true])
        #expect(try line.edges(within: .milliseconds(1)).isEmpty)
        #expect(try line.isActive())
    }
}
