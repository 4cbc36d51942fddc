import ArgumentParser

struct Image: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Make the image that goes onto a card, and look into it.",
        discussion: """
            An image is a whole card as one file: two slots for the system, of which one is filled, and a \
            partition for what a unit keeps. It is made of a recipe without loop devices and mounts, and \
            the same inputs give the same bytes.

            Examples:
              picli image build --arch arm64 --output out
              picli image build --arch arm64 --output out --site trailer.yaml
              picli image verify out/picli-0.1.0-arm64.img
            """,
        subcommands: [
            ImageBuildCommand.self, ImageFlash.self, ImageInspect.self, ImageVerify.self, ImageDiff.self,
            ImageFirstBoot.self,
        ]
    )
}
