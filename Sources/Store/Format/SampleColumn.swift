import Site

/// What one series said at the times of its group: a value, or why there is none.
struct SampleColumn: Hashable, Sendable {
    /// 0 where there is no value.
    var values: [Double] = []
    /// Per row, 0 for a value, else the code of the reason; empty when every row has a value.
    var codes: [UInt8] = []

    var count: Int { values.count }

    func reason(at index: Int) -> NoData.Reason? {
        codes.isEmpty ? nil : NoData.Reason(code: codes[index])
    }

    mutating func append(_ outcome: Reading.Outcome) {
        switch outcome {
        case .value(let value):
            values.append(value)
            if !codes.isEmpty { codes.append(0) }
        case .noData(let noData):
            if codes.isEmpty { codes = Array(repeating: 0, count: values.count) }
            values.append(0)
            codes.append(noData.reason.code)
        }
    }

    func write(to writer: inout ByteWriter) {
        guard !codes.isEmpty else {
            writer.byte(0)
            return ValueColumn.write(values, to: &writer)
        }
        writer.byte(1)
        var index = 0
        while index < codes.count {
            let end = codes[index...].firstIndex { $0 != codes[index] } ?? codes.count
            writer.byte(codes[index])
            writer.count(end - index)
            index = end
        }
        let present = values.indices.filter { codes[$0] == 0 }.map { values[$0] }
        if !present.isEmpty { ValueColumn.write(present, to: &writer) }
    }

    init() {}

    init(_ count: Int, from reader: inout ByteReader) throws(DamagedBytes) {
        guard try reader.byte() != 0 else {
            values = try ValueColumn.read(count, from: &reader)
            return
        }
        codes.reserveCapacity(count)
        while codes.count < count {
            let code = try reader.byte()
            let run = try reader.count()
            guard run > 0, run <= count - codes.count, code == 0 || NoData.Reason(code: code) != nil else {
                throw DamagedBytes()
            }
            codes.append(contentsOf: repeatElement(code, count: run))
        }
        let presentCount = codes.count { $0 == 0 }
        var present = presentCount == 0 ? [][...] : try ValueColumn.read(presentCount, from: &reader)[...]
        values = codes.map { $0 == 0 ? present.removeFirst() : 0 }
    }
}

extension NoData.Reason {
    /// The stored number of a reason; never changes its meaning.
    var code: UInt8 {
        switch self {
        case .notPresent: 1
        case .timeout: 2
        case .badChecksum: 3
        case .outOfRange: 4
        case .busError: 5
        case .disabled: 6
        }
    }

    init?(code: UInt8) {
        guard let reason = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = reason
    }
}
