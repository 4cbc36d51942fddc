public import NIOCore

/// One message of a live stream, in the form of the HTML standard's `text/event-stream`.
public struct ServerSentEvent: Hashable, Sendable {
    static let mediaType = "text/event-stream"

    /// The event's type; a browser calls one without `message`.
    public var event: String?
    /// What a reconnecting browser sends back as `Last-Event-ID`.
    public var id: String?
    public var data: ByteBuffer

    public init(event: String? = nil, id: String? = nil, data: ByteBuffer) {
        self.event = event
        self.id = id
        self.data = data
    }

    /// The bytes on the wire.
    ///
    /// A line end in `data` begins another `data:` line, so nothing in it can forge a field.
    var frame: ByteBuffer {
        var frame = ByteBuffer()
        if let event { frame.writeString("event: \(Self.oneLine(event))\n") }
        if let id { frame.writeString("id: \(Self.oneLine(id))\n") }
        frame.writeString("data: ")
        let hasLines = data.readableBytesView.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        if hasLines { writeLines(to: &frame) } else { frame.writeImmutableBuffer(data) }
        frame.writeString("\n\n")
        return frame
    }

    private func writeLines(to frame: inout ByteBuffer) {
        var previous: UInt8 = 0
        for byte in data.readableBytesView {
            // CR, LF and CRLF all end a line there.
            switch byte {
            case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): frame.writeString("\ndata: ")
            default: frame.writeInteger(byte)
            }
            previous = byte
        }
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" }))
    }
}
