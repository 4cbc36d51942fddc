import Site

/// The text for rsyslogd (rsyslog.conf(5), RainerScript) of one site: who is listened to, and how a line is handed over.
///
/// Each message is written at once, by the thread that received it, as one line of a file in memory; see
/// `docs/decisions/0003-log-hand-over.md` for what was measured. imtcp, because imptcp of 8.2302 makes thousands of
/// lines of one that is longer than it takes.
struct SyslogText {
    let text: String

    /// nil when the site names nobody who could send.
    init?(_ site: SiteFile, port: Int = 514, spool: String = "/run/picli-logs") {
        let senders = site.network.logSenders.map { "\"\($0.address)\"" }
        guard !senders.isEmpty else { return nil }
        let forward = site.logs.forward.map { Self.forward(to: $0) }
        // The directory gives the files their group.
        let output =
            "type=\"omfile\" dynaFile=\"picliFile\" dynaFileCacheSize=\"1\" createDirs=\"off\" "
            + "fileCreateMode=\"0640\" ioBufferSize=\"64k\" "
            + "asyncWriting=\"off\" flushOnTXEnd=\"on\" sync=\"off\" action.resumeInterval=\"1\" "
            + "action.resumeIntervalMax=\"1\" action.resumeRetryCount=\"-1\""
        text =
            HostText.heading + """
                # A name is asked of nobody: the address says who it was.
                global(net.enableDNS="off")
                module(load="imudp" batchSize="128" timeRequery="2" threads="2")
                module(load="imtcp")

                # Ten seconds to a file, so that what is stored can go.
                template(name="picliFile" type="list") {
                  constant(value="\(spool)/")
                  property(name="timegenerated" dateFormat="year" date.inUTC="on")
                  property(name="timegenerated" dateFormat="month" date.inUTC="on")
                  property(name="timegenerated" dateFormat="day" date.inUTC="on")
                  constant(value="T")
                  property(name="timegenerated" dateFormat="hour" date.inUTC="on")
                  property(name="timegenerated" dateFormat="minute" date.inUTC="on")
                  property(name="timegenerated" dateFormat="second" date.inUTC="on" position.from="1" position.to="1")
                  constant(value="0.log")
                }
                # A line feed in front, too: what a full memory has cut takes no other line with it.
                template(name="picliLine" type="list") {
                \(Self.fields(Self.known, mark: "1"))
                }
                # Of others no more than that they send.
                template(name="picliUnknown" type="list") {
                \(Self.fields(Self.unknown, mark: "0"))
                }
                \(forward ?? "")
                ruleset(name="picli" queue.type="direct" parser=["rsyslog.rfc5424", "rsyslog.rfc3164"]) {
                  if $fromhost-ip == [\(senders.joined(separator: ", "))] then {
                    action(name="picli" template="picliLine" \(output))
                \(forward == nil ? "" : "    call picliForward\n")    stop
                  }
                  action(name="picliUnknown" template="picliUnknown" \(output))
                }
                input(type="imudp" port="\(port)" name="udp" rcvbufSize="32m" ruleset="picli")
                input(type="imtcp" port="\(port)" name="tcp" ruleset="picli" discardTruncatedMsg="on" keepAlive="on"
                  keepAlive.time="60" keepAlive.interval="15" keepAlive.probes="4" rateLimit.interval="0")

                """
    }

    /// Seconds and microseconds since 1970, seconds since boot, who, and by which input.
    private static let unknown = [
        #"name="timegenerated" dateFormat="unixtimestamp""#, #"name="timegenerated" dateFormat="subseconds""#,
        #"name="$uptime""#, #"name="fromhost-ip""#, #"name="inputname""#,
    ]

    private static let known =
        unknown + [
            #"name="syslogfacility""#, #"name="syslogseverity""#, #"name="timereported" dateFormat="rfc3339""#,
        ]
        + ["hostname", "app-name", "procid", "msgid", "structured-data", "rawmsg-after-pri"].map {
            "name=\"\($0)\" controlCharacters=\"escape\""
        }

    /// With a TAB between fields, a full stop between the first two, and TAB, full stop and line feed at the end.
    private static func fields(_ properties: [String], mark: String) -> String {
        var lines = ["  constant(value=\"\\n\(mark)\\t\")"]
        for (index, property) in properties.enumerated() {
            let end = index == 0 ? "." : index == properties.count - 1 ? "\\t.\\n" : "\\t"
            lines.append("  property(\(property)) constant(value=\"\(end)\")")
        }
        return lines.joined(separator: "\n")
    }

    /// A copy for a central server, over TLS with the unit's certificate.
    ///
    /// Its queue goes to the card when the server is away, and a full one loses the copy, never the line. It is the action's:
    /// a ruleset's queue forgets the line that it is trying to send when rsyslogd stops.
    private static func forward(to url: ServiceURL) -> String {
        let identity = "/var/lib/picli/identity"
        return """

            ruleset(name="picliForward") {
              action(name="picliForward" type="omfwd" target="\(url.host)" port="\(url.port ?? 6514)" protocol="tcp"
                TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format" streamDriver="ossl"
                streamDriverMode="1" streamDriverAuthMode="x509/name" streamDriverPermittedPeers="\(url.host)"
                streamDriver.CAFile="\(identity)/ca.crt" streamDriver.certFile="\(identity)/device.crt"
                streamDriver.keyFile="\(identity)/device.key" keepAlive="on" keepAlive.time="60"
                keepAlive.interval="15" keepAlive.probes="4" action.resumeRetryCount="-1" action.resumeInterval="5"
                action.resumeIntervalMax="60"
                queue.type="LinkedList" queue.size="100000" queue.highWatermark="500" queue.lowWatermark="100"
                queue.fileName="picli-forward" queue.maxDiskSpace="256m" queue.maxFileSize="8m"
                queue.saveOnShutdown="on" queue.checkpointInterval="100" queue.timeoutEnqueue="0"
                queue.timeoutShutdown="3000" queue.dequeueBatchSize="256")
            }

            """
    }
}
