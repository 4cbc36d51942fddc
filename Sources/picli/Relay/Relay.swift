import ArgumentParser

struct Relay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay",
        abstract: "Switch loads, and see who switched them.",
        discussion: """
            on means that the load has power, whatever the contact and the level. Each command goes through \
            the running unit, which writes down who asked; the owner of the relays decides whether a least \
            time, an interlock or a hold is in the way.

            Example:
              picli relay list
            """,
        subcommands: [
            RelayList.self, RelayOn.self, RelayOff.self, RelayToggle.self, RelayPulse.self, RelayOverride.self,
            RelayRelease.self, RelayConfirm.self, RelayWatchdog.self, RelaySchedule.self, RelayHistory.self,
            RelayRun.self, RelayRecord.self,
        ]
    )
}
