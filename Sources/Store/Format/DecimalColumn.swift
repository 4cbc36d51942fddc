/// A column of doubles as whole numbers over one power of ten, with what rounding left over.
struct DecimalColumn {
    /// 10^0…10^15; all exact in a double.
    static let powers: [Double] = (0...15).map { exponent in (0..<exponent).reduce(1.0) { power, _ in power * 10 } }

    let exponent: Int
    let numbers: [Int64]
    /// Units in the last place to add after the division; nil when all are 0.
    let residues: [Int64]?

    /// nil when no exponent fits every value.
    init?(_ values: [Double]) {
        for (exponent, power) in Self.powers.enumerated() {
            var numbers: [Int64] = []
            var residues: [Int64] = []
            numbers.reserveCapacity(values.count)
            var isExact = true
            for value in values {
                let scaled = (value * power).rounded()
                // Beyond 2^49 the grid of decimals is finer than the error allowed: every number would fit.
                guard abs(scaled) < 0x1p49 else { return nil }
                let back = scaled / power
                let residue = Int64(bitPattern: value.bitPattern) &- Int64(bitPattern: back.bitPattern)
                guard (-2...2).contains(residue) else { break }
                if residue != 0 { isExact = false }
                numbers.append(Int64(scaled))
                residues.append(residue)
            }
            guard numbers.count == values.count else { continue }
            self.exponent = exponent
            self.numbers = numbers
            self.residues = isExact ? nil : residues
            return
        }
        return nil
    }

    /// How many decimals the values have; nil when they are not decimal.
    static func decimals(of values: [Double]) -> Int? { DecimalColumn(values)?.exponent }

    /// `value` with so many decimals; unchanged where a double cannot tell them apart.
    static func round(_ value: Double, to decimals: Int) -> Double {
        guard decimals < powers.count, abs(value * powers[decimals]) < 0x1p49 else { return value }
        return (value * powers[decimals]).rounded() / powers[decimals]
    }
}
