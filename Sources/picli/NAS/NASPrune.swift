import Appliance
import ArgumentParser
import NAS
import Platform
import Site

struct NASPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete the footage that is due to go.",
        discussion: """
            The unit does this by itself: what is older than storage.retention of the site file goes, and the oldest \
            when there is too little room, but never what is protected. Where more than half of the footage would go it \
            stops and asks: the unit was off for long, or its clock was wrong. This command says what would go, and \
            with --yes deletes it.

            Examples:
              picli nas prune --dry-run
              picli nas prune --yes
            """
    )

    @Flag(help: "Say what would be deleted, and delete nothing.")
    var dryRun = false

    @Flag(help: "Delete it, also where it is more than half of all.")
    var yes = false

    @OptionGroup var options: NASOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if dryRun == yes { throw ValidationError("Give --dry-run to see what would go, or --yes to delete it.") }
    }

    func run() async throws {
        let unit = try options.unitOfRoot()
        let deletes = yes
        let index = try FootageIndex(nil)
        let keeper = Blocking(name: "footage") { unit.keeper(index) }
        let now = UnitClock(boot: 1, buildDate: BuildStamp.date * 1000).now()
        let total = try await Interruption.ends {
            try await keeper.run(within: .seconds(3600)) {
                try $0.prune(at: now.wall, isTrusted: now.isTrusted, deletes: deletes)
            }
        }
        try output.console.answer(PruneDocument(deleted: deletes, clips: total.clips, bytes: total.size))
    }
}

/// The answer of `picli nas prune`.
struct PruneDocument: Answer {
    var schema = 1
    /// Whether it was done, or would be.
    let deleted: Bool
    /// 0 with `bytes` above it: as many of the oldest as it takes for so much room.
    let clips: Int
    let bytes: Int64

    func text(for terminal: Terminal) -> String {
        guard bytes > 0 || clips > 0 else { return "Nothing is due to go.\n" }
        let size = DriveSize.text(UInt64(clamping: bytes))
        if deleted { return "Deleted: \(clips) clips, \(size).\n" }
        return clips > 0
            ? "Would be deleted: \(clips) clips, \(size).\n" : "Would be deleted: the oldest clips, \(size).\n"
    }
}
