import ArgumentParser
import FoundationEssentials
import Glibc
import Platform

/// One invocation from its arguments to its exit code.
struct CommandLineProgram {
    let arguments: [String]
    private let console: Console

    init(arguments: [String]) {
        self.arguments = arguments
        // Looked for here, because a failure to parse the arguments is to be told in the asked form, too.
        let isJSON = arguments.prefix { $0 != "--" }.contains("--json")
        console = Console(isJSON ? .json : .text, environment: ProcessInfo.processInfo.environment)
    }

    func runAndExit() async -> Never {
        // A reader that goes away is an error of write(2), not the end of a process that has files to put in order.
        signal(SIGPIPE, SIG_IGN)
        exit(await run().rawValue)
    }

    private func run() async -> ExitStatus {
        do {
            var command = try Picli.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .ok
        } catch is OutputClosed {
            return .ok
        } catch is CancellationError {
            return .interrupted
        } catch {
            return report(error)
        }
    }

    private func report(_ error: any Error) -> ExitStatus {
        if Picli.exitCode(for: error) == .success {
            // Help and version are answers, and come as errors.
            let text = Picli.fullMessage(for: error, columns: console.output.width)
            do {
                try console.write(text + "\n")
                return .ok
            } catch is OutputClosed {
                return .ok
            } catch {
                return fail(error)
            }
        }
        return fail(error)
    }

    private func fail(_ error: any Error) -> ExitStatus {
        let failure = Failure(reporting: error, arguments: arguments)
        console.fail(failure)
        return failure.status
    }
}
