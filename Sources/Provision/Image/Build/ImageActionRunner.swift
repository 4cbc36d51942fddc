import Glibc
import Platform

/// Does one thing of a plan after the other.
struct ImageActionRunner: Sendable {
    let commands: any CommandRunner

    func run(_ action: ImageAction) async throws {
        switch action {
        case .run(let command): _ = try await commands.run(command)
        case .write(let path, let bytes): try Self.write(bytes, to: path)
        case .settleTimes(let image): try await settleTimes(of: image)
        case .fill(let image, let folder): try await fill(image, from: folder)
        case .unify(let kernel): try await unify(kernel)
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o644)
        try file.write(all: bytes)
    }

    /// mke2fs copies the times of the last access and the last change, which no program can set.
    ///
    /// debugfs(8) can, with right checksums. Inodes are given in order, so that those in use are the first.
    private func settleTimes(of image: String) async throws {
        let header = try await commands.run(Command("dumpe2fs", ["-h", image])).text
        func figure(_ name: String) -> Int? {
            header.split(separator: "\n").first { $0.hasPrefix(name) }
                .flatMap { Int($0.split(separator: " ").last ?? "") }
        }
        guard let all = figure("Inode count:"), let free = figure("Free inodes:"), free < all else {
            throw Failure("image.fileSystem", "dumpe2fs does not say how many inodes \(image) has.")
        }
        let script = (1...(all - free)).map { inode in
            "sif <\(inode)> atime @\(ImagePlan.epoch)\nsif <\(inode)> ctime @\(ImagePlan.epoch)\n"
        }.joined()
        let path = image + ".times"
        try Self.write(Array(script.utf8), to: path)
        defer { unlink(path) }
        let environment = ["E2FSPROGS_FAKE_TIME": "\(ImagePlan.epoch)"]
        let result = try await commands.run(
            Command("debugfs", ["-w", "-f", path, image], environment: environment, timeout: .seconds(300)))
        // It ends well whatever happens, and complains below its version.
        let complaints = String(decoding: result.complaints, as: UTF8.self).split(separator: "\n").dropFirst()
        guard complaints.isEmpty else {
            throw Failure("image.fileSystem", "debugfs complains about \(image): \(complaints.prefix(3)).")
        }
    }

    private func fill(_ image: String, from folder: String, at place: String = "") async throws {
        let names = try SmallFile.names(in: folder)
        let folders = names.filter { FileKind(of: "\(folder)/\($0)") == .directory }
        let files = names.filter { !folders.contains($0) }
        let environment = ["SOURCE_DATE_EPOCH": "\(ImagePlan.epoch)", "TZ": "UTC"]
        func mtools(_ program: String, _ arguments: [String]) async throws {
            let command = Command(
                program, ["-i", image] + arguments, environment: environment, timeout: .seconds(300))
            _ = try await commands.run(command)
        }
        if !files.isEmpty {
            try await mtools("mcopy", ["-m", "-Q"] + files.map { "\(folder)/\($0)" } + ["::\(place)/"])
        }
        for name in folders {
            try await mtools("mmd", ["::\(place)/\(name)"])
            try await fill(image, from: "\(folder)/\(name)", at: "\(place)/\(name)")
        }
    }

    private func unify(_ kernel: UnifiedKernel) async throws {
        func size(_ path: String) throws(SystemError) -> UInt64 {
            let file = try Descriptor(opening: path, O_RDONLY)
            return UInt64(max(0, lseek(file.number, 0, SEEK_END)))
        }
        let sizes = UnifiedKernel.Sizes(
            commandLine: try size(kernel.commandLine), kernel: try size(kernel.kernel),
            initramfs: try size(kernel.initramfs))
        _ = try await commands.run(kernel.command(stub: SmallFile.bytes(at: kernel.stub, limit: 8 << 20), sizes: sizes))
    }
}
