import Platform

/// What an authority is called in its certificates: 1 to 64 characters (`ub-organization-name`, RFC 5280, appendix A.1).
struct AuthorityName {
    let text: String

    /// - Throws: `ca.name`.
    init(_ text: String) throws(Failure) {
        let scalars = text.unicodeScalars
        let hasBlankEnds =
            scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true
        guard (1...64).contains(scalars.count), scalars.allSatisfy(\.isPlain), !hasBlankEnds else {
            throw Failure(
                "ca.name",
                """
                '\(text.printable)' cannot be the name of an authority: it takes 1 to 64 characters, none of them a control \
                character, and no blank at its ends.
                """, hint: "picli ca init DIR --name \"Acme\" --passphrase-file FILE", status: .usage)
        }
        self.text = text
    }
}
