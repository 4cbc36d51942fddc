import Testing

@testable import Web

@Suite("Who may try to log in") struct LoginThrottleTests {
    private static let minute: Int64 = 60_000

    private func network(_ address: String) throws -> LoginNetwork { LoginNetwork(try #require(IPAddress(address))) }

    @Test("10,000 guesses from one address: 20 are looked at in the first hour, ten in the next")
    func guesses() throws {
        var throttle = LoginThrottle()
        let guesser = try network("192.0.2.66")
        var admitted = [0, 0]
        for attempt in 0..<20_000 {
            let time = Int64(attempt) * 360
            if throttle.attempt(account: "anna", from: guesser, at: time) == .admit {
                admitted[Int(time / (60 * Self.minute))] += 1
            }
        }
        #expect(admitted[0] <= 20 && admitted[0] >= 18 && admitted[1] <= 11, "\(admitted)")
    }

    @Test("whoever guesses does not keep the owner out, from an address that is new or known")
    func owner() throws {
        var throttle = LoginThrottle()
        let (guesser, home, away) = (try network("192.0.2.66"), try network("192.0.2.1"), try network("198.51.100.9"))
        #expect(throttle.attempt(account: "anna", from: home, at: 0) == .admit)
        throttle.succeeded(account: "anna", from: home, at: 0)
        for attempt in 0..<1000 { _ = throttle.attempt(account: "anna", from: guesser, at: Int64(attempt)) }
        #expect(throttle.attempt(account: "anna", from: away, at: 2000) == .admit)
        // From everywhere at once: only where the owner has been before is still open.
        for attempt in 0..<100 {
            _ = throttle.attempt(account: "anna", from: try network("203.0.113.\(attempt)"), at: 3000)
        }
        #expect(throttle.attempt(account: "anna", from: away, at: 4000) != .admit)
        #expect(throttle.attempt(account: "anna", from: home, at: 4000) == .admit)
        #expect(throttle.attempt(account: "bert", from: away, at: 4000) == .admit, "other accounts are not touched")
    }

    @Test("a colleague behind the same address does not keep the owner out, and who guesses there gains little")
    func shared() throws {
        var throttle = LoginThrottle()
        let office = try network("192.0.2.1")
        throttle.remember(account: "anna", from: office, at: 0)
        for _ in 0..<100 { _ = throttle.attempt(account: "bert", from: office, at: 1000) }
        #expect(throttle.attempt(account: "bert", from: office, at: 1000) != .admit)
        let admitted = (0..<100).count { _ in throttle.attempt(account: "anna", from: office, at: 1000) == .admit }
        #expect(admitted == 10)
        #expect(throttle.attempt(account: nil, from: office, at: 1000) != .admit, "there is one setup token for all")
    }

    @Test("who is told to wait, is let in after that; a right password costs nothing")
    func waiting() throws {
        var throttle = LoginThrottle()
        let place = try network("192.0.2.5")
        for _ in 0..<50 {
            #expect(throttle.attempt(account: "anna", from: place, at: 1000) == .admit)
            throttle.succeeded(account: "anna", from: place, at: 1000)
        }
        var decision = LoginThrottle.Decision.admit
        for _ in 0..<11 { decision = throttle.attempt(account: "anna", from: place, at: 1000) }
        guard case .wait(let seconds) = decision else {
            Issue.record("never told to wait")
            return
        }
        #expect((1...360).contains(seconds))
        #expect(throttle.attempt(account: "anna", from: place, at: 1000 + Int64(seconds) * 1000 - 1000) != .admit)
        #expect(throttle.attempt(account: "anna", from: place, at: 1000 + Int64(seconds) * 1000) == .admit)
    }

    @Test("an IPv6 client has a whole /64 of addresses, and they are one")
    func version6() throws {
        #expect(try network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9"))
        #expect(try network("2001:db8:1:2::1") != network("2001:db8:1:3::1"))
    }

    @Test("an IPv4 client is one of its own, also where the socket takes both families")
    func mapped() {
        let places = ["::ffff:192.0.2.7", "192.0.2.7", "::ffff:192.0.2.8", "2001:db8::1"].map {
            Origin(actor: "", address: $0, agent: "")
        }
        #expect(places[0].network == places[1].network && places[0].network != places[2].network)
        #expect(places.map(\.place) == ["192.0.2.7", "192.0.2.7", "192.0.2.8", "2001:db8::1"])
    }

    @Test("a flood of addresses and names takes no more memory than some thousand")
    func bounded() throws {
        var throttle = LoginThrottle()
        for index in 0..<6000 {
            let place = try network("10.\(index >> 16 & 255).\(index >> 8 & 255).\(index & 255)")
            _ = throttle.attempt(account: "user\(index)", from: place, at: Int64(index))
        }
        let tables = Mirror(reflecting: throttle).children.map { Mirror(reflecting: $0.value).children.count }
        #expect(tables.allSatisfy { $0 <= LoginThrottle.most })
    }
}
