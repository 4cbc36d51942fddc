/// `compatibility:` other products' interfaces, all off unless named.
public struct CompatibilityConfiguration: Hashable, Sendable {
    public var controlByWeb: ControlByWebConfiguration?

    public init(controlByWeb: ControlByWebConfiguration? = nil) { self.controlByWeb = controlByWeb }
}
