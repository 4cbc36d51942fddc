public import Platform
import Site

/// Why a card or a machine is not provisioned: said before anything is touched.
extension ProvisionFacts {
    /// Databases, certificates and what is written while a unit starts.
    static let neededSpace: UInt64 = 64 << 20

    /// Whether the identity here has to be made anew for another board.
    func needsReclaim(_ order: ProvisionOrder) -> Bool {
        guard order.reclaims, let record else { return false }
        switch CloneCheck(recorded: record.board, found: order.board ?? board) {
        case .clone: return true
        case .same: return false
        // Nothing tells the boards apart, so that the new name does.
        case .noSerial: return order.unit != nil && record.unit != order.unit
        }
    }

    /// The first reason to refuse an order; nil when there is none.
    public func refusal(of order: ProvisionOrder) -> Failure? {
        refusalOfSystem ?? refusalOfLink ?? refusalOfBoard(order) ?? refusalOfIdentity(order) ?? refusalOfSpace
    }

    private var refusalOfSystem: Failure? {
        if systemIDs.isEmpty, boot.config == nil {
            return Failure(
                "provision.noSystem", "There is no system at \(place): no os-release, and no config.txt.",
                hint: "mount the card's root file system, and its boot partition at boot/firmware in it",
                status: .usage)
        }
        guard systemIDs.isEmpty || !systemIDs.allSatisfy({ !["debian", "raspbian", "ubuntu"].contains($0) }) else {
            return Failure(
                "provision.foreignImage",
                "The system at \(place) is '\(image ?? systemIDs[0])', which picli does not run on.",
                hint: "flash Raspberry Pi OS, Debian or an image of 'picli image build'", status: .usage)
        }
        return nil
    }

    /// The service may write beside the folder: root does not follow where that leads.
    private var refusalOfLink: Failure? {
        identityLink.map { target in
            Failure(
                "provision.link", "/var/lib/picli/identity at \(place) is a link to \(target), and has to be a folder.",
                hint: "remove the link, and find out who made it", status: .usage)
        }
    }

    private func refusalOfBoard(_ order: ProvisionOrder) -> Failure? {
        if let board, let wanted = order.board, board != wanted {
            return Failure(
                "provision.wrongBoard", "This is the board \(board), and the order is for \(wanted).",
                hint: "put the card into its own board, or leave --board-serial out", status: .usage)
        }
        guard isLive, boot.model == nil, !order.acceptsAnyBoard else { return nil }
        return Failure(
            "provision.noRaspberryPi", "This machine is no Raspberry Pi.",
            hint: "--root DIR for a mounted card; --any-board to make this machine a unit all the same",
            status: .usage)
    }

    private func refusalOfIdentity(_ order: ProvisionOrder) -> Failure? {
        guard let record, !needsReclaim(order) else { return nil }
        if case .clone(let recorded, let found) = CloneCheck(recorded: record.board, found: order.board ?? board) {
            return Failure(
                "provision.clone",
                "\(record.unit) was provisioned on the board \(recorded), and this is \(found): the card was copied, or moved.",
                hint: "--reclaim, which gives this board an identity of its own and sets the old databases aside",
                status: .usage)
        }
        if let site = record.site, site != order.site.site.name, !order.moves {
            return Failure(
                "provision.otherSite",
                "\(record.unit) is a unit of the site '\(site)', and the site file is that of '\(order.site.site.name)'.",
                hint: "--move, which keeps its identity and its history", status: .usage)
        }
        if let unit = order.unit, unit != record.unit {
            let isSerialKnown = record.board != nil && (order.board ?? board) != nil
            return Failure(
                "provision.otherUnit", "The unit here is \(record.unit), not \(unit): a unit keeps its name for life.",
                hint: isSerialKnown ? "leave --unit out" : "leave --unit out; --reclaim when this is a copied card",
                status: .usage)
        }
        guard order.reclaims, record.provisioned != nil, order.unit == nil,
            CloneCheck(recorded: record.board, found: order.board ?? board) == .noSerial
        else { return nil }
        return Failure(
            "provision.reclaimName", "Nothing here tells one board from another, so that --reclaim needs a new name.",
            hint: "--unit NAME", status: .usage)
    }

    private var refusalOfSpace: Failure? {
        guard let freeSpace, freeSpace < Self.neededSpace else { return nil }
        return Failure(
            "provision.noSpace",
            "Only \(freeSpace >> 20) MiB are free at \(place), and a unit needs \(Self.neededSpace >> 20) MiB to begin with.",
            hint: "take a larger card, or let the system grow its root file system first (raspi-config --expand-rootfs)"
        )
    }
}
