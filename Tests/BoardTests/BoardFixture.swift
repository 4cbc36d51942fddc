import Hardware
import Platform
import Testing

/// A board of `Fixtures/`.
enum BoardFixture: String, CaseIterable, CustomTestStringConvertible {
    case pi4 = "raspberry-pi-4"
    case pi5 = "raspberry-pi-5"
    case zero2 = "raspberry-pi-zero-2w"
    case amd64 = "amd64-vm"

    var root: String {
        "\(String(#filePath).split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))"
            + "/Fixtures/\(rawValue)"
    }

    var testDescription: String { rawValue }

    func board(_ firmware: any FirmwareChannel = NoFirmware()) -> Board {
        Board(root: root, firmware: firmware, space: .scripted)
    }
}

extension FileSystemSpaceReader {
    /// Every file system has 32 GB, of which 8 are free.
    static var scripted: FileSystemSpaceReader {
        FileSystemSpaceReader { _ in FileSystemSpace(size: 32_000_000_000, available: 8_000_000_000) }
    }
}

/// A firmware that says always the same.
struct ScriptedFirmware: FirmwareChannel {
    let answer: Result<String?, BoardFault>

    func command(_ command: String) throws(BoardFault) -> String? {
        guard command == "get_throttled" else { throw BoardFault(.garbage, "unexpected command \(command)") }
        return try answer.get()
    }
}

extension [BoardFigure] {
    func outcome(_ quantity: BoardFigure.Quantity, _ instance: String? = nil) -> Result<Double, BoardFault>? {
        let found = filter { $0.quantity == quantity && $0.instance == instance }
        if found.count > 1 { Issue.record("\(quantity) \(instance ?? "") is told \(found.count) times") }
        return found.first?.outcome
    }

    func value(_ quantity: BoardFigure.Quantity, _ instance: String? = nil) -> Double? {
        try? outcome(quantity, instance)?.get()
    }

    func fault(_ quantity: BoardFigure.Quantity, _ instance: String? = nil) -> BoardFault? {
        if case .failure(let fault) = outcome(quantity, instance) { fault } else { nil }
    }
}
