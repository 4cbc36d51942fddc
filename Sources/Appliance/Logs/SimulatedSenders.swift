import Glibc
import Hardware
import Platform
public import ServiceLifecycle
public import Site

/// The router and the cameras of a simulated site: now and then they log something that such devices log, and say that
/// it is simulated.
///
/// They write what rsyslogd would, so that everything behind it is as it will be.
public struct SimulatedSenders<WaitingClock: Clock>: Service where WaitingClock.Duration == Duration {
    private let directory: String
    private let senders: [(address: String, name: String)]
    private let clock: WaitingClock
    private let now: @Sendable () -> Timestamp

    public init(
        _ senders: [(address: String, name: String)], directory: String, clock: WaitingClock,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.senders = senders
        self.directory = directory
        self.clock = clock
        self.now = now
    }

    /// Severity, program and text.
    private static var router: [(Int, String, String)] {
        [
            (6, "dnsmasq-dhcp", "DHCPACK(br-lan) to the camera"), (6, "netifd", "Interface 'mob1s1a1' is now up"),
            (5, "gsm", "Network registration: home, LTE B4, RSRP -98 dBm"),
            (4, "pppd", "No response to 3 echo-requests"),
            (3, "gsm", "Modem not responding, restarting it"), (6, "dropbear", "Exit before auth: Disconnect received"),
            (6, "ntpclient", "Time set from the network"),
        ]
    }

    private static var camera: [(Int, String, String)] {
        [
            (6, "videomotion", "motion started in area 1"), (6, "videomotion", "motion ended"),
            (5, "storage", "Recording to the network share"), (4, "storage", "Network share slow: 2.4 s for a clip"),
            (6, "ircutd", "Switched to night mode"), (3, "ftpd", "Login failed for user admin"),
        ]
    }

    public func run() async throws {
        let noise = SimulatedNoise(seed: 42)
        await cancelWhenGracefulShutdown {
            var turn: Int64 = 0
            repeat {
                for (index, sender) in senders.enumerated() {
                    let value = { noise.uniform(turn * 16 + Int64(index) * 4 + $0) }
                    // Mostly nothing, and what is seldom in such a log is seldom here.
                    guard turn == 0 || value(0) < 0.15 else { continue }
                    let choices = sender.name == "router" ? Self.router : Self.camera
                    let rank = Int(value(1) * value(1) * Double(choices.count))
                    write(choices[min(rank, choices.count - 1)], of: sender)
                }
                turn += 1
            } while (try? await clock.sleep(for: .seconds(2))) != nil
        }
    }

    private func write(
        _ message: (severity: Int, program: String, text: String), of sender: (address: String, name: String)
    ) {
        let time = now()
        let (seconds, milliseconds) = time.wall.quotientAndRemainder(dividingBy: 1000)
        let claimed = ISO8601.string(milliseconds: seconds * 1000 - 1000)
        let text = "\(claimed) \(sender.name) \(message.program): (simulated) \(message.text)"
        let fields = [
            "1", "\(seconds).\(milliseconds * 1000)", "\(time.monotonic / 1000)", sender.address, "simulated", "3",
            "\(message.severity)", claimed, sender.name, message.program, "-", "-", "-", text, ".",
        ]
        let path = "\(directory)/\(seconds / 10)0.log"
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW
        guard let file = try? Descriptor(opening: path, flags, mode: 0o640) else { return }
        try? file.write("\n\(fields.joined(separator: "\t"))\n")
    }
}
