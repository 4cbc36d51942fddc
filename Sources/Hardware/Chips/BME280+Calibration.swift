extension BME280 {
    /// The coefficients of one chip, and the compensation that is made with them.
    ///
    /// Damaged coefficients must give a wrong number, not a crash: all arithmetic wraps.
    /// Source: BST-BME280-DS002, table 16 and section 4.2.3.
    struct Calibration: Hashable, Sendable {
        /// dig_T1…dig_T3.
        let temperature: [Int32]
        /// dig_P1…dig_P9.
        let pressure: [Int64]
        /// dig_H1…dig_H6.
        let humidity: [Int32]

        /// The registers 0x88…0xA1 and 0xE1…0xE7.
        ///
        /// - Throws: `HardwareError` `busError` when these are no coefficients.
        init(_ bytes: [UInt8], humidity last: [UInt8]) throws(HardwareError) {
            guard bytes.count == 26, last.count == 7 else {
                throw HardwareError(
                    .busError, "the BME280 sent \(bytes.count + last.count) bytes of coefficients instead of 33")
            }
            // Least significant byte first; dig_T1 and dig_P1 have no sign.
            let words = (0..<12).map { UInt16(bytes[2 * $0 + 1]) << 8 | UInt16(bytes[2 * $0]) }
            guard words[0] != 0, words[3] != 0, words[0] != .max else {
                throw HardwareError(.busError, "the BME280 has no coefficients: check its supply, or replace it")
            }
            temperature = [Int32(words[0])] + words[1..<3].map { Int32(Int16(bitPattern: $0)) }
            pressure = [Int64(words[3])] + words[4...].map { Int64(Int16(bitPattern: $0)) }
            // dig_H4 and dig_H5 have 12 bits each, and share the byte 0xE5.
            humidity = [
                Int32(bytes[25]), Int32(Int16(bitPattern: UInt16(last[1]) << 8 | UInt16(last[0]))), Int32(last[2]),
                Int32(Int8(bitPattern: last[3])) << 4 | Int32(last[4] & 0x0F),
                Int32(Int8(bitPattern: last[5])) << 4 | Int32(last[4] >> 4), Int32(Int8(bitPattern: last[6])),
            ]
        }

        /// `t_fine`, which pressure and humidity are compensated with too.
        func fineTemperature(_ raw: Int32) -> Int32 {
            let t = temperature
            let linear = (((raw >> 3) &- (t[0] << 1)) &* t[1]) >> 11
            let difference = (raw >> 4) &- t[0]
            return linear &+ ((((difference &* difference) >> 12) &* t[2]) >> 14)
        }

        /// Hundredths of a degree Celsius.
        static func hundredths(ofFine fine: Int32) -> Int32 { (fine &* 5 &+ 128) >> 8 }

        /// Pascal in 24.8 bits; nil when the coefficients allow none.
        func pascal256ths(_ raw: Int32, fine: Int32) -> Int64? {
            let p = pressure
            let x = Int64(fine) &- 128_000
            let offset = (x &* x &* p[5]) &+ ((x &* p[4]) << 17) &+ (p[3] << 35)
            let slope = ((x &* x &* p[2]) >> 8) &+ ((x &* p[1]) << 12)
            let divisor = (((1 << 47) &+ slope) &* p[0]) >> 33
            let dividend = (((1_048_576 &- Int64(raw)) << 31) &- offset) &* 3125
            let (quotient, isUndefined) = dividend.dividedReportingOverflow(by: divisor)
            guard !isUndefined else { return nil }
            let square = (p[8] &* (quotient >> 13) &* (quotient >> 13)) >> 25
            return ((quotient &+ square &+ ((p[7] &* quotient) >> 19)) >> 8) &+ (p[6] << 4)
        }

        /// Percent relative humidity in 22.10 bits, 0…100 %.
        func percent1024ths(_ raw: Int32, fine: Int32) -> Int32 {
            let h = humidity
            let x = fine &- 76_800
            let measured = ((raw << 14) &- (h[3] << 20) &- (h[4] &* x) &+ 16_384) >> 15
            let warmth = (((x &* h[5]) >> 10) &* (((x &* h[2]) >> 11) &+ 32_768)) >> 10
            let value = measured &* (((warmth &+ 2_097_152) &* h[1] &+ 8192) >> 14)
            let curve = ((((value >> 15) &* (value >> 15)) >> 7) &* h[0]) >> 4
            return min(max(value &- curve, 0), 419_430_400) >> 12
        }
    }
}
