/// Makes a counter of the kernel that may be 32 bits wide go up for ever.
///
/// Counters are `unsigned long`: 32 bits on a 32-bit system, where a busy interface wraps within minutes. A value that
/// is smaller than the one before is either a wrap (it was in the upper half of 32 bits and is now in the lower) or a
/// new start (the device went and came back), which is passed on as it is: readers know that a counter may start again.
struct WrappingCounter: Hashable, Sendable {
    private var last: UInt64?
    private var wrapped: UInt64 = 0

    mutating func value(_ raw: UInt64) -> UInt64 {
        if let last, raw < last {
            let isWrap = last >> 31 == 1 && raw >> 31 == 0
            wrapped = isWrap ? wrapped &+ (1 << 32) : 0
        }
        last = raw
        return wrapped &+ raw
    }
}

/// The counters of several devices, by device and file.
struct WrappingCounters {
    private var counters: [String: WrappingCounter] = [:]

    mutating func value(_ raw: UInt64, of key: String) -> Double {
        Double(counters[key, default: WrappingCounter()].value(raw))
    }
}
