import FoundationEssentials
import Glibc

/// `embed-assets OUTPUT.swift FILE...`: writes the files' text as Swift string literals, with a hash of each.
///
/// String literals, because they cost the compiler next to nothing; arrays of bytes of that size take it minutes.

/// FNV-1a, 64 bit: tells two versions of a file apart, nothing more.
func hash(_ bytes: some Sequence<UInt8>) -> String {
    let value = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

/// A multi-line raw literal with enough `#` that nothing in the text can end or escape it.
func literal(_ text: String) -> String {
    var run = 0
    var longest = 0
    for character in text.utf8 {
        run = character == UInt8(ascii: "#") ? run + 1 : 0
        longest = max(longest, run)
    }
    let fence = String(repeating: "#", count: longest + 1)
    return "\(fence)\"\"\"\n\(text)\n\"\"\"\(fence)"
}

func fail(_ message: String) -> Never {
    FileHandleText.standardError("embed-assets: error: \(message)\n")
    exit(1)
}

enum FileHandleText {
    static func standardError(_ text: String) { _ = text.withCString { write(2, $0, strlen($0)) } }
}

let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else { fail("usage: embed-assets OUTPUT.swift FILE...") }
var source = "let embeddedAssets: [EmbeddedAsset] = [\n"
for path in arguments.dropFirst() {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let data = FileManager.default.contents(atPath: path) else { fail("\(path) cannot be read") }
    guard let text = String(validating: data, as: UTF8.self) else { fail("\(path) is not UTF-8 text") }
    guard !text.utf8.contains(0), !text.utf8.contains(UInt8(ascii: "\r")) else {
        fail("\(path) has a NUL byte or a carriage return; save it with Unix line ends")
    }
    source += "    EmbeddedAsset(name: \"\(name)\", hash: \"\(hash(data))\", text: \(literal(text))),\n"
}
source += "]\n"
do {
    try Data(source.utf8).write(to: URL(filePath: output), options: .atomic)
} catch {
    fail("\(output) cannot be written: \(error)")
}
