import NIOCore
import Site

/// The Prometheus text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), written as bytes.
enum PrometheusText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"
    static let ageName = "picli_sensor_last_reading_timestamp_seconds"

    static func header(_ name: String, help: String, type: String) -> ByteBuffer {
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return ByteBuffer(string: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
    }

    /// `a="1",b="2"`; in values `"`, `\` and line feed are escaped.
    static func labels(_ pairs: [(String, String)]) -> String {
        pairs.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }.joined(separator: ",")
    }
}

extension ByteBuffer {
    /// The shortest decimal that reads back as the same number; whole numbers without `.0`.
    mutating func writeNumber(_ value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 {
            writeNumber(whole)
        } else {
            writeString(value.description)
        }
    }

    /// Digit by digit: a scrape writes hundreds, and a `String` for each costs more than the digits.
    mutating func writeNumber(_ value: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = digits.count
            var rest = value.magnitude
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 {
                start -= 1
                digits[start] = UInt8(ascii: "-")
            }
            writeBytes(UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Milliseconds as seconds.
    mutating func writeSeconds(milliseconds: Int64) {
        let (seconds, fraction) = milliseconds.dividedFloored(by: 1000)
        writeNumber(seconds)
        guard fraction != 0 else { return }
        writeString(fraction < 10 ? ".00" : fraction < 100 ? ".0" : ".")
        writeNumber(fraction)
    }
}
