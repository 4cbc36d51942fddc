/// What came of reading a recipe: a value when there is no error, and everything there is to say, in file order.
public struct ImageRecipeResult: Hashable, Sendable {
    /// nil when there is at least one error.
    public var value: ImageRecipe?
    public var diagnostics: [SiteFileDiagnostic]
}

extension ImageRecipe {
    /// Reads and checks a whole recipe.
    ///
    /// Everything that is wrong is reported at once, in file order. `file` is the name that diagnostics begin with.
    public static func parse(_ text: String, file: String = "recipe.yaml") -> ImageRecipeResult {
        var findings = Findings(file: file, noun: "recipe")
        var recipe: ImageRecipe?
        if let text = SourceText.check(text, &findings) {
            if let root = YAMLReader.read(text, &findings) {
                recipe = table.shape("a recipe (key: value)").read(root, &findings)
                if let recipe { check(recipe, root, &findings) }
            } else if !findings.hasErrors {
                findings.add(
                    .error, .init(line: 1, column: 1), "", "the file is empty", "the least that works is 'name: picli'")
            }
        }
        return ImageRecipeResult(value: findings.hasErrors ? nil : recipe, diagnostics: findings.sorted)
    }

    /// What needs more than one value to judge.
    private static func check(_ recipe: ImageRecipe, _ root: SourceNode, _ findings: inout Findings) {
        for key in ["arch", "packages", "overlays", "modules"] {
            noteRepetitions(root[key], &findings)
        }
        if recipe.base == .raspios, recipe.architectures.contains(.amd64) {
            findings.error(
                root["arch"] ?? root, "Raspberry Pi OS has no amd64", hint: "write 'arch: arm64', or 'base: debian'")
        }
        guard let overlays = root["overlays"] else { return }
        for node in overlays.elements where node.text.map({ !$0.hasSuffix(".dts") }) == true {
            findings.error(node, "a device-tree overlay is given by its source", hint: "a file that ends with .dts")
        }
    }

    private static func noteRepetitions(_ list: SourceNode?, _ findings: inout Findings) {
        var seen: Set<String> = []
        for node in list?.elements ?? [] {
            guard let text = node.text, !seen.insert(text).inserted else { continue }
            findings.error(node, "'\(text.excerpt)' stands here twice", hint: "remove one of them")
        }
    }
}
