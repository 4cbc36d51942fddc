import Glibc
import Platform
import TestSupport
import Testing

@Suite("Service notification")
struct ServiceNotifierTests {
    let directory = TemporaryDirectory()

    @Test("messages arrive in one datagram on a socket with a path")
    func pathSocket() async throws {
        let receiver = DatagramReceiver("\(directory.path)/notify")
        let notifier = try #require(ServiceNotifier(environment: ["NOTIFY_SOCKET": receiver.name]))
        try notifier.send(.ready, .status("Collecting"))
        #expect(await receiver.receive() == "READY=1\nSTATUS=Collecting")
        #expect(notifier.watchdogInterval == nil)
    }

    @Test("a descriptor is kept under a name, and forgotten")
    func keep() async throws {
        let receiver = DatagramReceiver("\(directory.path)/notify")
        let notifier = try #require(ServiceNotifier(environment: ["NOTIFY_SOCKET": receiver.name]))
        try notifier.keep(0, as: "GPIO17")
        try notifier.forget("GPIO17")
        #expect(await receiver.receive() == "FDSTORE=1\nFDPOLL=0\nFDNAME=GPIO17")
        #expect(await receiver.receive() == "FDSTOREREMOVE=1\nFDNAME=GPIO17")
        #expect(throws: SystemError.self) { try notifier.keep(-1, as: "GPIO17") }
    }

    @Test("messages arrive on an abstract socket")
    func abstractSocket() async throws {
        let receiver = DatagramReceiver("@picli-test-\(getpid())-\(UInt32.random(in: 0 ... .max))")
        let notifier = try #require(ServiceNotifier(environment: ["NOTIFY_SOCKET": receiver.name]))
        try notifier.send(.alive)
        try notifier.send(.stopping)
        try notifier.send(.extendTimeout(.milliseconds(1500)))
        #expect(await receiver.receive() == "WATCHDOG=1")
        #expect(await receiver.receive() == "STOPPING=1")
        #expect(await receiver.receive() == "EXTEND_TIMEOUT_USEC=1500000")
    }

    @Test("a status of two lines cannot smuggle in another message")
    func statusIsOneLine() async throws {
        let receiver = DatagramReceiver("\(directory.path)/notify")
        let notifier = try #require(ServiceNotifier(environment: ["NOTIFY_SOCKET": receiver.name]))
        try notifier.send(.status("a\nREADY=1\r\nb"))
        #expect(await receiver.receive() == "STATUS=a READY=1 b")
    }

    @Test("a socket that is gone, or whose name is too long, is an error and not a crash")
    func deadSocket() throws {
        let gone = try #require(ServiceNotifier(environment: ["NOTIFY_SOCKET": "\(directory.path)/gone"]))
        #expect(throws: SystemError.self) { try gone.send(.ready) }
        let long = try #require(
            ServiceNotifier(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 300)]))
        #expect { try long.send(.ready) } throws: { ($0 as? SystemError)?.number == ENAMETOOLONG }
    }

    @Test(
        "no service manager: nothing to notify",
        arguments: [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "vsock:2:1"], ["NOTIFY_SOCKET": "@"]])
    func noManager(environment: [String: String]) {
        #expect(ServiceNotifier(environment: environment) == nil)
    }

    @Test(
        "the watchdog's interval is read, unless it is garbage or meant for another process",
        arguments: [
            (["WATCHDOG_USEC": "20000000"], Duration.seconds(20)),
            (["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "7"], .seconds(20)),
            (["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "-5"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
        ] as [([String: String], Duration?)])
    func watchdogInterval(environment: [String: String], expected: Duration?) throws {
        let all = environment.merging(["NOTIFY_SOCKET": "/run/notify"]) { first, _ in first }
        #expect(try #require(ServiceNotifier(environment: all, process: 7)).watchdogInterval == expected)
    }
}
