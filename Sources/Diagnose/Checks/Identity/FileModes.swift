import Site

/// Files that others could read.
struct FileModes: Check {
    let id = "identity.modes"
    let title = "keys and secrets are closed to others"
    let needs: Set<Probe> = [.modes]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.modes) { files in
            let open = files.filter { $0.mode & ~$0.most != 0 }
            guard !open.isEmpty else { return [.ok("Keys and secrets are closed to others.")] }
            return open.map { file in
                .fail(
                    "\(file.path) has the mode \(String(file.mode, radix: 8)), and may have \(String(file.most, radix: 8)).",
                    file.path, cause: "Others on this machine can read or change it.", do: "close it",
                    repair: .init(
                        ["chmod", String(file.mode & file.most, radix: 8), file.path],
                        undo: ["chmod", String(file.mode, radix: 8), file.path]))
            }
        }
    }
}
