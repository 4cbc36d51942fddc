import Hardware

/// Space on every file system with a disk behind it.
struct DiskSpace: Check {
    let id = "board.space"
    let title = "no disk is full"
    let needs: Set<Probe> = [.board]

    /// Bytes; below it databases cannot be changed any more.
    private static let least = 20e6

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.board) { figures in
            let sizes = figures.all(.filesystemSize)
            guard !sizes.isEmpty else { return [.skipped("no file system with a disk behind it was found")] }
            return sizes.compactMap { figure in
                guard let point = figure.instance else { return nil }
                if case .failure(let fault) = figure.outcome { return hung(point, fault) }
                guard let size = try? figure.outcome.get(), size > 0,
                    let free = figures.value(.filesystemFree, point)
                else { return nil }
                return judge(point, free: free, size: size)
            }
        }
    }

    private func hung(_ point: String, _ fault: BoardFault) -> Judgement {
        guard fault.kind == .hung else { return .unknown("\(fault)", point) }
        return .fail(
            "\(fault).", point, cause: "The disk behind it takes no request any more.",
            do: "replace the card or drive", type: "systemctl reboot", after: [.init("board.errors")])
    }

    private func judge(_ point: String, free: Double, size: Double) -> Judgement {
        let share = free / size
        let said = "\(point) has \((free / 1e6).shown) MB free, \((share * 100).shown) %."
        // A drive for footage is kept full on purpose.
        if point == "/srv/camera" { return .ok(said, point) }
        if free < Self.least || share < 0.02 {
            return .fail(
                said, point, cause: "What is stored there now is lost.", do: "delete what does not belong there",
                type: "du -xh -d2 \(point)")
        }
        guard share < 0.1 else { return .ok(said, point) }
        return .warn(
            said, point, cause: "It will be full soon.", do: "see what grows", type: "du -xh -d2 \(point)")
    }
}
