/// A flattened device tree (Devicetree Specification 0.4, 5), as far as names go.
enum DeviceTreeBlob {
    /// The names of all nodes; empty when the bytes are no device tree, or a damaged one.
    static func nodeNames(_ blob: [UInt8]) -> Set<String> {
        func cell(_ offset: Int) -> Int? {
            guard offset >= 0, offset <= blob.count - 4 else { return nil }
            return blob[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        guard cell(0) == 0xD00D_FEED, var place = cell(8) else { return [] }
        var names: Set<String> = []
        while let token = cell(place) {
            place += 4
            switch token {
            case 1:  // FDT_BEGIN_NODE, its name, padding
                guard let end = blob[min(place, blob.count)...].firstIndex(of: 0) else { return [] }
                names.insert(String(decoding: blob[place..<end], as: UTF8.self))
                place = (end + 4) & ~3
            case 3:  // FDT_PROP: length, name, value, padding
                guard let length = cell(place) else { return [] }
                place = (place + 8 + length + 3) & ~3
            case 2, 4: continue  // FDT_END_NODE, FDT_NOP
            case 9: return names  // FDT_END
            default: return []
            }
        }
        return []
    }
}
