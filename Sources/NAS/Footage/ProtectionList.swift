public import Platform
public import Site

/// The list of what is protected, as it is changed by people.
public struct ProtectionList: Sendable {
    public enum Change: Sendable {
        case add(Protections.Span)
        /// By its number, from 1.
        case remove(Int)
    }

    private let root: SystemRoot
    private let unit: UnitID
    private let cameras: [String]

    public init(root: SystemRoot, unit: UnitID, cameras: [String]) {
        self.root = root
        self.unit = unit
        self.cameras = cameras
    }

    /// The list, after a change where there is one; blocks as long as the drive likes.
    ///
    /// - Throws: `nas.none`, `nas.protections`, `nas.unknownCamera`, `nas.unknownNumber`.
    public func changed(_ change: Change?) throws -> Protections {
        let top = FootagePlaces.folder(of: unit)
        guard FootageMount(try MountTable()) != nil, root.exists(top) else {
            throw Failure("nas.none", "There is no drive in its place.", hint: "picli nas list")
        }
        let path = "\(top)/\(Protections.name)"
        let bytes = try root.content(of: path, limit: 1 << 20)
        guard var list = bytes.map({ Protections($0) }) ?? Protections() else {
            throw Failure(
                "nas.protections", "\(path) cannot be read: while it is there, nothing is deleted.",
                hint: "put it right, or delete it")
        }
        guard let change else { return list }
        try Self.apply(change, to: &list, cameras: cameras)
        try root.replaceFile(path, with: list.bytes, mode: 0o660, owner: try FootageUser.owner(of: root))
        return list
    }

    static func apply(_ change: Change, to list: inout Protections, cameras: [String]) throws(Failure) {
        switch change {
        case .add(let span):
            if let camera = span.camera, !cameras.contains(camera) {
                throw Failure(
                    "nas.unknownCamera", "There is no camera '\(camera.plain)'.",
                    hint: cameras.isEmpty ? nil : "--camera \(cameras.joined(separator: " or "))", status: .usage)
            }
            guard list.spans.count < Protections.most else {
                throw Failure(
                    "nas.protections", "The list has \(Protections.most) lines already.", hint: "--remove what is old")
            }
            if !list.spans.contains(span) { list.spans.append(span) }
        case .remove(let number):
            guard list.spans.indices.contains(number - 1) else {
                throw Failure(
                    "nas.unknownNumber", "The list has no line \(number).", hint: "picli nas protect", status: .usage)
            }
            list.spans.remove(at: number - 1)
        }
    }
}
