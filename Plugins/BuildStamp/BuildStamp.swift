import Foundation
import PackagePlugin

/// Writes `BuildStamp.swift` (the commit and the compiler of this build) before every build.
///
/// A prebuild command, because a build command would run only when a file that it names had changed, and a commit
/// changes none. The script writes the file only when its content differs, so nothing is compiled in vain.
@main
struct BuildStamp: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let output = context.pluginWorkDirectoryURL.appending(path: "Generated")
        let script = context.package.directoryURL.appending(path: "Scripts/build-stamp")
        let compiler = try? context.tool(named: "swiftc").url.path(percentEncoded: false)
        return [
            .prebuildCommand(
                displayName: "Stamping the commit of this build",
                executable: URL(filePath: "/bin/sh"),
                arguments: [
                    script.path(percentEncoded: false),
                    context.package.directoryURL.path(percentEncoded: false),
                    output.path(percentEncoded: false),
                    compiler ?? "swiftc",
                ],
                environment: ProcessInfo.processInfo.environment,
                outputFilesDirectory: output)
        ]
    }
}
