import Foundation
import Hardware
import Platform
import Provision
import Site
import Synchronization

/// Looks at everything that is needed, side by side, each with its own limit.
struct Looking {
    private let subject: Subject
    private let probes: [Probe]
    private let progress: @Sendable (Diagnosis.Progress) -> Void

    init(
        _ subject: Subject, for probes: Set<Probe>, _ progress: @escaping @Sendable (Diagnosis.Progress) -> Void
    ) {
        self.subject = subject
        self.probes = Probe.allCases.filter { probes.contains($0) }
        self.progress = progress
    }

    /// Puts what was seen in its place.
    private typealias Seen = @Sendable (inout Facts) -> Void

    func facts() async -> Facts {
        var facts = start()
        var waiting = probes
        progress(.init(done: 0, all: probes.count, waiting: waiting.map(\.word)))
        await withTaskGroup(of: (Probe, Seen).self) { group in
            for probe in probes { group.addTask { (probe, await look(probe)) } }
            for await (probe, seen) in group {
                seen(&facts)
                waiting.removeAll { $0 == probe }
                progress(
                    .init(done: probes.count - waiting.count, all: probes.count, waiting: waiting.map(\.word)))
            }
        }
        return facts
    }

    private func start() -> Facts {
        let site: Fact<SiteFile>
        var fault: Failure?
        switch subject.site {
        case .success(let file): site = .known(file)
        case .failure(let failure):
            site = .skipped("the site file cannot be used")
            fault = failure
        }
        var facts = Facts(
            now: KernelClock.wall(), earliest: subject.earliest, version: subject.version,
            isLive: subject.root.isLive, isInstalled: subject.isInstalled, standing: subject.standing, site: site,
            siteFault: fault,
            unitName: (try? UnitIdentity(in: subject.root, state: subject.state).record().unit.description))
        facts.siteName = subject.siteName
        if !subject.root.isLive {
            facts.limits.append("This system does not run: only its files were looked at.")
        } else if !subject.isPrivileged {
            facts.limits.append(
                "Without root: not looked at are the kernel's messages, doubled addresses, relays, the firewall and closed files."
            )
        }
        if subject.isSimulated { facts.limits.append("Sensors and network of this unit are simulated.") }
        return facts
    }

    private func look(_ probe: Probe) async -> Seen {
        switch probe {
        case .board: await take(probe, \.board) { try await BoardLook(subject).figures() }
        case .disks: await take(probe, \.disks) { try await DiskFacts(of: subject) }
        case .usb: await take(probe, \.usb) { try USBFacts(root: "") }
        case .drive: await take(probe, \.drive) { try await DriveFacts(of: subject) }
        case .starts: await take(probe, \.starts) { try await StartFacts(of: subject) }
        case .clock: await take(probe, \.clock) { ClockFacts.now() }
        case .boot: await take(probe, \.boot) { try BootLook.report(subject) }
        case .interface: await take(probe, \.interface) { try InterfaceFacts(of: subject) }
        case .neighbours: await take(probe, \.neighbours) { try await NeighbourFacts.all(subject) }
        case .doubles: await take(probe, \.doubles) { try await DoubleLook.stations(subject) }
        case .outside: await take(probe, \.outside) { try await OutsideFacts.all(subject) }
        case .services: await take(probe, \.services) { try await ServiceFacts(of: subject) }
        case .relays: await take(probe, \.relays) { try await RelayFacts(of: subject) }
        case .unit: await take(probe, \.unit) { try await UnitFacts(of: subject) }
        case .buses: await take(probe, \.buses) { try await BusFacts(of: subject) }
        case .history: await take(probe, \.history) { try await SensorHistory.all(subject) }
        case .sockets: await take(probe, \.sockets) { try OpenPort.all() }
        case .agent: await take(probe, \.agent) { try AgentFacts(of: subject) }
        case .senders: await take(probe, \.senders) { try await SendersLook.document(subject) }
        case .spool: await take(probe, \.spool) { try SpoolFacts(of: subject) }
        case .identity: await take(probe, \.identity) { try await IdentityLook.findings(subject) }
        case .modes: await take(probe, \.modes) { try FileFacts.all(subject) }
        case .databases: await take(probe, \.databases) { try await DatabaseFacts.all(subject) }
        case .broker: await take(probe, \.broker) { try await BrokerLook.check(subject) }
        case .firewall: await take(probe, \.firewall) { try await FirewallFacts(of: subject) }
        case .plugins: await take(probe, \.plugins) { try await PluginFacts.all(subject) }
        case .updates: await take(probe, \.updates) { try await UpdateFacts(of: subject) }
        }
    }

    private func take<Value: Sendable>(
        _ probe: Probe, _ place: any WritableKeyPath<Facts, Fact<Value>> & Sendable,
        _ look: @escaping @Sendable () async throws -> Value
    ) async -> Seen {
        let fact: Fact<Value>
        let limit = probe.limit * subject.patience
        if probe.needsLife, !subject.root.isLive {
            fact = .skipped("a system that does not run cannot be asked")
        } else {
            do {
                fact = .known(try await withDeadline(limit, clock: subject.clock, operation: look))
            } catch let error as NotHere {
                fact = .skipped(error.reason)
            } catch is DeadlineExceeded {
                fact = .unknown("no answer within \(limit.components.seconds) s")
            } catch let failure as Failure {
                fact = .unknown(failure.message)
            } catch {
                fact = .unknown("\(error)")
            }
        }
        return { $0[keyPath: place] = fact }
    }
}
