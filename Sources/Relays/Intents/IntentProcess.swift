import Glibc
import Platform

/// The record of intents as another process keeps it: `picli relay record`.
///
/// A process that has ended is started anew by the next call.
final class IntentProcess: IntentStore {
    private struct Running {
        let process: HelperProcess
        let input = LineInput()
    }

    /// Threads of another priority than the process has are none that it may have, and nobody is to be told.
    private static let environment = ["LIBDISPATCH_LOG": "NO"]

    private let program: String
    private let arguments: [String]
    private var running: Running?

    init(_ program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    func start() throws(SystemError) -> IntentsFound { try ask(IntentCall(.start), \.found) }

    func append(_ contents: [IntentRecord.Content], batch: UInt64?, mayBeThere: Bool) throws(SystemError) {
        var call = IntentCall(.append)
        call.records = contents.map { IntentRecord(sequence: 0, $0) }
        call.batch = batch
        call.mayBeThere = mayBeThere
        _ = try ask(call) { $0 }
    }

    func page(after cursor: IntentCursor?, limit: Int) throws(SystemError) -> IntentPage {
        var call = IntentCall(.page)
        call.after = cursor
        call.limit = limit
        return try ask(call, \.page)
    }

    private func ask<Answer>(_ call: IntentCall, _ part: (IntentReply) -> Answer?) throws(SystemError) -> Answer {
        let reply: IntentReply
        do throws(SystemError) { reply = try exchange(call) } catch {
            running = nil
            throw error
        }
        if let failure = reply.failure { throw SystemError(failure.number, failure.operation) }
        guard let answer = part(reply) else { throw lost }
        return answer
    }

    private func exchange(_ call: IntentCall) throws(SystemError) -> IntentReply {
        if running == nil {
            running = Running(process: try HelperProcess(program, arguments, environment: Self.environment))
        }
        guard let running else { throw lost }
        let bytes = SocketLine.bytes(call)
        guard !bytes.isEmpty else { throw SystemError(EINVAL, "say it as JSON") }
        try running.process.send(bytes)
        guard let line = try running.input.line(from: running.process.socket),
            let reply = try? SocketLine.value(IntentReply.self, from: line)
        else { throw lost }
        return reply
    }

    private var lost: SystemError { SystemError(EPIPE, "reach the process that keeps the record of intents") }
}
