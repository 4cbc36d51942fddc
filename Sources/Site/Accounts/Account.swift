/// Somebody who may sign in.
public struct Account: Hashable, Sendable {
    /// For ever; names can be given away.
    public let id: Int64
    public var name: UserName
    public var role: Role
    /// The hash of the password, in the PHC string format.
    public var password: String
    public var isDisabled: Bool
    /// Wall milliseconds.
    public var created: Int64
    public var lastLogin: Int64?
    /// The second factor; nil without one.
    public var secondFactor: SecondFactor?

    /// Codes that change (TOTP, RFC 6238), and those for the day on which the phone is lost.
    public struct SecondFactor: Hashable, Sendable {
        public var secret: [UInt8]
        /// The step of the code that was used last.
        public var lastStep: Int64?
        /// SHA-256 of each recovery code that was not used yet.
        public var recovery: [[UInt8]]

        public init(secret: [UInt8], lastStep: Int64? = nil, recovery: [[UInt8]]) {
            self.secret = secret
            self.lastStep = lastStep
            self.recovery = recovery
        }
    }

    public init(
        id: Int64, name: UserName, role: Role, password: String, isDisabled: Bool = false, created: Int64,
        lastLogin: Int64? = nil, secondFactor: SecondFactor? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.password = password
        self.isDisabled = isDisabled
        self.created = created
        self.lastLogin = lastLogin
        self.secondFactor = secondFactor
    }
}
