import Platform
import Provision

/// From the files of requests to the files of certificates.
struct SigningRun {
    let requests: [String]
    /// The folder for the certificates; beside each request when nil.
    let output: String?
    let profile: CertificateProfile
    let names: [String]
    let change: KeyChange
    let facts: UnitFacts

    /// All that can be said of the requests before the keys are opened.
    ///
    /// Each file that cannot be read is told on standard error.
    func orders(_ console: Console) throws -> [SigningOrder] {
        let files = requests.map { request in Result { try InputBytes(request, limit: 65_536) } }
        let failures = files.compactMap { file -> (any Error)? in
            if case .failure(let error) = file { error } else { nil }
        }
        guard failures.count < 2 else {
            for case let failure as Failure in failures { console.note(failure.message) }
            throw Failure(
                "input.several", "\(failures.count) of \(files.count) requests cannot be read; none was signed.",
                hint: "check the paths", status: .usage)
        }
        return try files.map { file in
            let file = try file.get()
            return SigningOrder(
                request: file.bytes, name: file.name, profile: profile, change: change, allowedNames: names,
                facts: facts)
        }
    }

    func sign(_ orders: [SigningOrder], with authority: CertificateAuthority, _ console: Console) throws
        -> SigningDocument
    {
        let places = try destinations()
        if console.error.isInteractive, orders.contains(where: { (try? $0.check()) != nil }) {
            console.note("Opening the keys of \(authority.name); that takes a moment.")
        }
        let outcome = try authority.sign(orders, by: .current, now: KernelClock.wall())
        if let issuer = outcome.newIssuer { console.note("\(issuer.subject) was made: it signs until the year ends.") }
        if outcome.isListNew { console.note("Give the brokers the deny list anew: \(authority.directory)/revoked.crl") }
        var signed: [SigningDocument.Signed] = []
        var refused: [SigningDocument.Refused] = []
        var failures: [Failure] = []
        for (index, result) in outcome.results.enumerated() {
            switch result {
            case .success(let certificate):
                let pem = try certificate.chain.pem()
                // After the register has it: a certificate that nobody knows of must not exist.
                if let place = places[index] { try write(pem, to: place) }
                signed.append(.init(request: orders[index].name, file: places[index], certificate, pem))
            case .failure(let failure):
                refused.append(.init(request: orders[index].name, code: failure.code, message: failure.message))
                failures.append(failure)
            }
        }
        return SigningDocument(signed: signed, refused: refused, failures: failures)
    }

    /// Where each certificate goes; nil for that of standard input.
    private func destinations() throws(Failure) -> [String?] {
        let places = requests.map { request -> String? in
            guard request != "-" else { return nil }
            let folder = request.lastIndex(of: "/").map { String(request[...$0]) } ?? ""
            var name = request.dropFirst(folder.count)
            if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = name[..<dot] }
            return (output.map { $0 + "/" } ?? folder) + name + ".crt"
        }
        if let output, FileKind(of: output) != .directory {
            throw Failure(
                "output.folder", "There is no folder \(output) for the certificates.", hint: "mkdir \(output)",
                status: .usage)
        }
        let known = places.compactMap(\.self)
        guard Set(known).count == known.count else {
            throw Failure(
                "usage", "Two of the requests would write the same certificate file.",
                hint: "sign them one after the other", status: .usage)
        }
        if let same = known.first(where: { requests.contains($0) }) {
            throw Failure(
                "usage", "The certificate would take the place of the request \(same).",
                hint: "--output DIR", status: .usage)
        }
        return places
    }

    private func write(_ pem: [UInt8], to path: String) throws(Failure) {
        do throws(SystemError) {
            try AtomicFile.replace(path, with: pem)
        } catch {
            throw Failure(
                "output.write", "The certificate is in the register, and could not be written: \(error).",
                hint: "picli ca show UNIT --pem --ca DIR gives it once more")
        }
    }
}
