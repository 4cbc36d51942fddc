import ArgumentParser
import NAS
import Platform

struct NASVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Find out whether the drive is what it says, and how fast it is.",
        discussion: """
            Writes blocks all over the free room of the drive in its place, reads them back, and deletes them; no file \
            on the drive is touched, and cameras go on recording. A drive that is smaller than it says may lose files by \
            that, as it does by being filled: try it while it is empty. Exits with 2 when the drive gives other data \
            back than it was given (smaller than it says, or dying), or does not flush: then a clip that was finished \
            can be lost when it is pulled out.

            Example:
              picli nas verify --json
            """
    )

    @OptionGroup var options: NASOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let attendant = try NASOptions.attendant()
        let unit = try options.unit().id
        let result = try await Interruption.ends {
            try await attendant.probe(of: unit, within: .seconds(3600), seed: .random(in: .min ... .max))
        }
        let document = VerifyDocument(result)
        try output.console.answer(document)
        if let failure = document.finding { throw failure }
    }
}

/// The answer of `picli nas verify`.
struct VerifyDocument: Answer {
    var schema = 1
    /// The stretch of the drive over which the blocks were spread, in bytes.
    let span: Int64
    let blocks: Int
    let wrong: Int
    /// Bytes a second.
    let writing: Int64
    let reading: Int64
    /// Microseconds until four kilobytes are on the drive.
    let flush: Int64
    let flushes: Bool

    init(_ result: DriveProbe.Result) {
        span = result.span
        blocks = result.blocks
        wrong = result.wrong
        writing = Int64(result.writing)
        reading = Int64(result.reading)
        flush = Int64(result.flush / .microseconds(1))
        flushes = result.flush >= DriveProbe.fastestFlush
    }

    /// What a person has to know; nil when all is well.
    var finding: Failure? {
        if wrong > 0 {
            return Failure(
                "nas.wrongData",
                "\(wrong) of \(blocks) blocks came back with another content: the drive is smaller than it says, or dying.",
                hint: "another drive", status: .findings)
        }
        guard !flushes else { return nil }
        return Failure(
            "nas.noFlush",
            "The drive says that data is written before it can be: a finished clip may be lost when it is pulled out.",
            hint: "picli nas eject before it is pulled out, or another drive or enclosure", status: .findings)
    }

    func text(for terminal: Terminal) -> String {
        func size(_ bytes: Int64) -> String { DriveSize.text(UInt64(clamping: bytes)) }
        return """
            \(blocks) blocks over \(size(span)): \(wrong == 0 ? "all came back as they were written" : "\(wrong) came back wrong").
            Writes \(size(writing)) a second, reads \(size(reading)) a second; a flush takes \(flush / 1000).\(flush % 1000 / 100) ms.

            """
    }
}
