/// The form in which SMB keeps a password: MD4 (RFC 1320) of its UTF-16LE letters (MS-NLMP, 3.3.1).
///
/// Nothing else of picli uses MD4: it is as good as the password in the clear, and is kept as such.
enum NTHash {
    /// 32 upper-case hexadecimal digits.
    static func text(of password: String) -> String {
        hash(password.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }).hexadecimal.uppercased()
    }

    static func hash(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        padded += littleEndian(UInt64(message.count) * 8)
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
        for start in stride(from: 0, to: padded.count, by: 64) {
            let words = stride(from: start, to: start + 64, by: 4).map { place in
                (0..<4).reduce(UInt32(0)) { $0 | UInt32(padded[place + $1]) << UInt32(8 * $1) }
            }
            state = mixed(state, words)
        }
        return state.flatMap(littleEndian)
    }

    private static let orders: [[Int]] = [
        Array(0..<16), [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
        [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    ]
    private static let turns: [[UInt32]] = [[3, 7, 11, 19], [3, 5, 9, 13], [3, 9, 11, 15]]
    private static let constants: [UInt32] = [0, 0x5A82_7999, 0x6ED9_EBA1]

    /// Three rounds of sixteen steps (RFC 1320, 3.4).
    private static func mixed(_ state: [UInt32], _ words: [UInt32]) -> [UInt32] {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        for round in 0..<3 {
            for step in 0..<16 {
                let choice =
                    round == 0 ? (b & c) | (~b & d) : round == 1 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
                let sum = a &+ choice &+ words[orders[round][step]] &+ constants[round]
                let turn = turns[round][step % 4]
                (a, d, c, b) = (d, c, b, sum << turn | sum >> (32 - turn))
            }
        }
        return zip(state, [a, b, c, d]).map { $0 &+ $1 }
    }

    private static func littleEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
        stride(from: 0, to: Word.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: word >> Word($0)) }
    }
}
