import ArgumentParser
import FoundationEssentials
import NAS
import Platform

struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "root",
        abstract: "Do what only root may do, for the unit's own service.",
        discussion: """
            Takes one line from the connection that is its standard input, does what it asks for, and answers \
            with one. It may ask for what the page of the footage has buttons for: to eject the drive, to say \
            what would be erased, and to erase it. Only root and the unit's own service are let in.

            Not for people, who have 'picli nas'. systemd starts it, for each who connects to \
            /run/picli-root/root.sock (picli root <&3).
            """
    )

    func run() async throws {
        let root = try SystemRoot()
        let service = try AccountNames(of: root).users["picli"]
        let door = RootDoor(AttendedDrives(try NASOptions.attendant())) { peer in
            peer.user == 0 || peer.user == service
        }
        let console = Console(.text, environment: ProcessInfo.processInfo.environment)
        // What was begun is ended, also where who asked has gone: nothing here is interrupted.
        console.note(try await door.answer(at: 0))
    }
}
