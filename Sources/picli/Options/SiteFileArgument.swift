import ArgumentParser

/// The site file of commands that judge or explain one.
struct SiteFileArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The site file; - reads standard input.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var file = "/etc/picli/site.yaml"
}
