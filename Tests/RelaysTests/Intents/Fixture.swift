import Site

@testable import Relays

enum Fixture {
    static func time(_ monotonic: Int64 = 1000) -> Timestamp {
        Timestamp(wall: 1_900_000_000_000 + monotonic, boot: 1, monotonic: monotonic, isTrusted: true)
    }

    static func change(_ number: Int64, relay: String = "router", to state: RelayState = .off) -> RelayChange {
        RelayChange(
            number: number, relay: relay, from: state == .on ? .off : .on, to: state,
            cause: RelayCause(.person, who: "anna", origin: "192.0.2.7"), time: time(number))
    }

    static func result(_ number: Int64, relay: String = "router") -> RelayResult {
        RelayResult(number: number, relay: relay, outcome: .done, time: time(number))
    }

    static func event(_ text: String) -> Event {
        Event(.init(rawValue: "relay.test"), .info, subject: "router", message: text, at: time())
    }
}
