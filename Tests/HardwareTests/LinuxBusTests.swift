import Foundation
import Glibc
import Platform
import Testing

@testable import Hardware

/// A folder that stands for `/sys` or `/dev`, removed at the end.
private final class Tree: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/picli-hardware-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to file: String) {
        folder(String(file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)))
        let descriptor = open("\(path)/\(file)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        _ = Glibc.write(descriptor, text, text.utf8.count)
        close(descriptor)
    }

    func folder(_ name: String) {
        var made = path
        for part in name.split(separator: "/") {
            made += "/\(part)"
            mkdir(made, 0o755)
        }
    }

    func text(of file: String) -> String {
        (try? Descriptor(opening: "\(path)/\(file)", O_RDONLY).read(upTo: 4096)).map {
            String(decoding: $0, as: UTF8.self)
        }
            ?? ""
    }
}

private let devices = "bus/w1/devices"
private let good = "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n"

@Suite("1-Wire through sysfs")
struct LinuxOneWireBusTests {
    @Test("a machine without 1-Wire is told how to enable it")
    func none() {
        let tree = Tree()
        let error = #expect(throws: HardwareError.self) { try LinuxOneWireBus(sys: tree.path).slaves() }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("dtoverlay=w1-gpio") == true)
    }

    @Test("probes are listed and read, other slaves and masters are not probes")
    func list() throws {
        let tree = Tree()
        tree.folder("\(devices)/w1_bus_master1")
        tree.write(good, to: "\(devices)/28-0000075ff6b1/w1_slave")
        let bus = LinuxOneWireBus(sys: tree.path)
        #expect(try bus.slaves() == ["28-0000075ff6b1"])
        #expect(try DS18B20(address: "28-0000075ff6b1").celsius(on: bus) == 23.125)
    }

    @Test("a probe that is not there is told with those that are")
    func absent() throws {
        let tree = Tree()
        tree.folder("\(devices)/w1_bus_master1")
        tree.write(good, to: "\(devices)/28-0000075ff6b1/w1_slave")
        let bus = LinuxOneWireBus(sys: tree.path)
        let error = #expect(throws: HardwareError.self) { try DS18B20(address: "28-0000075ff6b2").celsius(on: bus) }
        #expect(error?.kind == .notPresent)
        #expect(error?.sentence.contains("28-0000075ff6b1") == true)
        // Put back.
        tree.write(good, to: "\(devices)/28-0000075ff6b2/w1_slave")
        #expect(try DS18B20(address: "28-0000075ff6b2").celsius(on: bus) == 23.125)
    }

