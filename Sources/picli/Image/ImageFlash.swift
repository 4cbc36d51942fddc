import ArgumentParser
import Platform
import Provision
import Site

struct ImageFlash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flash",
        abstract: "Write an image onto a card, and make it the card of a unit.",
        discussion: """
            Says what is on the disk and asks before it is lost; refuses disks of this system, mounted ones, \
            partitions, and what is too small. Writes what the image holds, reads it back, and then puts onto \
            the card what makes it the card of a unit: its first boot takes that over and erases it.

            Examples:
              picli image flash out/picli-0.1.0-arm64.img --disk /dev/sdb
              picli image flash out/picli-0.1.0-arm64.img --disk /dev/sdb \\
                --site trailer.yaml --unit pi-7k3m92qf --ssh-keys me.pub
              picli image flash out/picli-0.1.0-arm64.img --disk /dev/sdb --batch cards.csv
            """
    )

    @Argument(help: "The image.", completion: .file(extensions: ["img"]))
    var image: String

    @Option(help: ArgumentHelp("The whole disk that becomes the card.", valueName: "dev"), completion: .file())
    var disk: String

    @OptionGroup(title: "The unit") var card: CardOptions

    @Option(
        help: ArgumentHelp("Write the cards of this table, one a line, through the same disk.", valueName: "csv"),
        completion: .file(extensions: ["csv"]))
    var batch: String?

    @Flag(name: .shortAndLong, help: "Do not ask whether what is on the disk may be lost.")
    var yes = false

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if batch != nil, dryRun || card.unit != nil {
            throw ValidationError("With --batch, units stand in the table, and each card is waited for.")
        }
    }

    func run() async throws {
        let console = output.console
        let file = try ImageFile(image)
        let run = FlashRun(file: file, console: console)
        if let batch {
            let cards = ImageFlashBatch(
                writer: run, table: try InputText(batch), disk: disk, card: card, isAnswered: yes)
            return try await cards.run()
        }
        let archive = try card.archive(console)
        if let preview = try await run.run(onto: disk, card: archive, isAnswered: yes, isDry: dryRun) {
            return try console.answer(preview)
        }
        try console.answer(ImageFlashDocument(file, disk, unit: archive?.unit))
    }
}

/// The answer of `picli image flash`.
struct ImageFlashDocument: Answer {
    var schema = 1
    let image: String
    let disk: String
    /// Left out for a card that anybody may set up, or that gets its name at its first boot.
    let unit: String?
    let sha256: String

    init(_ file: ImageFile, _ disk: String, unit: UnitID?) {
        image = file.path
        self.disk = disk
        self.unit = unit?.description
        sha256 = file.identity.sha256
    }

    func text(for terminal: Terminal) -> String {
        "\(disk) is the card\(unit.map { " of \($0)" } ?? "") now; it may be taken out.\n"
    }
}
