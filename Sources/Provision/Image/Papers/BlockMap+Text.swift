import Crypto
public import Platform

extension BlockMap {
    /// As bmaptool writes it; its own checksum is taken while that field is zeros.
    public var xml: String {
        let zeros = String(repeating: "0", count: 64)
        let text = xml(checksum: zeros)
        return xml(checksum: Array(SHA256.hash(data: Array(text.utf8))).hexadecimal)
    }

    private func xml(checksum: String) -> String {
        var text = """
            <?xml version="1.0" ?>
            <bmap version="2.0">
                <ImageSize> \(size) </ImageSize>
                <BlockSize> \(Self.blockSize) </BlockSize>
                <BlocksCount> \(blocks) </BlocksCount>
                <MappedBlocksCount> \(mappedBlocks) </MappedBlocksCount>
                <ChecksumType> sha256 </ChecksumType>
                <BmapFileChecksum> \(checksum) </BmapFileChecksum>
                <BlockMap>

            """
        for range in ranges {
            let blocks = range.first == range.last ? "\(range.first)" : "\(range.first)-\(range.last)"
            text += "        <Range chksum=\"\(range.digest)\"> \(blocks) </Range>\n"
        }
        return text + "    </BlockMap>\n</bmap>\n"
    }

    /// Reads a map that came with an image.
    ///
    /// - Parameter digest: SHA-256 of the whole image, which a map does not say.
    /// - Throws: `image.map` for a damaged one, or one of another image.
    public init(xml text: String, digest: String) throws(Failure) {
        func fault(_ what: String) -> Failure {
            Failure(
                "image.map", "The block map cannot be used: \(what).",
                hint: "take the image and its files from where they were made once more")
        }
        func field(_ name: String) -> Substring? {
            guard let start = text.range(after: "<\(name)>"), let end = text[start...].range(before: "</\(name)>")
            else {
                return nil
            }
            return text[start..<end].trimmed
        }
        guard let checksum = field("BmapFileChecksum"), checksum.utf8.count == 64 else {
            throw fault("it has no checksum")
        }
        let plain = text.replacingFirst(String(checksum), with: String(repeating: "0", count: 64))
        guard Array(SHA256.hash(data: Array(plain.utf8))).hexadecimal == checksum else {
            throw fault("its checksum is wrong")
        }
        guard let size = field("ImageSize").flatMap({ UInt64($0) }), size < 1 << 48,
            field("BlockSize") == "\(Self.blockSize)", field("ChecksumType") == "sha256"
        else { throw fault("it is of another kind") }
        var ranges: [BlockMap.Range] = []
        for piece in text.split(separator: "<Range chksum=\"").dropFirst() {
            guard let quote = piece.firstIndex(of: "\""), let open = piece.firstIndex(of: ">"),
                let close = piece.firstIndex(of: "<"), open < close
            else { throw fault("a range has no end") }
            let numbers = piece[piece.index(after: open)..<close].trimmed.split(separator: "-").map { UInt64($0) }
            guard let first = numbers.first.flatMap(\.self), let last = numbers.last.flatMap(\.self),
                numbers.count <= 2,
                first <= last, last < (size + 4095) / 4096, first > ranges.last?.last ?? 0 || ranges.isEmpty
            else { throw fault("a range is none") }
            ranges.append(BlockMap.Range(first: first, last: last, digest: String(piece[..<quote])))
        }
        self.init(size: size, digest: digest, ranges: ranges)
        guard field("MappedBlocksCount") == "\(mappedBlocks)" else { throw fault("ranges are missing") }
    }
}

extension StringProtocol {
    fileprivate var trimmed: SubSequence {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        return self[start..<(lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start)]
    }

    fileprivate func range(after word: String) -> Index? { firstRange(of: word)?.upperBound }
    fileprivate func range(before word: String) -> Index? { firstRange(of: word)?.lowerBound }
}

extension String {
    fileprivate func replacingFirst(_ word: String, with other: String) -> String {
        guard let range = firstRange(of: word) else { return self }
        return String(self[..<range.lowerBound]) + other + self[range.upperBound...]
    }
}
