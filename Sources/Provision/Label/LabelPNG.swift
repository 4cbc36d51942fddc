public import Platform

/// The label as dots for a printer: 300 to the inch, and the file says so.
public struct LabelPNG: Sendable {
    public let bytes: [UInt8]

    /// Has `rsvg-convert` draw a label, which it reads from its standard input and gives back on its standard output.
    ///
    /// - Throws: `Failure` `label.program`.
    public init(_ label: LabelSVG, runner: any CommandRunner) async throws {
        let dots = label.size.dots
        let command = Command(
            "rsvg-convert", ["--format=png", "--width=\(dots.width)", "--height=\(dots.height)"],
            input: Array(label.text.utf8), outputLimit: 1 << 22)
        let output = try await LabelProgram(name: "rsvg-convert", package: "librsvg2-bin").run(command, with: runner)
        guard let bytes = Self.withResolution(output, dots.width, dots.height) else {
            throw Failure(
                "label.program", "What rsvg-convert drew is no picture of \(dots.width) × \(dots.height) dots.",
                hint: "rsvg-convert --version (2.54 is known to work)")
        }
        self.bytes = bytes
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    /// pHYs (PNG, 11.3.4.3): 11,811 dots per metre in both directions, with its checksum.
    ///
    /// Without it programs print a picture at 72 or 96 dots per inch, three times too large.
    private static let resolution: [UInt8] = [
        0, 0, 0, 9, 0x70, 0x48, 0x59, 0x73, 0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1, 0x78, 0xA5, 0x3F, 0x76,
    ]

    /// The picture with its resolution after the header; nil when it is not a whole PNG of that size.
    static func withResolution(_ bytes: [UInt8], _ width: Int, _ height: Int) -> [UInt8]? {
        guard let chunks = chunks(of: bytes), chunks.first?.name == "IHDR", chunks.last?.name == "IEND" else {
            return nil
        }
        let header = bytes[chunks[0].range]
        // Length and name, then width and height.
        guard header.count == 25, number(header.dropFirst(8).prefix(4)) == width,
            number(header.dropFirst(12).prefix(4)) == height
        else { return nil }
        let others = chunks.dropFirst().filter { $0.name != "pHYs" }
        return signature + header + resolution + others.flatMap { bytes[$0.range] }
    }

    /// Name and place of each chunk (PNG, 5.3): length, name, data, checksum; nil when they do not fill the bytes.
    private static func chunks(of bytes: [UInt8]) -> [(name: String, range: Range<Int>)]? {
        guard bytes.starts(with: signature) else { return nil }
        var chunks: [(name: String, range: Range<Int>)] = []
        var start = signature.count
        while start < bytes.count {
            guard bytes.count - start >= 12 else { return nil }
            let length = number(bytes[start..<start + 4])
            guard length <= bytes.count - start - 12 else { return nil }
            let name = String(decoding: bytes[start + 4..<start + 8], as: UTF8.self)
            chunks.append((name, start..<start + 12 + length))
            start += 12 + length
        }
        return chunks
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
