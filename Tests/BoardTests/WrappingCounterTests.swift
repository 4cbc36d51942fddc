import Testing

@testable import Hardware

@Suite("Wrapping counters")
struct WrappingCounterTests {
    @Test(
        "a counter goes on over a wrap of 32 bits, and starts again with its device",
        arguments: [
            ([1, 2, 3], [1, 2, 3]),
            ([4_294_967_000, 100, 200], [4_294_967_000, 4_294_967_396, 4_294_967_496]),
            ([4_294_967_000, 100, 4_294_967_000, 5], [4_294_967_000, 4_294_967_396, 8_589_934_296, 8_589_934_597]),
            ([1_000_000, 10], [1_000_000, 10]),
            ([4_294_967_000, 100, 50], [4_294_967_000, 4_294_967_396, 50]),
            ([5_000_000_000, 7], [5_000_000_000, 7]),
            ([3_000_000_000, 2_900_000_000], [3_000_000_000, 2_900_000_000]),
        ] as [([UInt64], [UInt64])])
    func values(raw: [UInt64], expected: [UInt64]) {
        var counter = WrappingCounter()
        #expect(raw.map { counter.value($0) } == expected)
    }
}
