public import Platform

/// The computer itself: everything that /proc and /sys tell about it.
public final class Board: Sendable {
    private let files: BoardFiles
    private let probe: Blocking<BoardProbe>
    private let fileSystems: BoardFileSystems
    private let limit: Duration

    /// - Parameters:
    ///   - root: `/` of the board, without a slash at its end; a directory of captures in a test.
    ///   - firmware: Whom to ask about under-voltage.
    ///   - space: Whom to ask about file systems.
    ///   - limit: How long all files together may take.
    public init(
        root: String = "", firmware: any FirmwareChannel = FirmwareMailbox(),
        space: FileSystemSpaceReader = FileSystemSpaceReader(), limit: Duration = .seconds(3)
    ) {
        let files = BoardFiles(root: root)
        self.files = files
        self.limit = limit
        fileSystems = BoardFileSystems(space: space)
        probe = Blocking(name: "board") { BoardProbe(files, firmware) }
    }

    /// Every figure that the board has, in a fixed order.
    ///
    /// - Throws: `DeadlineExceeded` when a file of the kernel hangs; a file system that hangs is only its own fault.
    public func figures() async throws -> [BoardFigure] {
        let (figures, table) = try await probe.run(within: limit) { probe in (probe.figures(), probe.mounts()) }
        guard let table else { return figures }
        return figures + (await fileSystems.figures(table))
    }
}

/// All parts of the board and what they remember between two looks; used on the board's thread only.
private final class BoardProbe {
    private let files: BoardFiles
    private let temperature = BoardTemperature()
    private let supply: BoardSupply
    private var processor: BoardProcessor
    private var disks = BoardDisks()
    private var network = BoardNetwork()
    private var graphics = BoardGraphics()

    init(_ files: BoardFiles, _ firmware: any FirmwareChannel) {
        self.files = files
        supply = BoardSupply(firmware: firmware)
        processor = BoardProcessor(files)
    }

    func figures() -> [BoardFigure] {
        temperature.figures(files) + supply.figures(files) + processor.figures(files) + disks.figures(files)
            + network.figures(files) + graphics.figures(files)
    }

    func mounts() -> MountTable? { try? MountTable(root: files.root) }
}
