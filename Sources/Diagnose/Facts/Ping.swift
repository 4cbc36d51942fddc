import Platform

/// Pings, all at once.
enum Ping {
    struct Answer: Hashable, Sendable {
        let sent: Int
        let received: Int
        let latency: Double?
    }

    /// - Throws: `NotHere` when there is no ping.
    static func all(_ hosts: [String], count: Int = 5, with commands: any CommandRunner) async throws -> [String:
        Answer]
    {
        try await withThrowingTaskGroup(of: (String, Answer?).self) { group in
            for host in hosts {
                group.addTask { (host, try await one(host, count, commands)) }
            }
            return try await group.reduce(into: [:]) { answers, answer in answers[answer.0] = answer.1 }
        }
    }

    private static func one(_ host: String, _ count: Int, _ commands: any CommandRunner) async throws -> Answer? {
        // 0.2 s is the least that an ordinary user may ask for.
        let command = Command(
            "ping", ["-n", "-q", "-c", "\(count)", "-i", "0.2", "-W", "1", host], timeout: .seconds(5),
            expected: [0, 1, 2])
        do {
            let result = try await commands.run(command)
            // Without the right to send them, nothing is known; no way to the host is an answer.
            let complaint = String(decoding: result.complaints, as: UTF8.self)
            if complaint.contains("not permitted") || complaint.contains("missing cap_net_raw") {
                throw NotHere("this user may not ping")
            }
            return answer(result.text) ?? Answer(sent: count, received: 0, latency: nil)
        } catch let error as CommandError {
            if case .notFound = error.reason { throw NotHere("ping is not installed") }
            return Answer(sent: count, received: 0, latency: nil)
        }
    }

    /// `5 packets transmitted, 4 received, …` and `rtt min/avg/max/mdev = 0.031/0.040/0.052/0.009 ms`.
    static func answer(_ text: String) -> Answer? {
        guard let counts = text.firstMatch(of: /(\d+) packets transmitted, (\d+) received/),
            let sent = Int(counts.1), let received = Int(counts.2)
        else { return nil }
        let time = text.firstMatch(of: /= [0-9.]+\/([0-9.]+)\//)
        return Answer(sent: sent, received: received, latency: time.flatMap { Double($0.1) })
    }
}
