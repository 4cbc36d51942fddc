import Glibc
public import Platform

/// Keeps the record of intents for the owner of the lines, in a process that does nothing else.
///
/// Where a card hangs, the kernel holds whoever writes to it, and no signal ends that process. So it is not the one that
/// owns the lines: that one can be ended and started again meanwhile.
public actor IntentRecorder {
    private let executor = BlockingExecutor(name: "record")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let directory: String
    /// Taken for as long as this process lives: one that the kernel holds may still write.
    private var lock: Descriptor?
    private let log: IntentLog

    /// - Parameters:
    ///   - directory: Made where it is missing.
    ///   - boot: The kernel's ID of this boot.
    ///   - name: A random one, for a log that is new.
    public init(directory: String, boot: String, name: String) {
        self.directory = directory
        log = IntentLog(directory: directory, boot: boot, name: name)
    }

    /// Serves until the other side ends.
    ///
    /// - Throws: `Failure` `relay.noOwner` when there is no other side.
    public func run(on socket: Int32) throws(Failure) {
        guard FileKind(ofDescriptor: socket) == .socket else {
            throw Failure(
                "relay.noOwner", "The record of intents is kept for picli relay run, which starts this itself.",
                hint: "picli relay run")
        }
        // What stands in its way, the first note tells.
        mkdir(directory, 0o700)
        lock = takeLock()
        let input = LineInput()
        while let line = try? input.line(from: socket),
            let call = try? SocketLine.value(IntentCall.self, from: line)
        {
            guard (try? HelperProcess.send(SocketLine.bytes(answer(call)), to: socket)) != nil else { return }
        }
    }

    /// Waits until nobody else writes; nil where the card does not even take that.
    private func takeLock() -> Descriptor? {
        let path = "\(directory)/lock"
        guard let file = try? Descriptor(opening: path, O_RDWR | O_CREAT, mode: 0o600) else { return nil }
        while flock(file.number, LOCK_EX) != 0, errno == EINTR {}
        return file
    }

    private func answer(_ call: IntentCall) -> IntentReply {
        var reply = IntentReply()
        do throws(SystemError) {
            switch call.call {
            case .start: reply.found = try log.start()
            case .append:
                try log.append(
                    (call.records ?? []).map(\.content), batch: call.batch, mayBeThere: call.mayBeThere ?? false)
            case .page: reply.page = try log.page(after: call.after, limit: call.limit ?? 200)
            }
        } catch {
            reply.failure = .init(number: error.number, operation: error.operation)
        }
        return reply
    }
}
