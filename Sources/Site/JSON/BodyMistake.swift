/// What is wrong with a value that was sent, in a sentence for whoever sent it.
public struct BodyMistake: Error, Hashable, Sendable {
    /// With its full stop; names the member.
    public let sentence: String

    /// The error that `init(from:)` throws for it.
    static func error(_ sentence: String, at path: [any CodingKey]) -> DecodingError {
        .dataCorrupted(
            .init(codingPath: path, debugDescription: sentence, underlyingError: BodyMistake(sentence: sentence)))
    }
}
