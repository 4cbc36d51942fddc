import ArgumentParser
import FoundationEssentials

/// What every command that answers takes.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one line of JSON instead of text.")
    var json = false

    var console: Console {
        Console(json ? .json : .text, environment: ProcessInfo.processInfo.environment)
    }
}
