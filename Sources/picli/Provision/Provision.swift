import ArgumentParser

struct Provision: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn a Raspberry Pi into a unit of a site.",
        discussion: """
            What the firmware reads at boot has to fit the site file: buses, overlays, the level of every \
            relay's line, the watchdog.

            Example:
              picli provision check-boot --site trailer.yaml
            """,
        subcommands: [ProvisionCheckBoot.self]
    )
}
