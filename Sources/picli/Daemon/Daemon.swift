import Platform

/// The seam of `picli serve`: the composition root of the daemon takes this place.
struct Daemon {
    let site: String
    let state: String
    let listen: ListenAddress
    let isSimulated: Bool

    func run() async throws {
        throw Failure("serve.missing", "This build of picli has no services in it yet.")
    }
}
