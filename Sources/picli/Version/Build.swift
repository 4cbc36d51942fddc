/// Which picli this is.
enum Build {
    /// Semantic version; the newest heading of CHANGELOG.md.
    static let version = "0.1.0"
}
