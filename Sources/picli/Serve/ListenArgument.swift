import ArgumentParser
import Web

/// Any text: `serve` itself refuses what is no loopback address, with a sentence of its own.
struct ListenArgument: ExpressibleByArgument {
    let text: String

    init(argument: String) { text = argument }

    /// - Throws: `Failure` `listen.invalid`, `listen.not_loopback`.
    var address: ListenAddress { get throws { try ListenAddress(text) } }

    var defaultValueDescription: String { text }
}
