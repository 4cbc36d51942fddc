import Site

extension RegisterEntry {
    /// The columns are a contract: new ones come at the end.
    public static let csvHeading =
        "number,time,event,operator,command,subject,profile,board_serial,macs,key,serial,issuer,not_after,databases,"
        + "image,self_test,code,detail\n"

    /// One line, RFC 4180 with the line ends of Unix.
    public var csv: String {
        let fields: [String?] = [
            String(number), ISO8601.string(milliseconds: time), event.rawValue, operation.user, operation.command,
            subject, profile?.rawValue, facts.board?.description, facts.macs.joined(separator: " "), key, serial,
            issuer, notAfter.map { ISO8601.string(milliseconds: $0) }, databases.joined(separator: " "), facts.image,
            facts.selfTest, code, detail,
        ]
        return fields.map { Self.field($0 ?? "") }.joined(separator: ",") + "\n"
    }

    /// A spreadsheet takes what begins like a formula for one, and runs it; an apostrophe makes it text.
    private static func field(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
