extension ImageRecipe {
    static let table = Record<ImageRecipe>(
        blank,
        [
            .required("name", \.name, Shapes.id, "What the files of the image are called by.", .plain),
            .defaulted("base", \.base, Shapes.word("a base"), of: blank, "Whose system: debian or raspios.", .plain),
            .defaulted("release", \.releases, Releases.shape, of: blank, "Debian's release.", .plain),
            .defaulted(
                "arch", \.architectures, Shapes.word("an architecture", Architecture.self).oneOrMore, of: blank,
                "What it may be built for: amd64, arm64.", .plain),
            .list("packages", \.packages, RecipeShapes.package.list, "Debian packages of the root.", .plain),
            .optional("files", \.files, RecipeShapes.path, "A folder that is laid over the root.", .plain),
            .list("overlays", \.overlays, RecipeShapes.path.list, "Sources of device-tree overlays.", .plain),
            .list("modules", \.modules, RecipeShapes.module.list, "Kernel modules of the initramfs.", .plain),
            .defaulted("layout", \.layout, Layout.table.shape(), of: blank, "Sizes of the partitions.", .plain),
        ])

    private static let blank = ImageRecipe(name: "")
}

extension ImageRecipe.Releases {
    private static let word = Shapes.word("a release", ImageRecipe.Release.self)
    private static let blank = ImageRecipe.Releases(.bookworm)

    private static let table = Record<ImageRecipe.Releases>(
        blank,
        [
            .defaulted("amd64", \.amd64, word, of: blank, "That of PCs and virtual machines.", .plain),
            .defaulted("arm64", \.arm64, word, of: blank, "That of Pis.", .plain),
        ])

    /// A word, or a mapping with a word for each architecture.
    static let shape = Shape<ImageRecipe.Releases>(
        read: { node, findings in
            guard case .mapping = node.content else {
                return word.read(node, &findings).map { ImageRecipe.Releases($0) }
            }
            return table.shape().read(node, &findings)
        },
        write: { $0.amd64 == $0.arm64 ? word.write($0.amd64) : table.shape().write($0) },
        schema: .object(["oneOf": .array([word.schema, table.shape().schema])]), noun: "a release")
}

extension ImageRecipe.Layout {
    static let table = Record<ImageRecipe.Layout>(
        .standard,
        [
            .defaulted(
                "bootconfig", \.bootconfig, RecipeShapes.size(16 << 20, 512 << 20), of: .standard,
                "Says which slot boots, and carries what makes a card a unit.", .plain),
            .defaulted(
                "boot", \.boot, RecipeShapes.size(64 << 20, 1 << 30), of: .standard,
                "Kernel and firmware of one slot.", .plain),
            .defaulted(
                "root", \.root, RecipeShapes.size(256 << 20, 16 << 30), of: .standard, "The system of one slot.",
                .plain),
            .defaulted(
                "data", \.data, RecipeShapes.size(32 << 20, 64 << 30), of: .standard,
                "What a unit keeps; grows to the end of the card.", .plain),
        ])
}

/// Shapes that only recipes have.
private enum RecipeShapes {
    /// Debian Policy, 5.6.1.
    static let package: Shape<String> = .scalar(
        "a package", schema: .object(["type": .string("string"), "pattern": .string("^[a-z0-9][a-z0-9+.-]+$")]),
        write: { .text($0) }
    ) { text in
        let isName =
            (2...100).contains(text.utf8.count) && text.first.map { isLowerCase($0) } == true
            && text.allSatisfy { isLowerCase($0) || "+.-".contains($0) }
        return isName
            ? .success(text)
            : .failure(
                .init("'\(text.excerpt)' is not the name of a package", hint: "the bare name, as apt shows it"))
    }

    static let module: Shape<String> = .scalar(
        "a module", schema: .object(["type": .string("string"), "pattern": .string("^[A-Za-z0-9_-]+$")]),
        write: { .text($0) }
    ) { text in
        let isName =
            text.utf8.count <= 64 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
        return isName
            ? .success(text)
            : .failure(
                .init("'\(text.excerpt)' is not the name of a kernel module", hint: "without folder and .ko"))
    }

    /// Below the recipe's own folder.
    static let path: Shape<String> = .scalar(
        "a path", schema: .object(["type": .string("string"), "minLength": .number(1)]), write: { .text($0) }
    ) { text in
        let names = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= 1000, names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            return .failure(
                .init(
                    "'\(text.excerpt)' is not a plain path",
                    hint: "relative to the recipe, without '..': overlays/x.dts"
                ))
        }
        return .success(text)
    }

    static func size(_ least: Int64, _ most: Int64) -> Shape<Int64> {
        Shapes.size.checked { bytes in
            guard bytes.isMultiple(of: 1 << 20) else {
                return ScalarFailure("a partition is whole mebibytes", hint: "write MiB or GiB: 128MiB")
            }
            guard (least...most).contains(bytes) else {
                return ScalarFailure("out of range: from \(ByteSize.text(least)) to \(ByteSize.text(most))")
            }
            return nil
        }
    }

    private static func isLowerCase(_ letter: Character) -> Bool {
        letter.isASCII && (letter.isLowercase || letter.isNumber)
    }
}
