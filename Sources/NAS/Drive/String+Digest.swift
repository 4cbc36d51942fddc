extension String {
    /// FNV-1a of 64 bits: against accidents, not against an attacker.
    var digest: UInt64 { utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 } }
}
