import Appliance
import Diagnose
import Glibc
import Hardware
import Platform
import Relays
import Site
import Store

/// The unit that `picli diagnose` looks at, and the ways to it.
struct DiagnosedUnit: Sendable {
    let root: SystemRoot
    /// As typed; nil for the one of the system.
    let site: String?
    let state: StateOptions
    /// How much longer than usual everything may take.
    var patience = 1.0

    /// Looks and judges.
    func diagnosis(
        _ selection: Diagnosis.Selection, progress: @escaping @Sendable (Diagnosis.Progress) -> Void = { _ in }
    ) async throws -> DiagnosisDocument {
        let began = ContinuousClock.now
        return try await withSubject { subject in
            var subject = subject
            subject.began = began
            return try await Diagnosis(of: subject, selection: selection).run(
                version: Build.version, progress: progress)
        }
    }

    /// Looks, with the readings that were taken for it.
    func look(_ selection: Diagnosis.Selection) async throws -> Diagnosis.Seen {
        try await withSubject { try await Diagnosis(of: $0, selection: selection).look(version: Build.version) }
    }

    /// Opens the ways to the unit for as long as `body` runs.
    func withSubject<Answer>(_ body: (Subject) async throws -> Answer) async throws -> Answer {
        guard root.isLive else { return try await body(subject(.stopped, readings: nil, logs: nil)) }
        let isAnswered: Bool
        do { isAnswered = try ControlSocket(path: state.socket).isAnswered() } catch let failure as Failure {
            guard failure.code == "control.denied" else { throw failure }
            return try await body(subject(.denied(failure.message), readings: nil, logs: nil))
        }
        guard isAnswered else { return try await withFiles(.stopped, body) }
        return try await ControlClient.withClient(socket: state.socket) { client in
            let standing = await standing(client)
            // Whoever hangs is not asked again, each time in vain: its files know nearly as much.
            if case .silent = standing { return try await withFiles(standing, body) }
            return try await body(subject(standing, readings: client, logs: client))
        }
    }

    private func withFiles<Answer>(
        _ standing: Subject.Standing, _ body: (Subject) async throws -> Answer
    ) async throws -> Answer {
        let readings: (any ReadingSource)? = try? await Store.reading(state.directory)
        let logs = (try? await Store.readingLogs(state.directory)).map { LogFiles(logs: $0) }
        return try await body(subject(standing, readings: readings, logs: logs))
    }

    /// Together with the longest probe it is less than ten seconds.
    private static let greeting = Duration.seconds(2)

    private func standing(_ client: ControlClient) async -> Subject.Standing {
        let limit = Self.greeting * patience
        do {
            return try await withDeadline(limit) {
                let version = try await client.document(DescribedVersion.self, at: "/api/v1/openapi.json").info.version
                let site = try await client.document(SiteDocument.self, at: "/api/v1/site")
                return .running(version: version, isSimulated: site.simulated)
            }
        } catch let failure as Failure {
            return .silent(failure.message)
        } catch {
            return .silent("it gives no answer within \(limit.components.seconds) s.")
        }
    }

    private func subject(
        _ standing: Subject.Standing, readings: (any ReadingSource)?, logs: (any LogArchive)?
    ) -> Subject {
        let buses = Buses.linux()
        var subject = Subject(
            root: root, state: state.directory, isInstalled: state.state == nil && root.isLive, site: file(),
            standing: standing, readings: readings, logs: logs, buses: buses,
            readSensors: { await SensorProbe($0, on: buses).readings(at: .shown) }, earliest: BuildStamp.date * 1000,
            version: Build.version, isPrivileged: geteuid() == 0)
        if let site { subject.siteName = site }
        subject.patience = patience
        subject.commands = PatientCommands(patience: patience)
        if subject.isInstalled { subject.relays = RelaySocketClient(patience: Duration.seconds(3) * patience) }
        return subject
    }

    private func file() -> Swift.Result<SiteFile, Failure> {
        do {
            let input = try site.map { try InputText($0) } ?? InputText(SensorSource.installed, in: root)
            let check = SiteFileCheck(input)
            if let first = check.document.diagnostics.first(where: { $0.severity == .error }) {
                let subject = first.path.isEmpty ? "" : "\(first.path): "
                let place = "Line \(first.line), column \(first.column)"
                return .failure(
                    Failure(
                        "site.invalid", "\(check.summary) \(place): \(subject)\(first.message).", hint: first.hint,
                        status: .usage))
            }
            return .success(try check.requireValid())
        } catch let failure as Failure {
            return .failure(failure)
        } catch {
            return .failure(Failure("input.read", "The site file cannot be read: \(error)."))
        }
    }
}

/// The part of the API's description that says which version runs.
private struct DescribedVersion: Decodable {
    struct Info: Decodable { let version: String }
    let info: Info
}
