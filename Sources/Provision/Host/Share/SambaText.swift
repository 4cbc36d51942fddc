import Site

/// The text for smbd (smb.conf(5)) of one site: one share, in which each camera sees its own folder and nothing else.
struct SambaText {
    /// Of root alone: whoever writes here commands smbd.
    static let folder = "/run/picli-share"
    static let path = "\(folder)/smb.conf"
    static let passwords = "\(folder)/smbpasswd"
    /// What smbd keeps for itself, until the next boot.
    static let ownFolders = ["lock", "state", "cache", "private", "pid"].map { "\(folder)/\($0)" }

    let text: String
    /// What is asked of one camera beyond that, by the path of its file; nil where that is nothing.
    ///
    /// smbd takes up a connection by its general rules, and reads the file of the caller's address before the first answer:
    /// so the general rules are those of the oldest camera, and the others have to keep stricter ones.
    let demands: [(camera: String, path: String, text: String?)]

    init(_ site: SiteFile, _ storage: StorageConfiguration, unit: UnitID, cameras: [CameraConfiguration]) {
        let interface = site.network.unit?.description ?? site.network.interface
        let users = cameras.map(\.id).joined(separator: " ")
        let limit = storage.maximumSize.map { "max disk size = \(max(1, $0 >> 20))\n    " } ?? ""
        let allowsOld = cameras.contains { $0.minimum == .smb2 }
        let allowsUnsigned = cameras.contains { !$0.signing }
        demands = site.network.cameras.map { camera in
            var lines: [String] = []
            if allowsOld, camera.minimum == .smb3 { lines.append("server min protocol = SMB3_00\n") }
            if allowsUnsigned, camera.signing { lines.append("server signing = mandatory\n") }
            let text = lines.isEmpty ? nil : HostText.heading + lines.joined()
            return (camera.id, "\(Self.folder)/\(camera.address).conf", text)
        }
        text =
            HostText.heading
                + """
                [global]
                    server role = standalone server
                    server string = picli
                    disable netbios = yes
                    smb ports = 445
                    interfaces = \(interface)
                    bind interfaces only = yes
                    hosts allow = \(cameras.map(\.address.description).joined(separator: " "))
                    hosts deny = ALL
                    server min protocol = \(allowsOld ? "SMB2_02" : "SMB3_00")
                    server signing = \(allowsUnsigned ? "auto" : "mandatory")
                    ntlm auth = ntlmv2-only
                    map to guest = Never
                    restrict anonymous = 2
                    passdb backend = smbpasswd:\(Self.passwords)
                    private dir = \(Self.folder)/private
                    lock directory = \(Self.folder)/lock
                    state directory = \(Self.folder)/state
                    cache directory = \(Self.folder)/cache
                    pid directory = \(Self.folder)/pid
                    ncalrpc dir = \(Self.folder)/ncalrpc
                    load printers = no
                    printing = bsd
                    printcap name = /dev/null
                    disable spoolss = yes
                    usershare max shares = 0
                    wide links = no
                    multicast dns register = no
                    logging = systemd
                    log level = 1
                    \(limit)max smbd processes = 64
                    socket options = TCP_NODELAY SO_KEEPALIVE TCP_KEEPIDLE=30 TCP_KEEPINTVL=10 TCP_KEEPCNT=3
                    # What is asked of one camera alone.
                    include = \(Self.folder)/%I.conf

                # The folder is on the drive alone: without one there is no share, and nothing lands on the card.
                [\(storage.share)]
                    path = \(FootagePlaces.folder(of: unit))/%U
                    valid users = \(users)
                    force user = picli-camera
                    force group = picli
                    read only = no
                    browseable = no
                    create mask = 0660
                    force create mode = 0660
                    directory mask = 0770
                    force directory mode = 0770
                    follow symlinks = no
                    nt acl support = no
                    ea support = no
                    store dos attributes = no
                    map archive = no
                    durable handles = no
                    # A clip that was closed is on the drive, whatever happens then.
                    strict sync = yes
                    vfs objects = syncops
                    syncops:onclose = yes
                """.trimmingLines + "\n"
    }
}

extension String {
    /// Without blanks at the ends of lines, and without empty lines at the end.
    fileprivate var trimmingLines: String {
        let lines = split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        return lines.reversed().drop { $0.isEmpty }.reversed().joined(separator: "\n")
    }
}
