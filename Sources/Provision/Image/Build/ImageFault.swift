import Platform

/// What a tool of the build complains about, in words that say what to do.
enum ImageFault {
    static func failure(_ error: any Error, in stage: String) -> any Error {
        guard let error = error as? CommandError else { return DiskWriter.failure(error) }
        let lines = error.lastLines
        func first(of words: String...) -> String? {
            lines.first { line in words.contains { word in line.contains(word) } }
        }
        if let line = first(of: "Unable to locate package", "has no installation candidate") {
            return Failure(
                "image.unknownPackage", "Debian's archive does not have a package of the recipe: \(line.said).",
                hint: "correct its name in the recipe; apt-cache policy NAME shows which there are", status: .usage)
        }
        if let line = first(of: "No space left on device") {
            return Failure(
                "image.noSpace", "There is no room to make the image: \(line.said).",
                hint: "make room there, or PICLI_CACHE=DIRECTORY for another place of the cache")
        }
        if let line = first(of: "does not have a Release file", "no longer has a Release file") {
            return Failure(
                "image.noRelease", "Debian's mirror does not have the recipe's release: \(line.said).",
                hint: "correct the release in the recipe, or the mirror in /etc/apt/sources.list", status: .usage)
        }
        if let line = first(
            of: "Hash Sum mismatch", "unexpected size", "Mirror sync in progress", "is not valid yet", "404  Not Found")
        {
            return Failure(
                "image.mirrorChanging", "Debian's mirror changed while packages were fetched: \(line.said).",
                hint: "the same command again in some minutes", status: .tryAgain)
        }
        if let line = first(
            of: "Temporary failure resolving", "Could not resolve", "Could not connect", "Network is unreachable",
            "Connection refused", "Connection timed out", "Failed to fetch", "Unable to fetch")
        {
            return Failure(
                "image.noNetwork", "Debian's mirror cannot be reached: \(line.said).",
                hint: "see to the network, then the same command again; what is in the cache is kept",
                status: .tryAgain)
        }
        if let line = first(of: "dependency problems", "depends on") {
            return Failure(
                "image.dependencies", "picli's package does not fit the recipe's release: \(line.said).",
                hint: "build the package on that release, or name another one in the recipe")
        }
        return Failure("image.\(stage)", "\(error).", hint: "the same command again; finished stages are kept")
    }
}

extension String {
    /// Within a sentence.
    fileprivate var said: String {
        String((hasPrefix("E: ") || hasPrefix("W: ") ? dropFirst(3) : self[...]).prefix(200))
    }
}
