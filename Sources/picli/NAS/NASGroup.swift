import ArgumentParser

struct NASGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nas",
        abstract: "Look after the drive that cameras record to.",
        discussion: """
            A drive on USB is put into its place when it is plugged in, and taken out of it when it is pulled \
            out; nothing has to be typed for that. These commands show what was decided about each drive, \
            and do what a person decides.

            Example:
              picli nas status
            """,
        subcommands: [
            NASStatus.self, NASList.self, NASAttach.self, NASDetach.self, NASEject.self, NASFormat.self, NASPrune.self,
            NASProtect.self, NASVerify.self, NASRecover.self,
        ]
    )
}
