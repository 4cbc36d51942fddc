import Foundation

/// What the firmware of a Pi reads before it starts a kernel, found in an image as the firmware does: the partition that
/// `autoboot.txt` names, and there kernel, initramfs and command line by the names that `config.txt` gives.
struct ImageFirmware: Sendable {
    let kernel: URL
    let initramfs: URL
    let arguments: String
    /// nil where QEMU makes one.
    let deviceTree: URL?

    /// Copies them into a folder.
    ///
    /// - Parameter deviceTree: The name of that of the board.
    init(of image: URL, in folder: URL, deviceTree name: String? = nil) async throws {
        let paper = try JSONDecoder().decode(Paper.self, from: Data(contentsOf: URL(filePath: image.path + ".json")))
        func copy(_ name: String, from number: Int) async throws -> URL {
            guard let partition = paper.partitions.first(where: { $0.number == number }) else {
                throw BenchFailure("\(image.lastPathComponent) has no partition \(number)")
            }
            let place = folder.appending(path: name)
            try await ImageMachine.run(
                ["mcopy", "-n", "-i", "\(image.path)@@\(partition.start * 512)", "::\(name)", place.path])
            return place
        }
        func text(_ name: String, from number: Int) async throws -> String {
            try String(contentsOf: try await copy(name, from: number), encoding: .utf8)
        }
        guard let slot = try await Self.value("boot_partition", in: text("autoboot.txt", from: 1)).flatMap({ Int($0) })
        else { throw BenchFailure("autoboot.txt names no partition") }
        let config = try await text("config.txt", from: slot)
        guard let kernel = Self.value("kernel", in: config),
            let initramfs = config.firstMatch(of: /(?m)^initramfs (\S+)/).map({ String($0.1) })
        else { throw BenchFailure("config.txt names no kernel, or no initramfs") }
        self.kernel = try await copy(kernel, from: slot)
        self.initramfs = try await copy(initramfs, from: slot)
        arguments = try await text("cmdline.txt", from: slot).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let name else {
            deviceTree = nil
            return
        }
        let tree = try await copy(name, from: slot)
        // The serial line that QEMU has is Bluetooth's in this tree.
        try await ImageMachine.run(["fdtput", "-r", tree.path, "/soc/serial@7e201000/bluetooth"])
        deviceTree = tree
    }

    /// Of a line `name=value` below `[all]`, the first of its name.
    private static func value(_ name: String, in text: String) -> String? {
        text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name)=") }
            .map { String($0.dropFirst(name.utf8.count + 1)) }
    }

    /// `image.json`, as far as it counts here.
    struct Paper: Decodable {
        struct Partition: Decodable {
            let number: Int
            let name: String
            /// First sector of 512 bytes.
            let start: Int
        }
        let partitions: [Partition]
    }
}
