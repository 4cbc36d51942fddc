import Foundation
import Glibc

@testable import Hardware
@testable import Platform

extension FuzzTarget {
    static let board = [
        FuzzTarget(name: "board-files") {
            let card = FuzzedCard.shared
            return card.paths.indices.map { [UInt8($0)] + card.contents[$0] }
        } read: { bytes in
            guard let choice = bytes.first else { return }
            FuzzedCard.shared.look(at: bytes.dropFirst(), instead: Int(choice))
        },
        FuzzTarget(name: "mounts") {
            try Fixture.files("Tests/BoardTests/Fixtures", ["mountinfo"])
        } read: { bytes in
            for mount in MountTable(mountinfo: text(bytes)).mounts { _ = mount.isFileSystemReadOnly }
        },
        FuzzTarget(name: "firmware-message") {
            [Array("throttled=0x50005\n".utf8), Array("throttled=0x0".utf8)]
        } read: { bytes in
            var message = FirmwareMessage(command: "get_throttled")
            let count = message.words.count
            for (index, byte) in bytes.prefix(count * 4).enumerated() {
                message.words[index / 4] ^= UInt32(byte) << UInt32(8 * (index % 4))
            }
            if let answer = try? message.answer() { _ = try? BoardSupply.bits(answer) }
            _ = try? BoardSupply.bits(text(bytes))
        },
    ]
}

/// A card with the files of a Raspberry Pi 4, one of which says something else each time.
private struct FuzzedCard: Sendable {
    static let shared = FuzzedCard()

    let paths: [String]
    let contents: [[UInt8]]
    private let root: String

    private init() {
        let fixture = Fixture.path("Tests/BoardTests/Fixtures/raspberry-pi-4")
        // In memory: each try writes a file.
        let folder = URL(filePath: "/dev/shm/picli-fuzz-\(getpid())")
        root = folder.path
        do {
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.copyItem(at: URL(filePath: fixture), to: folder)
            paths = try FileManager.default.subpathsOfDirectory(atPath: fixture).sorted().filter {
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: "\(fixture)/\($0)", isDirectory: &isFolder)
                    && !isFolder.boolValue
            }
            contents = try paths.map { [UInt8](try Data(contentsOf: URL(filePath: "\(fixture)/\($0)"))) }
        } catch {
            fatalError("\(fixture) cannot be copied: \(error)")
        }
        atexit { try? FileManager.default.removeItem(atPath: "/dev/shm/picli-fuzz-\(getpid())") }
    }

    /// Reads the whole board twice, as a collector does: counters are compared with those before.
    func look(at bytes: ArraySlice<UInt8>, instead choice: Int) {
        let files = BoardFiles(root: root)
        let index = choice % paths.count
        let (temperature, supply) = (BoardTemperature(), BoardSupply(firmware: NoFirmware()))
        var (processor, disks) = (BoardProcessor(files), BoardDisks())
        var (network, graphics) = (BoardNetwork(), BoardGraphics())
        func figures() -> [BoardFigure] {
            temperature.figures(files) + supply.figures(files) + processor.figures(files) + disks.figures(files)
                + network.figures(files) + graphics.figures(files)
        }
        _ = figures()
        write(Array(bytes), to: paths[index])
        for figure in figures() {
            if case .success(let value) = figure.outcome {
                FuzzTarget.require(value.isFinite, "\(paths[index]) makes \(figure)")
            }
        }
        _ = BoardIdentity(root: root)
        write(contents[index], to: paths[index])
    }

    private func write(_ bytes: [UInt8], to path: String) {
        let descriptor = open("\(root)/\(path)", O_WRONLY | O_TRUNC)
        defer { close(descriptor) }
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }
}
