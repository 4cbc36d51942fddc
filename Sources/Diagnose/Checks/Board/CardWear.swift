import Hardware

/// The wear that cards tell of themselves.
struct CardWear: Check {
    let id = "board.card"
    let title = "the card is not worn out"
    let needs: Set<Probe> = [.board]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.board) { figures in
            let lives = figures.all(.cardLifeUsed)
            let reserves = figures.all(.cardReserve)
            guard !(lives + reserves).isEmpty else { return [.skipped("no disk of this board tells its wear")] }
            let disks = Set((lives + reserves).compactMap(\.instance)).sorted()
            return disks.map { disk in
                let used = figures.value(.cardLifeUsed, disk)
                let reserve = figures.value(.cardReserve, disk)
                let said = "\(disk) has used \(used.map { "\($0.shown) %" } ?? "an unknown part") of its life."
                if reserve == 3 || used == 100 {
                    return .fail(
                        said, disk, cause: "Its spare blocks are nearly gone: it may turn read-only any day.",
                        do: "replace the card; save the unit's state first",
                        type: "picli diagnose --bundle bundle.tar.gz")
                }
                if reserve == 2 || used.map({ $0 >= 90 }) == true {
                    return .warn(
                        said, disk, cause: "It comes to its end.", do: "replace the card at the next visit",
                        type: "picli readings query board.disk_written --since 7d")
                }
                return .ok(said, disk)
            }
        }
    }
}
