import Foundation
import NIOHTTP1
import Site
import Testing

/// Whoever guesses passwords, and those who sign in meanwhile.
@Suite("Guessing", .serialized)
struct GuessingTests {
    private static let users: [(name: String, role: Role)] = [("anna", .admin), ("vera", .viewer)]

    private func expectThrottled(_ reply: Visitor.Reply) {
        let seconds = reply.headers.first(name: "Retry-After").flatMap { Int($0) }
        #expect(seconds.map { (1...360).contains($0) } == true, "\(reply.headers)")
    }

    @Test("of 10,000 guesses from one address at most 20 are looked at; the owner comes in, and the log stays short")
    func guesses() async throws {
        try await ProvisionedUnit.with(users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                let end = ContinuousClock.now + .seconds(60)
                let counts = try await withThrowingTaskGroup(of: [Int: Int].self) { group in
                    for guesser in 0..<8 {
                        group.addTask {
                            var counts: [Int: Int] = [:]
                            for number in 0..<1250 where ContinuousClock.now < end {
                                // At one account, and at many.
                                let name = number % 2 == 0 ? "anna" : "user\(number % 100)"
                                let reply = try await network.signIn(name, "guess number \(guesser) \(number)")
                                counts[reply.status, default: 0] += 1
                                if reply.status == 429 { expectThrottled(reply) }
                            }
                            return counts
                        }
                    }
                    // While they guess.
                    for place in ["127.0.0.2", "127.0.0.3"] {
                        try await Task.sleep(for: .seconds(1))
                        #expect(try await comesIn(network, from: place))
                    }
                    return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
                }
                print("guessing: \(counts)")
                let tried = counts.values.reduce(0, +)
                #expect(tried >= 1_000, "only so many in 60 s")
                #expect(Set(counts.keys) == [401, 429])
                #expect((10...20).contains(counts[401] ?? 0), "\(counts)")
                #expect(try await network.signIn("anna", ProvisionedUnit.password).status == 429, "also the right one")
                // 100 at once, and one a minute.
                let entries = try await door.kept().entries.filter { $0.hasPrefix("login.") }
                #expect((100...110).contains(entries.count), "\(entries.count) entries")
            }
        }
    }

    /// As somebody would do who is told that too many sign in at once: again in a moment.
    private func comesIn(_ network: Visitor, from place: String) async throws -> Bool {
        for _ in 0..<15 {
            let reply = try await network.signIn("anna", ProvisionedUnit.password, from: place)
            if reply.status == 303 { return true }
            guard reply.status == 429, reply.body.contains("Too many people sign in at once") else { return false }
            try await Task.sleep(for: .seconds(1))
        }
        return false
    }

    @Test("the answer to a name that is none comes as late as that to a wrong password")
    func unknownNames() async throws {
        try await ProvisionedUnit.with(users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                var times: [String: [Duration]] = [:]
                for place in 1...9 {
                    // In turn, so that what else the machine does hits both.
                    for name in ["anna", "nobody\(place)"] {
                        let start = ContinuousClock.now
                        let reply = try await network.signIn(name, "a wrong password", from: "127.0.4.\(place)")
                        times[name == "anna" ? "known" : "unknown", default: []].append(ContinuousClock.now - start)
                        #expect(reply.status == 401)
                        #expect(reply.body.contains("Name or password is wrong."))
                    }
                }
                // The least: what else the machine did is in all the others.
                let least = try times.mapValues { try #require($0.min()) / Duration.seconds(1) }
                print("unknown names: \(least)")
                let ratio = try #require(least["unknown"]) / #require(least["known"])
                #expect((0.67...1.5).contains(ratio), "\(least)")
            }
        }
    }

    @Test("200 logins at once: some come in, the others are told to come back, and no tick is missed meanwhile")
    func rush() async throws {
        try await ProvisionedUnit.with(site: SteadySensing.site, users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                // So that what is made once is made.
                #expect(try await network.signIn("vera", ProvisionedUnit.password).status == 303)
                let before = try door.unit.ownMemory()
                var most = before
                var replies: [String: Int] = [:]
                try await SteadySensing.whileDoing(at: door.unit) {
                    try await withThrowingTaskGroup(of: String.self) { group in
                        for place in 1...200 {
                            group.addTask { try await outcome(of: place, network) }
                        }
                        for try await outcome in group {
                            replies[outcome, default: 0] += 1
                            most = max(most, try door.unit.ownMemory())
                        }
                    }
                }
                print("rush: \(replies), memory \((most - before) >> 10) kB more")
                #expect(most - before < 40 << 20)
                // One is computed and seven wait; a connection too many is told 503, or nothing when there are many.
                #expect(replies["303", default: 0] >= 8)
                #expect(replies["429", default: 0] > 0)
                #expect(Set(replies.keys).isSubset(of: ["303", "429", "503", "closed"]), "\(replies)")
                #expect(replies["closed", default: 0] <= 200 - 128 - 8)
                #expect(try await network.signIn("vera", ProvisionedUnit.password).status == 303)
            }
        }
    }

    private func outcome(of place: Int, _ network: Visitor) async throws -> String {
        do {
            let reply = try await network.signIn("anna", ProvisionedUnit.password, from: "127.0.1.\(place)")
            if reply.status == 429 {
                expectThrottled(reply)
                #expect(reply.body.contains("Too many people sign in at once"), "\(reply)")
            }
            return "\(reply.status)"
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return "closed"
        }
    }
}
