/// The byte form of the values of one series: bit-exact, and small for what sensors send.
///
/// A sensor's values are nearly always decimal numbers of few digits, whole multiples of some step. Such a column
/// is stored as whole numbers `n` with one exponent `k` (value = n / 10^k), divided by their common step, as
/// differences or as distances from the least, whichever has less entropy. A value that passed through a calibration
/// may be off its decimal number by a rounding error; that error is stored too, in units of the last place. What is not
/// decimal at all (a root mean square in full precision) is stored as the XOR of neighbours in eight byte planes.
/// Both forms are meant to be packed by zlib afterwards.
enum ValueColumn {
    private static let differences: UInt8 = 1
    private static let residues: UInt8 = 2
    private static let xor: UInt8 = 0xFF

    static func write(_ values: [Double], to writer: inout ByteWriter) {
        guard let decimal = DecimalColumn(values) else { return writeXOR(values, to: &writer) }
        writer.byte(UInt8(decimal.exponent))
        let numbers = decimal.numbers
        let first = numbers.first ?? 0
        let least = numbers.min() ?? 0
        let step = Int64(numbers.reduce(UInt64(0)) { commonDivisor($0, ($1 - first).magnitude) })
        let unit = max(step, 1)
        let differences = zip(numbers.dropFirst(), numbers).map { ByteWriter.zigzag(($0 - $1) / unit) }
        let distances = numbers.map { UInt64(($0 - least) / unit) }
        let usesDifferences = numbers.count < 4 || entropy(differences) <= entropy(distances)
        writer.byte((usesDifferences ? Self.differences : 0) | (decimal.residues == nil ? 0 : Self.residues))
        writer.signed(usesDifferences ? first : least)
        writer.varint(UInt64(step))
        if step > 0 {
            for number in usesDifferences ? differences : distances { writer.varint(number) }
        }
        for residue in decimal.residues ?? [] { writer.signed(residue) }
    }

    static func read(_ count: Int, from reader: inout ByteReader) throws(DamagedBytes) -> [Double] {
        let exponent = try reader.byte()
        guard exponent != xor else { return try readXOR(count, from: &reader) }
        guard Int(exponent) < DecimalColumn.powers.count else { throw DamagedBytes() }
        let flags = try reader.byte()
        let origin = try reader.signed()
        let step = Int64(truncatingIfNeeded: try reader.varint())
        let power = DecimalColumn.powers[Int(exponent)]
        var values: [Double] = []
        values.reserveCapacity(count)
        if step == 0 {
            values = Array(repeating: Double(origin) / power, count: count)
        } else if flags & differences != 0 {
            var number = origin
            for index in 0..<count {
                if index > 0 { number &+= try reader.signed() &* step }
                values.append(Double(number) / power)
            }
        } else {
            for _ in 0..<count {
                values.append(Double(origin &+ Int64(truncatingIfNeeded: try reader.varint()) &* step) / power)
            }
        }
        if flags & residues != 0 {
            for index in 0..<count {
                let bits = Int64(bitPattern: values[index].bitPattern) &+ (try reader.signed())
                values[index] = Double(bitPattern: UInt64(bitPattern: bits))
            }
        }
        return values
    }

    private static func writeXOR(_ values: [Double], to writer: inout ByteWriter) {
        writer.byte(xor)
        var previous: UInt64 = 0
        let words = values.map { value in
            defer { previous = value.bitPattern }
            return value.bitPattern ^ previous
        }
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            writer.raw(words.map { UInt8(truncatingIfNeeded: $0 >> shift) })
        }
    }

    private static func readXOR(_ count: Int, from reader: inout ByteReader) throws(DamagedBytes) -> [Double] {
        var words = [UInt64](repeating: 0, count: count)
        for _ in 0..<8 {
            for (index, byte) in try reader.raw(count).enumerated() { words[index] = words[index] << 8 | UInt64(byte) }
        }
        var previous: UInt64 = 0
        return words.map { word in
            previous ^= word
            return Double(bitPattern: previous)
        }
    }

    private static func commonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// Bits that the numbers will take, judged by the spread of their low bytes and the count of the others.
    private static func entropy(_ numbers: [UInt64]) -> Double {
        var histogram = [Int](repeating: 0, count: 256)
        var more = 0.0
        for number in numbers {
            histogram[Int(number & 0xFF)] += 1
            more += Double(max(0, 56 - number.leadingZeroBitCount))
        }
        let total = Double(numbers.count)
        return histogram.reduce(more) { sum, count in
            count == 0 ? sum : sum + Double(count) * logarithm(total / Double(count))
        }
    }

    /// log2 within 0.09 (linear between powers of two): only ever compared.
    private static func logarithm(_ value: Double) -> Double {
        Double(value.exponent) + value.significand - 1
    }
}
