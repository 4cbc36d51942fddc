/// Pins of the 40-pin header, the same on every board since the Model B+.
enum HeaderPin {
    /// Which pin carries a line, by its BCM number; nil for lines that the header does not have.
    static func number(ofLine line: Int) -> Int? { pins[line] }

    private static let pins = [
        2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19, 9: 21, 25: 22, 11: 23,
        8: 24, 7: 26, 0: 27, 1: 28, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35, 16: 36, 26: 37, 20: 38, 21: 40,
    ]

    /// `GPIO17, header pin 11`.
    static func text(ofLine line: Int) -> String {
        "GPIO\(line)" + (number(ofLine: line).map { ", header pin \($0)" } ?? ", not on the header")
    }
}
