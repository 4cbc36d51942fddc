import ArgumentParser
import Platform
import Provision
import Site

struct ImageBuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build an image of a recipe.",
        discussion: """
            Makes a root file system of Debian packages, puts picli into it, and writes a partitioned image \
            with its checksum, block map, list of software and licences. What was made is kept under a hash \
            of its inputs: another site file costs seconds. The image has its name when it is complete, and \
            not before.

            Examples:
              picli image build --arch amd64 --output out
              picli image build --arch arm64 --output out --package out/picli_0.1.0_arm64.deb --dry-run
            """
    )

    @Option(help: ArgumentHelp("amd64 or arm64.", valueName: "arch"), transform: Self.architecture)
    var arch: ImageRecipe.Architecture

    @Option(
        name: .customLong("output"), help: ArgumentHelp("The folder for the image.", valueName: "dir"),
        completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("What it is made of.", valueName: "file"), completion: .file(extensions: ["yaml"]))
    var recipe = "image/recipe.yaml"

    @Option(
        help: ArgumentHelp("picli's Debian package; that of 'make deb' when left out.", valueName: "deb"),
        completion: .file(extensions: ["deb"]))
    var package: String?

    @Option(
        help: ArgumentHelp("A site file for the card to begin with.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @Option(
        help: ArgumentHelp("Public keys of those whom the card lets in by SSH; with --site.", valueName: "file"),
        completion: .file())
    var sshKeys: String?

    @Option(
        help: ArgumentHelp(
            "Also make what is published, at this address: compressed, with a manifest.", valueName: "url"),
        transform: Self.address)
    var release: String?

    @Flag(help: "Fetch all packages anew, and make everything again.")
    var refresh = false

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if sshKeys != nil, site == nil { throw ValidationError("--ssh-keys are carried beside a site file: --site.") }
    }

    func run() async throws {
        let console = output.console
        let check = try RecipeCheck(recipe, console)
        let run = ImageBuildRun(check: check, architecture: arch, folder: folder, console: console)
        let facts = try await run.facts(package: package, site: site, keys: sshKeys, isDry: dryRun)
        let plan = try ImagePlan(check.recipe, for: arch, from: facts)
        for note in plan.notes { console.note(note) }
        if dryRun { return try console.answer(ImagePlanDocument(plan)) }
        try ImageTools.check(for: arch, of: check.recipe.base, facts: facts, isRelease: release != nil)
        let document = try await Interruption.ends { [refresh, release] in
            try await run.build(plan, facts, refreshes: refresh, release: release)
        }
        try console.answer(document)
    }

    @Sendable private static func address(_ text: String) throws -> String {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.hasSuffix("/"),
            text.allSatisfy({ $0.isASCII && !$0.isWhitespace })
        else { throw TypedText.Mistake(description: "write https://example.org/images, without / at its end.") }
        return text
    }

    @Sendable private static func architecture(_ text: String) throws -> ImageRecipe.Architecture {
        guard let architecture = ImageRecipe.Architecture(rawValue: text) else {
            throw TypedText.Mistake(description: "it is amd64 or arm64.")
        }
        return architecture
    }
}
