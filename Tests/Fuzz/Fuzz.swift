import Foundation

/// The parsers of foreign bytes, fed by libFuzzer (llvm.org/docs/LibFuzzer.html).
///
///     Fuzz                        the names of all targets
///     Fuzz TARGET seeds FOLDER    writes the target's good examples
///     Fuzz TARGET OPTION...       libFuzzer with its options
@main
enum Fuzz {
    fileprivate static let target = CommandLine.arguments.dropFirst().first.flatMap { name in
        FuzzTarget.all.first { $0.name == name }
    }

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else { return print(FuzzTarget.all.map(\.name).joined(separator: "\n")) }
        guard let target else {
            let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
            FileHandle.standardError.write(
                Data("error: there is no target \(arguments[1])\nTry: one of \(names)\n".utf8))
            exit(64)
        }
        if arguments.count == 4, arguments[2] == "seeds" {
            for (index, seed) in try target.seeds().enumerated() {
                try Data(seed).write(to: URL(filePath: arguments[3]).appending(path: "seed-\(index)"))
            }
            return
        }
        exit(run([arguments[0]] + arguments.dropFirst(2)))
    }

    private static func run(_ arguments: [String]) -> Int32 {
        var texts: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var count = Int32(arguments.count)
        return texts.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return driveFuzzer(&count, &start, testOneInput)
        }
    }
}

/// libFuzzer as a function of this program (its FuzzerInterface.h).
@_silgen_name("LLVMFuzzerRunDriver")
private func driveFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// One try: what the parser throws is its answer, what it traps on is a finding.
///
/// Under the name by which libFuzzer's own `main`, which is linked and not used, calls it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Fuzz.target?.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
