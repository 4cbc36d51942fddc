public import Site

extension Accounts {
    /// Makes a change of the users, and answers all of them.
    ///
    /// - Throws: `Problem` 400, 404 or 409 with what is wrong.
    public func perform(_ change: UserChange, by origin: Origin) async throws -> UsersDocument {
        if !isLoaded { try await load() }
        switch change {
        case .add(let name, let role, let password): try await add(name, role: role, password: password, by: origin)
        case .password(let name, let password): try await setPassword(of: name, to: password, by: origin)
        case .role(let name, let role): try await self.change(name, role: role, by: origin)
        case .disabled(let name, let isDisabled): try await self.change(name, isDisabled: isDisabled, by: origin)
        case .reset(let name, let password): try await reset(name, password: password, by: origin)
        case .remove(let name): try await remove(name, by: origin)
        }
        return UsersDocument(users)
    }
}
