import Glibc
import Platform

/// The files of /proc, /sys and /dev under a root: `/` on the board, a directory of captures in a test.
struct BoardFiles: Sendable {
    /// Without a slash at its end; empty for the real one.
    let root: String

    init(root: String = "") { self.root = root.hasSuffix("/") ? String(root.dropLast()) : root }

    func path(_ path: String) -> String { root + path }

    /// The content; nil when the board has no such file.
    func text(_ path: String) throws(BoardFault) -> String? {
        do throws(SystemError) {
            return try SmallFile.text(at: self.path(path), limit: 1 << 18)
        } catch {
            // ENODEV, ENXIO: the file is there and the device behind it is not, or is just going.
            switch error.number {
            case ENOENT, ENOTDIR, ENODEV, ENXIO: return nil
            default: throw BoardFault(.unreadable, "\(path) cannot be read: \(error.reason)")
            }
        }
    }

    /// The names in a directory; empty when it is not there or not readable.
    func names(in path: String) -> [String] { (try? SmallFile.names(in: self.path(path))) ?? [] }

    func exists(_ path: String) -> Bool { access(self.path(path), F_OK) == 0 }

    /// A file that holds one whole number; nil when it is not there.
    func integer(_ path: String) throws(BoardFault) -> Int64? {
        guard let text = try text(path) else { return nil }
        guard let value = Int64(text) else { throw Self.garbage(path, text) }
        return value
    }

    func counter(_ path: String) throws(BoardFault) -> UInt64? {
        guard let text = try text(path) else { return nil }
        guard let value = UInt64(text) else { throw Self.garbage(path, text) }
        return value
    }

    static func garbage(_ path: String, _ text: some StringProtocol) -> BoardFault {
        BoardFault(.garbage, "\(path) says \"\(text.prefix(60))\", which cannot be")
    }
}

/// One figure, or none when the closure gives nil: the board does not have it.
func figure(
    _ quantity: BoardFigure.Quantity, _ instance: String? = nil, _ read: () throws(BoardFault) -> Double?
) -> [BoardFigure] {
    do throws(BoardFault) {
        guard let value = try read() else { return [] }
        return [BoardFigure(quantity, instance, value: value)]
    } catch {
        return [BoardFigure(quantity, instance, .failure(error))]
    }
}
