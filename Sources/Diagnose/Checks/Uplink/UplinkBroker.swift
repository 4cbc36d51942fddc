import Provision
import Site

/// Whether the broker lets the unit in.
struct UplinkBroker: Check {
    let id = "uplink.broker"
    let title = "the broker lets the unit in"
    let needs: Set<Probe> = [.broker]

    func judge(_ facts: Facts) -> [Judgement] {
        guard facts.site.value?.uplink != nil else { return [.skipped("no uplink is set")] }
        return with(facts.broker) { check in
            guard check.outcome == .failed else { return [.ok(check.message)] }
            return [
                .fail(
                    check.message, cause: "Nothing is sent; it is kept and sent later.", do: check.hint,
                    type: "picli identity verify",
                    after: [
                        .init("network.link"), .init("network.address"), .init("router.reach"),
                        .init("network.outside"), .init("network.names"), .init("clock.set"),
                        .init("identity.certificate"), .init("identity.clone"),
                    ])
            ]
        }
    }
}
