import Site

extension Finding {
    /// With `sudo` before a command that an ordinary user may not run.
    var typedByAnybody: Finding {
        guard let command = fix?.command, Self.privileged.contains(where: { command.hasPrefix($0 + " ") }) else {
            return self
        }
        var finding = self
        finding.fix?.command = "sudo " + command
        return finding
    }

    private static let privileged = [
        "apt-get", "chmod", "du", "ip link", "journalctl", "networkctl reconfigure", "nft", "picli relay", "systemctl",
    ]
}
