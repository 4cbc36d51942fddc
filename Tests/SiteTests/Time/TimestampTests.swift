import Foundation
import Site
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test("in JSON it keeps wall, boot, monotonic and trust")
    func json() throws {
        let time = Timestamp(wall: -5, boot: 7, monotonic: Int64.max, isTrusted: false)
        let data = try JSONEncoder().encode(time)
        #expect(try JSONDecoder().decode(Timestamp.self, from: data) == time)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(Set(object.keys) == ["wall", "boot", "monotonic", "isTrusted"])
    }

    @Test("the same wall time of another boot is another time")
    func identity() {
        let first = Timestamp(wall: 1000, boot: 1, monotonic: 10, isTrusted: true)
        var second = first
        second.boot = 2
        #expect(first != second)
    }
}