    @Test("a probe without its driver is told which module is missing")
    func noDriver() {
        let tree = Tree()
        tree.folder("\(devices)/w1_bus_master1")
        tree.folder("\(devices)/28-0000075ff6b1")
        let error = #expect(throws: HardwareError.self) {
            try DS18B20(address: "28-0000075ff6b1").celsius(on: LinuxOneWireBus(sys: tree.path))
        }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("w1_therm") == true)
    }

    @Test("an address is never a path")
    func traversal() {
        let tree = Tree()
        tree.folder("\(devices)/w1_bus_master1")
        tree.write(good, to: "w1_slave")
        #expect(throws: HardwareError.self) { try LinuxOneWireBus(sys: tree.path).read(.scratchpad, of: "../../..") }
    }

    @Test("an empty file is an empty read")
    func empty() throws {
        let tree = Tree()
        tree.folder("\(devices)/w1_bus_master1")
        tree.write("", to: "\(devices)/28-0000075ff6b1/w1_slave")
        tree.write("-19\n", to: "\(devices)/28-0000075ff6b1/resolution")
        let error = #expect(throws: HardwareError.self) {
            try DS18B20(address: "28-0000075ff6b1").celsius(on: LinuxOneWireBus(sys: tree.path))
        }
        #expect(error?.kind == .notPresent)
    }

    @Test("an empty read during the conversion of another program waits for its end")
    func conversionOfOthers() throws {
        let tree = Tree()
        let slave = "\(devices)/28-0000075ff6b1/w1_slave"
        tree.write("-1\n", to: "\(devices)/w1_bus_master1/therm_bulk_read")
        tree.write("", to: slave)
        // A thread of its own, as the other program is: the read blocks this one.
        let other = Thread {
            Thread.sleep(forTimeInterval: 0.1)
            tree.write(good, to: slave)
            tree.write("1\n", to: "\(devices)/w1_bus_master1/therm_bulk_read")
        }
        other.start()
        #expect(try DS18B20(address: "28-0000075ff6b1").celsius(on: LinuxOneWireBus(sys: tree.path)) == 23.125)
    }

    @Test("a bulk conversion without the file, and without a result, is not available")
    func bulk() throws {
        let tree = Tree()
        tree.folder("\(devices)/w1_bus_master1")
        let bus = LinuxOneWireBus(sys: tree.path)
        #expect(bus.convertAll() == .unavailable("the driver has no therm_bulk_read"))
        #expect(!bus.hasUnreadConversions)
        let file = "\(devices)/w1_bus_master1/therm_bulk_read"
        tree.write("1\n", to: file)
        #expect(bus.hasUnreadConversions)
        guard case .unavailable = bus.convertAll() else {
            Issue.record("a plain file shows no conversion")
            return
        }
        // The driver compares these 8 bytes and their number.
        #expect(tree.text(of: file).hasPrefix("trigger\n"))
    }

    @Test("a read that hangs in the kernel makes its sensor time out, and is let go when it returns")
    func hangingRead() async throws {
        let tree = Tree()
        tree.folder("\(devices)/w1_bus_master1")
        tree.folder("\(devices)/28-0000075ff6b1")
        let pipe = "\(tree.path)/\(devices)/28-0000075ff6b1/w1_slave"
        mkfifo(pipe, 0o600)
        let bus = Buses.linux(sys: tree.path).oneWire
        await #expect(throws: DeadlineExceeded.self) {
            try await bus.run(within: .milliseconds(50)) { try DS18B20(address: "28-0000075ff6b1").celsius(on: $0) }
        }
        #expect(bus.isStuck)
        let writer = open(pipe, O_WRONLY)
        _ = write(writer, good, good.utf8.count)
        close(writer)
        for _ in 0..<2000 where bus.isStuck { try await Task.sleep(for: .milliseconds(1)) }
        unlink(pipe)
        tree.write(good, to: "\(devices)/28-0000075ff6b1/w1_slave")
        let celsius = try await bus.run(within: .seconds(5)) { try DS18B20(address: "28-0000075ff6b1").celsius(on: $0) }
        #expect(celsius == 23.125)
    }
}

@Suite("I2C through i2c-dev")
struct LinuxI2CBusTests {
    @Test("a bus that is not there is told with the way to enable it")
    func missing() {
        let tree = Tree()
        let bus = LinuxI2CBus(number: 1, dev: tree.path)
        let error = #expect(throws: HardwareError.self) { try bus.transfer(to: 0x48, write: [0], read: 2) }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("dtparam=i2c_arm=on") == true)
    }

    @Test("a file that is no bus is a bus error, and closes what it opened")
    func noBus() {
        let tree = Tree()
        tree.write("", to: "i2c-1")
        let bus = LinuxI2CBus(number: 1, dev: tree.path)
        for _ in 0..<2000 {
            let error = #expect(throws: HardwareError.self) { try bus.transfer(to: 0x48, write: [0], read: 2) }
            #expect(error?.kind == .busError)
        }
    }

    @Test("time goes on, and a pause takes its time")
    func time() {
        let bus = LinuxI2CBus(number: 1)
        let before = bus.now
        bus.pause(for: .milliseconds(5))
        #expect(bus.now - before >= .milliseconds(5))
        bus.pause(for: .zero)
        bus.pause(for: .seconds(-1))
    }
}
