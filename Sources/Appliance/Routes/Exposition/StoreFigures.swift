import NIOCore
import Store

/// How the store stands, for an alarm outside of the unit: what the disk does not take is told nowhere on the disk.
enum StoreFigures {
    private static let writable = PrometheusText.header(
        "picli_store_writable", help: "1 while the file can be written.", type: "gauge")
    private static let unwritten = PrometheusText.header(
        "picli_store_unwritten_seconds", help: "How long the oldest reading has waited to be written.", type: "gauge")
    private static let events = PrometheusText.header(
        "picli_store_waiting_events", help: "Events that are not written yet.", type: "gauge")

    static func write(_ condition: StoreCondition, to text: inout ByteBuffer) {
        text.writeImmutableBuffer(writable)
        for kind in DatabaseKind.allCases {
            let labels = PrometheusText.labels([("file", kind.fileName)])
            text.writeString("picli_store_writable{\(labels)} \(condition.troubles[kind] == nil ? 1 : 0)\n")
        }
        text.writeImmutableBuffer(unwritten)
        text.writeString("picli_store_unwritten_seconds ")
        text.writeSeconds(milliseconds: condition.unwritten)
        text.writeString("\n")
        text.writeImmutableBuffer(events)
        text.writeString("picli_store_waiting_events \(condition.waiting.count)\n")
    }
}
