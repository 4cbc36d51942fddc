import Foundation
import Provision
import TestSupport
import Testing

/// The overlays of our own, compiled and laid over the device trees of Debian's kernel with the device-tree compiler.
@Suite("Overlays of our own")
struct BootOverlayTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Debian's device trees, fetched by `make device-trees`.
    static let kernels: [String] = {
        let folder = package.appending(path: ".build/device-trees").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".dtb") && !$0.hasPrefix("bcm2712") }.sorted().map { "\(folder)/\($0)" }
    }()

    /// There the device trees must be there.
    private static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

    private let folder = TemporaryDirectory()

    private func compile(_ overlay: BootOverlay) throws -> String {
        let source = Self.package.appending(path: "image/overlays/\(overlay.rawValue).dts").path
        let output = "\(folder.path)/\(overlay.rawValue).dtbo"
        let result = try run("dtc", "-@", "-I", "dts", "-O", "dtb", "-o", output, source)
        #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
        return output
    }

    private func run(_ program: String, _ arguments: String...) throws -> (status: Int32, output: String, error: String)
    {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/\(program)")
        process.arguments = arguments
        let pipes = (Pipe(), Pipe())
        process.standardOutput = pipes.0
        process.standardError = pipes.1
        try process.run()
        let output = pipes.0.fileHandleForReading.readDataToEndOfFile()
        let error = pipes.1.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus,
            String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
            String(decoding: error, as: UTF8.self)
        )
    }

    @Test("each source compiles without a warning", arguments: BootOverlay.allCases)
    func compiles(overlay: BootOverlay) throws {
        let blob = try compile(overlay)
        // The firmware applies an overlay to these boards only.
        #expect(try run("fdtget", blob, "/", "compatible").output == "brcm,bcm2835")
    }

    @Test("every source belongs to an overlay that picli loads")
    func complete() throws {
        let sources = try FileManager.default.contentsOfDirectory(
            atPath: Self.package.appending(path: "image/overlays").path)
        #expect(Set(sources) == Set(BootOverlay.allCases.map { "\($0.rawValue).dts" }))
    }

    @Test("the parameters that config.txt gives are known to the overlay, and reach the right cells")
    func parameters() throws {
        // phandle of the target, name of the property, a colon and the offset of the cell, then 0.
        let oneWire = try run("fdtget", "-t", "bx", compile(.oneWire), "/__overrides__", "gpiopin").output
        #expect(text(oneWire).contains("gpios:4\0"))
        #expect(text(oneWire).contains("brcm,pins:0\0"))
        let bus = try run("fdtget", "-t", "bx", compile(.i2c), "/__overrides__", "baudrate").output
        #expect(text(bus).contains("clock-frequency:0\0"))
        let block = try BootSite.trailer().block(for: .debian)
        #expect(
            block.contains("dtoverlay=picli-w1,gpiopin=4") && block.contains("dtoverlay=picli-i2c1,baudrate=400000"))
    }

    @Test(
        "they apply to the device tree of every board that Debian's kernel knows",
        .enabled(if: !kernels.isEmpty, "make device-trees fetches Debian's device trees"), arguments: kernels)
    func apply(kernel: String) throws {
        let output = "\(folder.path)/merged.dtb"
        let overlays = try BootOverlay.allCases.map { try compile($0) }
        #expect(try run("fdtget", kernel, "/aliases", "i2c1").status != 0, "the kernel has an alias of its own now")
        let merged = try run("fdtoverlay", "-i", kernel, "-o", output, overlays[0], overlays[1], overlays[2])
        #expect(merged.status == 0, "\(merged.error)")
        let bus = try run("fdtget", output, "/aliases", "i2c1").output
        #expect(try run("fdtget", output, bus, "status").output == "okay")
        #expect(try run("fdtget", output, bus, "clock-frequency").output == "100000")
        #expect(try run("fdtget", output, "\(bus)/rtc@68", "compatible").output == "maxim,ds3231")
        #expect(try run("fdtget", output, "/onewire", "compatible").output == "w1-gpio")
        let gpios = try run("fdtget", output, "/onewire", "gpios").output.split(separator: " ")
        #expect(gpios.dropFirst() == ["4", "6"])
        #expect(try run("fdtget", output, "/soc/gpio@7e200000", "phandle").output == gpios.first.map(String.init))
        let pins = try run("fdtget", output, "/soc/gpio@7e200000/picli-w1-pins", "phandle").output
        #expect(try run("fdtget", output, "/onewire", "pinctrl-0").output == pins)
    }

    @Test(
        "the kernel's trees have the symbols that 1-Wire needs, and read as we read them",
        .enabled(if: !kernels.isEmpty || isCI, "make device-trees fetches Debian's device trees"))
    func symbols() throws {
        try #require(!Self.kernels.isEmpty, "make device-trees fetches Debian's device trees")
        let root = TemporaryDirectory()
        root.write("a=1\n", to: "boot/firmware/config.txt")
        for kernel in Self.kernels {
            let name = URL(filePath: kernel).lastPathComponent
            try FileManager.default.copyItem(atPath: kernel, toPath: "\(root.path)/boot/firmware/\(name)")
        }
        #expect(try BootTree(root: root.path).hasSymbols == true)
        // Without them it is Debian 12's kernel.
        let first = "\(root.path)/boot/firmware/\(URL(filePath: Self.kernels[0]).lastPathComponent)"
        #expect(try run("fdtput", "-r", first, "/__symbols__").status == 0)
        #expect(try BootTree(root: root.path).hasSymbols == false)
        let merged = try run("fdtoverlay", "-i", first, "-o", "\(root.path)/merged.dtb", compile(.oneWire))
        #expect(merged.status != 0)
    }

    /// Bytes that fdtget wrote in hexadecimal digits, as Latin-1.
    private func text(_ hexadecimal: String) -> String {
        String(
            String.UnicodeScalarView(
                hexadecimal.split(separator: " ").compactMap { UInt8($0, radix: 16) }.map { Unicode.Scalar($0) }))
    }
}
