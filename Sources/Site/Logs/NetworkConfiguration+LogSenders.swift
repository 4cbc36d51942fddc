extension NetworkConfiguration {
    /// Who may send log lines, and what they are called: `router`, and the cameras by their ids.
    public var logSenders: [(address: String, name: String)] {
        let router = router.map { [($0.address.description, "router")] } ?? []
        return router + cameras.map { ($0.address.description, $0.id) }
    }
}
