public import Platform
public import Site

/// How an image is made: a value, before anything is fetched or written.
///
/// Each stage is kept in the cache under a hash of its inputs, so that a build repeats only what an input has changed.
public struct ImagePlan: Hashable, Sendable {
    /// The time of everything in an image, 2026-01-01: the same inputs give the same bytes.
    public static let epoch: Int64 = 1_767_225_600

    public let recipe: ImageRecipe
    public let architecture: ImageRecipe.Architecture
    public let layout: ImageLayout
    /// The base, the system and the partitions, in the order in which they are made.
    public let stages: [ImageStage]
    /// What is put together at the end.
    public let assembly: DiskAssembly
    /// Without folder: `picli-0.1.0-arm64.img`.
    public let fileName: String
    /// What somebody has to know before the image is used.
    public let notes: [String]

    /// - Throws: `image.wrongArchitecture`, `image.path`.
    public init(
        _ recipe: ImageRecipe, for architecture: ImageRecipe.Architecture, from facts: ImageFacts
    ) throws(Failure) {
        guard recipe.architectures.contains(architecture) else {
            throw Failure(
                "image.wrongArchitecture", "The recipe '\(recipe.name)' is not for \(architecture.rawValue).",
                hint: "--arch \(recipe.architectures.map(\.rawValue).joined(separator: ", or "))", status: .usage)
        }
        guard facts.package.architecture == architecture.rawValue else {
            throw Failure(
                "image.wrongArchitecture",
                "\(facts.package.path) is a package for \(facts.package.architecture), not for \(architecture.rawValue).",
                hint: "make deb ARCH=\(architecture.rawValue)", status: .usage)
        }
        let parts = ImageParts(recipe: recipe, architecture: architecture, facts: facts)
        let base = try parts.base()
        let system = try parts.slot(on: base)
        let boot = parts.boot(of: system)
        let config = try parts.bootconfig(of: system)
        let data = parts.data()
        self.recipe = recipe
        self.architecture = architecture
        layout = ImageLayout(recipe, for: architecture)
        stages = [base, system, boot, config, data]
        fileName = "\(recipe.name)-\(facts.package.version)-\(architecture.rawValue).img"
        assembly = DiskAssembly(
            table: layout.table, output: "\(facts.output)/\(fileName)",
            parts: [
                .bootconfig: "\(config.folder)/bootconfig.vfat", .bootA: "\(boot.folder)/boot.vfat",
                .rootA: "\(system.folder)/root.ext4", .data: "\(data.folder)/data.ext4",
            ])
        notes =
            recipe.base == .raspios
            ? [
                "Images of Raspberry Pi OS are planned and tested as plans; none has been built or booted by picli's tests."
            ]
            : []
    }

    /// The plan as people and tests read it: one action a line.
    public var text: String {
        var text = ""
        for stage in stages {
            text += "\(stage.id): \(stage.summary)\n"
            for action in stage.actions { text += "  \(action.line)\n" }
        }
        text += "image: Put the partitions together, and write what ships beside them.\n"
        for partition in layout.table.partitions {
            let mebibytes = partition.count / 2048
            let source = ImageLayout.Part(rawValue: partition.name).flatMap { assembly.parts[$0] } ?? "empty"
            text += "  \(partition.name) at sector \(partition.start), \(mebibytes) MiB: \(source)\n"
        }
        return text + "  \(assembly.output)\n"
    }
}

extension ImageAction {
    /// On one line.
    var line: String {
        switch self {
        case .run(let command):
            let variables = command.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value) " }.joined()
            return "run \(variables)\(command)"
        case .write(let path, let bytes): return "write \(path), \(bytes.count) bytes"
        case .settleTimes(let image): return "settle times in \(image)"
        case .fill(let image, let folder): return "fill \(image) from \(folder)"
        case .unify(let kernel):
            return
                "unify \(kernel.stub), \(kernel.kernel), \(kernel.initramfs), \(kernel.commandLine) as \(kernel.output)"
        }
    }
}
