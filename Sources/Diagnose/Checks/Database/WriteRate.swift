import Hardware

/// How much is written to the disk of the state directory.
struct WriteRate: Check {
    let id = "database.writes"
    let title = "the card is not written to more than it bears"
    let needs: Set<Probe> = [.board, .starts]

    /// Bytes a day: a card of 32 GB that bears 300 rewritings lasts five years with it.
    private static let most = 5e9
    /// Milliseconds: an installation or a start writes much for a while.
    private static let least: Int64 = 6 * 3_600_000

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.board) { figures in
            guard let starts = facts.starts.value, starts.sinceBoot >= Self.least else {
                return [.skipped("the machine has not run for six hours")]
            }
            let days = Double(starts.sinceBoot) / 86_400_000
            let disks = figures.all(.diskWritten).filter { $0.instance?.hasPrefix("mmcblk") == true }
            guard !disks.isEmpty else { return [.skipped("this machine has no card")] }
            return disks.compactMap { figure in
                guard let disk = figure.instance, let bytes = try? figure.outcome.get() else { return nil }
                let rate = bytes / days
                let said = "\((rate / 1e6).shown) MB a day are written to \(disk)."
                guard rate > Self.most else { return .ok(said, disk) }
                return .warn(
                    said, disk, cause: "A card wears out by being written to.", do: "see which program writes",
                    type: "journalctl --disk-usage", after: [.init("board.card")])
            }
        }
    }
}
