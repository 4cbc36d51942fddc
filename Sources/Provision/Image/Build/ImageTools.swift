import Glibc
public import Platform
public import Site

/// What this machine needs to build an image, looked for before anything is begun.
public enum ImageTools {
    /// Programs by the Debian packages that bring them.
    private static let programs = [
        ("mmdebstrap", "mmdebstrap"), ("mke2fs", "e2fsprogs"), ("debugfs", "e2fsprogs"), ("dumpe2fs", "e2fsprogs"),
        ("mkfs.vfat", "dosfstools"), ("mcopy", "mtools"), ("dpkg-deb", "dpkg"), ("unshare", "util-linux"),
    ]

    /// Bytes that a build takes in its cache: an archive of the root, the root, its file system.
    private static let room: UInt64 = 3 << 30

    /// The first reason why an image cannot be built here.
    ///
    /// - Throws: `image.noTools`, `image.noKeys`, `image.noEmulator`, `image.noSpace`.
    public static func check(
        for architecture: ImageRecipe.Architecture, of base: ImageRecipe.Base = .debian, facts: ImageFacts,
        isRelease: Bool = false, root: String = ""
    ) throws(Failure) {
        var needed = programs
        if architecture == .amd64 { needed.append(("objcopy", "binutils")) }
        if architecture == .arm64, !facts.overlays.isEmpty { needed.append(("dtc", "device-tree-compiler")) }
        if isRelease { needed.append(("xz", "xz-utils")) }
        if !facts.isRoot { needed.append(("newuidmap", "uidmap")) }
        let missing = needed.filter { program, _ in
            !Command.searchPath.contains { FileKind(of: "\(root)\($0)/\(program)") == .regular }
        }.map(\.1)
        let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
        let keys = FileKind(of: root + keyring) == .regular ? [] : ["debian-archive-keyring"]
        let packages = Set(missing + keys).sorted()
        guard packages.isEmpty else {
            throw Failure(
                "image.noTools", "This machine lacks what builds an image: \(packages.joined(separator: ", ")).",
                hint: "apt-get install --no-install-recommends \(packages.joined(separator: " "))")
        }
        let foreign = "/usr/share/keyrings/raspberrypi-archive-keyring.gpg"
        if base == .raspios, FileKind(of: root + foreign) != .regular {
            throw Failure(
                "image.noKeys",
                "This machine does not know the keys of Raspberry Pi's archive: there is no \(foreign).",
                hint: "install the package raspberrypi-archive-keyring of http://archive.raspberrypi.com/debian")
        }
        if architecture.rawValue != Self.machine,
            FileKind(of: "\(root)/proc/sys/fs/binfmt_misc/qemu-\(Self.name(of: architecture))") == nil
        {
            throw Failure(
                "image.noEmulator",
                "This machine cannot run programs for \(architecture.rawValue), which packages do when they are installed.",
                hint: "make setup-image ARCH=\(architecture.rawValue); else install qemu-user-static and binfmt-support"
            )
        }
        let space = (try? FileSystemSpace(of: facts.cache))?.available ?? .max
        guard space >= room else {
            throw Failure(
                "image.noSpace",
                "Only \(space >> 20) MiB are free at \(facts.cache), and a build needs \(room >> 20) MiB.",
                hint: "make room there, or PICLI_CACHE=DIRECTORY for another place of the cache")
        }
    }

    /// What this program itself was built for.
    private static var machine: String {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }

    private static func name(of architecture: ImageRecipe.Architecture) -> String {
        architecture == .arm64 ? "aarch64" : "x86_64"
    }
}
