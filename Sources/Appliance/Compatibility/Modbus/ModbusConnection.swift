import CModbus
import Glibc
import Platform
import Site

/// One client's connection: libmodbus, whose calls block and whose contexts belong to one thread each, on a thread of its own.
///
/// A frame is taken off the socket here, not by `modbus_receive`: that one goes by the function code instead of the length in
/// the header, so it is out of step after a function it does not know, and it waits anew for every byte. libmodbus makes and
/// sends the answers.
actor ModbusConnection {
    nonisolated let peer: IPAddress
    private let executor = BlockingExecutor(name: "modbus")
    private let socket: Descriptor
    private let context: Context
    private let wakeUp: WakeUp
    private let limits: ModbusLimits

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ socket: consuming Descriptor, from peer: IPAddress, _ limits: ModbusLimits) throws(SystemError) {
        self.limits = limits
        self.peer = peer
        // A client that does not read its answers is left.
        LocalSocket.setPatience(.seconds(5), of: socket.number)
        Self.watch(socket.number)
        context = try Context(socket: socket.number)
        self.socket = socket
        wakeUp = try WakeUp()
    }

    /// Has the kernel ask a client that is silent whether it is there still.
    ///
    /// One that has gone without a word, as when its cable was pulled, gives its place back after 25 s: it may be back itself and
    /// want it. By default the kernel asks after two hours, and gives up an answer that is not acknowledged after a quarter of
    /// an hour (tcp(7)).
    static func watch(_ socket: Int32) {
        for (level, option, value) in [
            (SOL_SOCKET, SO_KEEPALIVE, 1), (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 10),
            (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 5), (Int32(IPPROTO_TCP), TCP_KEEPCNT, 3),
            (Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 25_000),
        ] as [(Int32, Int32, Int32)] {
            var value = value
            setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// The next frame; nil when the client has closed, was silent for too long or speaks something else, and when the caller is
    /// cancelled.
    nonisolated func next() async -> ModbusFrame? {
        await withTaskCancellationHandler {
            await receive()
        } onCancel: {
            wakeUp.ring()
        }
    }

    /// There is no next frame any more; a request that is under way is brought to its end.
    nonisolated func leave() { wakeUp.ring() }

    private func receive() -> ModbusFrame? {
        var bytes: [UInt8] = []
        guard receive(&bytes, count: 1, until: KernelClock.monotonic() + limits.idle) else { return nil }
        let end = KernelClock.monotonic() + limits.frame
        guard receive(&bytes, count: ModbusFrame.headLength, until: end), let rest = ModbusFrame.rest(after: bytes),
            receive(&bytes, count: bytes.count + rest, until: end)
        else { return nil }
        return ModbusFrame(bytes)
    }

    /// Reads until so many bytes are there.
    private func receive(_ bytes: inout [UInt8], count: Int, until end: Duration) -> Bool {
        var buffer = [UInt8](repeating: 0, count: ModbusFrame.most)
        while bytes.count < count {
            let left = end - KernelClock.monotonic()
            guard left > .zero, !Task.isCancelled else { return false }
            var waits = [
                pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let milliseconds = Int32(truncatingIfNeeded: left.relayMilliseconds + 1)
            guard poll(&waits, 2, milliseconds) >= 0 || errno == EINTR, waits[1].revents == 0 else { return false }
            guard waits[0].revents != 0 else { continue }
            let length = recv(socket.number, &buffer, count - bytes.count, Int32(MSG_DONTWAIT))
            if length < 0, errno == EAGAIN || errno == EINTR { continue }
            guard length > 0 else { return false }
            bytes += buffer[..<length]
        }
        return true
    }

    /// Answers a frame; false when the client does not take it.
    func send(_ answer: ModbusAnswer, to frame: ModbusFrame) -> Bool {
        switch answer {
        case .exception(let exception):
            // libmodbus has a negative result for what it could not send.
            modbus_reply_exception(context.handle, frame.bytes, UInt32(exception.rawValue)) > 0
        case .bits(let bits): context.reply(to: frame, bits: bits)
        case .registers(let words): context.reply(to: frame, registers: words)
        case .written: context.confirm(frame)
        }
    }
}

extension ModbusConnection {
    /// libmodbus' own side of a connection.
    private struct Context: ~Copyable {
        let handle: OpaquePointer

        init(socket: Int32) throws(SystemError) {
            // The address is where it would connect to: it never does.
            guard let handle = modbus_new_tcp("127.0.0.1", 502) else {
                throw SystemError(errno, "make a Modbus context")
            }
            self.handle = handle
            modbus_set_socket(handle, socket)
        }

        deinit { modbus_free(handle) }

        /// A table of just what was asked for, of which libmodbus makes the answer.
        func reply(to frame: ModbusFrame, bits: [Bool]) -> Bool {
            let (start, count) = (frame.address, UInt32(bits.count))
            let isCoils = frame.function == 1
            let mapping =
                isCoils
                ? modbus_mapping_new_start_address(start, count, 0, 0, 0, 0, 0, 0)
                : modbus_mapping_new_start_address(0, 0, start, count, 0, 0, 0, 0)
            guard let mapping else { return false }
            defer { modbus_mapping_free(mapping) }
            guard let table = isCoils ? mapping.pointee.tab_bits : mapping.pointee.tab_input_bits else { return false }
            for (index, bit) in bits.enumerated() { table[index] = bit ? 1 : 0 }
            return reply(to: frame, mapping)
        }

        func reply(to frame: ModbusFrame, registers: [UInt16]) -> Bool {
            let mapping = modbus_mapping_new_start_address(
                0, 0, 0, 0, frame.address, UInt32(registers.count), 0, 0)
            guard let mapping else { return false }
            defer { modbus_mapping_free(mapping) }
            guard let table = mapping.pointee.tab_registers else { return false }
            for (index, word) in registers.enumerated() { table[index] = word }
            return reply(to: frame, mapping)
        }

        /// What was to be written goes into a table of that size, which is thrown away: the unit has it already.
        func confirm(_ frame: ModbusFrame) -> Bool {
            let count = frame.function == 5 ? 1 : frame.count
            let isRegisters = frame.function == 16
            let mapping =
                isRegisters
                ? modbus_mapping_new_start_address(0, 0, 0, 0, frame.address, count, 0, 0)
                : modbus_mapping_new_start_address(frame.address, count, 0, 0, 0, 0, 0, 0)
            guard let mapping else { return false }
            defer { modbus_mapping_free(mapping) }
            return reply(to: frame, mapping)
        }

        private func reply(to frame: ModbusFrame, _ mapping: UnsafeMutablePointer<modbus_mapping_t>) -> Bool {
            modbus_reply(handle, frame.bytes, Int32(frame.bytes.count), mapping) > 0
        }
    }
}

extension ModbusFrame {
    /// The longest frame there is.
    fileprivate static let most = 260

    /// The first address, in a request that was understood.
    fileprivate var address: UInt32 { UInt32(bytes[8]) << 8 | UInt32(bytes[9]) }
    /// How many, in one that says so.
    fileprivate var count: UInt32 { UInt32(bytes[10]) << 8 | UInt32(bytes[11]) }
}
