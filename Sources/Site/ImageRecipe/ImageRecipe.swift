/// What a card's image is made of, and how the card is divided: the value of `image/recipe.yaml`.
public struct ImageRecipe: Hashable, Sendable {
    /// Whose system it is.
    public enum Base: String, Hashable, Sendable, CaseIterable {
        /// Debian's own kernel and packages: a Pi 3, Zero 2 W, 4, 400 or CM4, and PCs.
        case debian
        /// Raspberry Pi's kernel and firmware over Debian's packages: the Pi 5, too.
        case raspios
    }

    public enum Release: String, Hashable, Sendable, CaseIterable {
        case bookworm
        case trixie
    }

    /// Debian's release for each architecture: they differ where picli's packages were built on different ones.
    public struct Releases: Hashable, Sendable {
        public var amd64: Release
        public var arm64: Release

        public init(_ release: Release) { (amd64, arm64) = (release, release) }

        public init(amd64: Release, arm64: Release) { (self.amd64, self.arm64) = (amd64, arm64) }

        public subscript(architecture: Architecture) -> Release {
            switch architecture {
            case .amd64: amd64
            case .arm64: arm64
            }
        }
    }

    /// By Debian's names.
    public enum Architecture: String, Hashable, Sendable, CaseIterable {
        case amd64
        case arm64
    }

    /// Sizes of the partitions in bytes, whole mebibytes each; boot and root are there twice.
    public struct Layout: Hashable, Sendable {
        public var bootconfig: Int64
        public var boot: Int64
        public var root: Int64
        /// As flashed: the first boot grows it to the end of the card.
        public var data: Int64

        public init(bootconfig: Int64, boot: Int64, root: Int64, data: Int64) {
            self.bootconfig = bootconfig
            self.boot = boot
            self.root = root
            self.data = data
        }
    }

    /// What the files of the image are called by.
    public var name: String
    public var base: Base
    public var releases: Releases
    /// What it may be built for.
    public var architectures: [Architecture]
    /// Debian packages, beside those that the kernel, the firmware and picli's own package ask for.
    public var packages: [String]
    /// A folder that is laid over the root, relative to the recipe.
    public var files: String?
    /// Sources of device-tree overlays, relative to the recipe.
    public var overlays: [String]
    /// Kernel modules that reach the root file system: the initramfs has no others.
    public var modules: [String]
    public var layout: Layout

    public init(
        name: String, base: Base = .debian, releases: Releases = Releases(.bookworm),
        architectures: [Architecture] = [.amd64, .arm64], packages: [String] = [], files: String? = nil,
        overlays: [String] = [], modules: [String] = [], layout: Layout = Layout.standard
    ) {
        self.name = name
        self.base = base
        self.releases = releases
        self.architectures = architectures
        self.packages = packages
        self.files = files
        self.overlays = overlays
        self.modules = modules
        self.layout = layout
    }
}

extension ImageRecipe.Layout {
    /// Fits a card of 4 GB.
    public static let standard = ImageRecipe.Layout(
        bootconfig: 32 << 20, boot: 128 << 20, root: 1 << 30, data: 64 << 20)
}
