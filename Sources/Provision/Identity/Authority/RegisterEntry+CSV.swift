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
        return fields.map { ($0 ?? "").csvText.csvField }.joined(separator: ",") + "\n"
    }
}
