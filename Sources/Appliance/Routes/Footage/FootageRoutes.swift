import HTTPTypes
import NAS
public import Site
public import Web

/// The footage for programs: `/api/v1/footage`, its clips, and what is asked of its drive.
public struct FootageRoutes: Sendable {
    private let shelf: FootageShelf?

    /// - Parameter shelf: nil where no footage is kept.
    public init(_ shelf: FootageShelf?) { self.shelf = shelf }

    public func add(to routes: Routes) {
        routes.get("/api/v1/footage", .atLeast(.viewer), describedBy: Self.getFootage) { _, _ in
            try await FootageShelf.found(shelf).document()
        }
        routes.get("/api/v1/footage/clips", .atLeast(.viewer), describedBy: Self.listClips) { parameters, context in
            let query = try ClipQuery(parameters, now: context.time)
            return ClipsDocument(try await FootageShelf.found(shelf).clips(query), limit: query.limit)
        }
        routes.change("/api/v1/footage/eject", .post, .freshly(.operator), describedBy: Self.ejectDrive) { context in
            DriveWorkDocument(try await FootageShelf.found(shelf).desk.eject(by: context.origin))
        }
        routes.change("/api/v1/footage/offer", .post, .freshly(.admin), describedBy: Self.offerDrive) {
            (choice: DriveChoice, _) in
            DriveOfferDocument(
                try await FootageShelf.found(shelf).desk.offer(choice.device, as: choice.fileSystem ?? .ext4))
        }
        routes.change("/api/v1/footage/format", .post, .freshly(.admin), describedBy: Self.formatDrive) {
            (order: EraseOrder, context) in
            DriveWorkDocument(
                try await FootageShelf.found(shelf).desk.format(
                    order.device, as: order.fileSystem ?? .ext4, seal: order.seal, name: order.name,
                    by: context.origin))
        }
    }

    // MARK: What they are

    private static let off = APIOperation.Refusal(404, "footage.off", "This unit keeps no footage.")
    private static let unreadable = APIOperation.Refusal(503, "footage.unreadable", "The index does not answer.")
    private static let badBody = APIOperation.Refusal(400, "body.invalid", "The body is not what is described.")
    private static let busy = APIOperation.Refusal(409, "footage.busy", "Another drive is being looked after.")
    private static let away = APIOperation.Refusal(503, "root.away", "Root could not be asked, or has not answered.")
    private static let inUse = APIOperation.Refusal(
        409, "nas.inUse", "Somebody else uses the drive; and with other codes of `nas.`: why it may not be done.")

    private static let getFootage = APIOperation(
        "getFootage", .footage, "The drive of the cameras and what it holds", refusals: [off, unreadable])
    private static let listClips = APIOperation(
        "listClips", .footage, "What cameras have recorded, newest first", parameters: ClipQuery.parameters,
        refusals: [off, unreadable])
    private static let ejectDrive = APIOperation(
        "ejectDrive", .footage, "Write everything to the drive, and let it go",
        details: """
            Cameras lose the share. When it is `done` the drive may be pulled out; while it is `running` ask `/api/v1/footage`. \
            While a program holds a file on it the drive stays in its place (`nas.busy`).
            """,
        refusals: [
            badBody, off, busy, .init(409, "nas.none", "There is no drive in its place."),
            .init(409, "nas.busy", "A program holds a file on it."), inUse, away,
        ])
    private static let offerDrive = APIOperation(
        "offerDrive", .footage, "Say what would be erased",
        details: "Nothing is done. `seal` and `name` of the answer go into the order to erase it.",
        refusals: [badBody, off, .init(409, "nas.notUSB", "It is no drive on USB."), inUse, away])
    private static let formatDrive = APIOperation(
        "formatDrive", .footage, "Erase a drive, and make it ready for footage",
        details: """
            Everything on the whole drive is lost. Afterwards it is put into its place like one that is plugged in.
            """,
        refusals: [
            badBody, .init(400, "nas.unconfirmed", "`name` is not that of the drive."), off, busy,
            .init(409, "nas.changed", "It is another drive, or holds something else, than was offered."), inUse, away,
        ])
}

extension FootageShelf {
    /// - Throws: `Problem` 404 `footage.off` where no footage is kept.
    static func found(_ shelf: FootageShelf?) throws(Problem) -> FootageShelf {
        guard let shelf else {
            throw Problem(
                status: 404, code: "footage.off",
                detail: "This unit keeps no footage: its site file has no drive for it, or it is no unit yet.")
        }
        return shelf
    }
}

/// A drive that somebody thinks of erasing.
public struct DriveChoice: Codable, Sendable, DescribedBody {
    var device: String
    var fileSystem: FormatPlan.Kind?

    public static let schema = Schema.object(
        [
            .required("device", DriveChoice.name, "The kernel's name of the drive, or of one of its partitions."),
            .optional("fileSystem", DriveChoice.kinds, "What it is to be formatted with; ext4 when left out."),
        ], isClosed: true
    ).named("DriveChoice")

    public static let example = JSONValue.object(["device": .string("sda")])

    fileprivate static let name = Schema.string(1...32, pattern: "^[a-z0-9]+$")
    fileprivate static let kinds = Schema.word(FormatPlan.Kind.allCases.map(\.rawValue))
}

/// The order to erase what was offered.
public struct EraseOrder: Codable, Sendable, DescribedBody {
    var device: String
    var fileSystem: FormatPlan.Kind?
    var seal: String
    var name: String

    public static let schema = Schema.object(
        [
            .required("device", DriveChoice.name, "As in the offer that was asked for."),
            .optional("fileSystem", DriveChoice.kinds, "As in the offer that was asked for."),
            .required("seal", .text(1...256), "That of the offer."),
            .required("name", .text(1...256), "That of the offer: the drive's serial number, or its name."),
        ], isClosed: true
    ).named("EraseOrder")

    public static let example = JSONValue.object([
        "device": .string("sda"), "seal": .string("7.8f3c2a1b00000000"), "name": .string("S5T1NS0"),
    ])
}

extension DriveOfferDocument {
    init(_ offer: FormatOffer) {
        self.init(
            disk: offer.disk, size: Int64(clamping: offer.size), model: offer.model, name: offer.name,
            volumes: offer.volumes.map { .init(device: $0.device, fileSystem: $0.fileSystem, label: $0.label) },
            isInPlace: offer.isInPlace, seal: offer.seal)
    }
}

extension ClipsDocument {
    /// - Parameter limit: So many were asked for: where there are as many, there may be more.
    init(_ clips: [ListedClip], limit: Int) {
        self.init(
            clips: clips.map { listed in
                Clip(
                    camera: listed.clip.camera, path: listed.clip.path,
                    time: WallTime(milliseconds: listed.clip.time), size: listed.clip.size,
                    isProtected: listed.isProtected ? true : nil)
            }, next: clips.count == limit ? clips.last?.cursor.description : nil)
    }
}
