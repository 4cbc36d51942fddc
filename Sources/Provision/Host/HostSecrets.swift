public import Site

/// The secrets that the texts of a host need, wherever they come from.
public struct HostSecrets: Hashable, Sendable {
    /// What a person wrote: `/etc/picli/secrets.yaml`.
    public var named: Secrets
    /// What cameras log in with.
    public var cameras: CameraSecrets

    public init(named: Secrets = Secrets(), cameras: CameraSecrets = CameraSecrets()) {
        self.named = named
        self.cameras = cameras
    }
}
