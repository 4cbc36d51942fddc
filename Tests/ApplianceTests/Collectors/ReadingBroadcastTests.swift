import Appliance
import Site
import Testing

@Suite("Reading broadcast", .timeLimit(.minutes(1)))
struct ReadingBroadcastTests {
    private let broadcast = ReadingBroadcast()

    private func batch(_ number: Int64) -> ReadingBatch {
        ReadingBatch(
            time: Timestamp(wall: number, boot: 1, monotonic: number, isTrusted: true), interval: .seconds(1),
            readings: [])
    }

    @Test("every reader gets every batch from when it came")
    func fanOut() async {
        var first = broadcast.subscribe().makeAsyncIterator()
        broadcast.publish(batch(1))
        var second = broadcast.subscribe().makeAsyncIterator()
        broadcast.publish(batch(2))
        #expect(await first.next()?.time.wall == 1)
        #expect(await first.next()?.time.wall == 2)
        #expect(await second.next()?.time.wall == 2)
    }

    @Test("a slow reader loses the oldest, and the others lose nothing")
    func slowReader() async {
        let slow = broadcast.subscribe(buffer: 3), fast = broadcast.subscribe(buffer: 100)
        for number in 1...50 { broadcast.publish(batch(Int64(number))) }
        broadcast.finish()
        #expect(await slow.reduce(into: []) { $0.append($1.time.wall) } == [48, 49, 50])
        #expect(await fast.reduce(into: 0) { count, _ in count += 1 } == 50)
    }

    @Test("a reader whose task ends is forgotten")
    func gone() async {
        let stream = broadcast.subscribe()
        let reader = Task { for await _ in stream {} }
        #expect(broadcast.readerCount == 1)
        reader.cancel()
        await reader.value
        #expect(broadcast.readerCount == 0)
        broadcast.publish(batch(1))
    }

    @Test("after the end every stream ends, also one that comes too late")
    func finished() async {
        let early = broadcast.subscribe()
        broadcast.finish()
        for await _ in early { Issue.record("nothing was published") }
        for await _ in broadcast.subscribe() { Issue.record("nothing was published") }
        #expect(broadcast.readerCount == 0)
    }
}
