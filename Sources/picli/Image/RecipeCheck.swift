import Platform
import Site

/// A recipe, read and judged as a whole before any work.
struct RecipeCheck {
    /// Its folder: paths in it are relative to that.
    let folder: String
    let recipe: ImageRecipe

    /// Errors: `input.…`, and `image.recipe` (exit 64), after every fault was told.
    init(_ path: String, _ console: Console) throws {
        let input = try InputText(path)
        let result = ImageRecipe.parse(input.text, file: input.name)
        for diagnostic in result.diagnostics { console.note(diagnostic.description) }
        guard let value = result.value else {
            throw Failure(
                "image.recipe", "\(input.name) cannot be used.", hint: "correct what is listed above", status: .usage)
        }
        recipe = value
        folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
