/// The two 8-bit checksums of the chips here.
enum CRC8 {
    /// Dallas/Maxim 1-Wire: x⁸+x⁵+x⁴+1, least significant bit first, starts at 0 (Maxim application note 27).
    static func oneWire(_ bytes: some Sequence<UInt8>) -> UInt8 {
        bytes.reduce(0) { crc, byte in
            (0..<8).reduce(crc ^ byte) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x8C : value >> 1 }
        }
    }

    /// Sensirion and Aosong: x⁸+x⁵+x⁴+1 (0x31), most significant bit first, starts at 0xFF (AHT20 datasheet 5.4.4).
    static func aosong(_ bytes: some Sequence<UInt8>) -> UInt8 {
        bytes.reduce(0xFF) { crc, byte in
            (0..<8).reduce(crc ^ byte) { value, _ in value & 0x80 != 0 ? value << 1 ^ 0x31 : value << 1 }
        }
    }
}
