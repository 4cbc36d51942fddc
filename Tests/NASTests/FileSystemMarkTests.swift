import Platform
import Testing

@testable import NAS

@Suite("Whether a file system was put away in order")
struct FileSystemMarkTests {
    /// Bytes with some of them set.
    private static func bytes(_ values: [(Int, [UInt8])]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: FileSystemMark.length)
        for (place, content) in values { bytes.replaceSubrange(place..<place + content.count, with: content) }
        return bytes
    }

    @Test(
        "ext4, by its superblock",
        arguments: [(1, 0, FileSystemMark.clean), (1, 4, .dirty), (0, 0, .dirty), (2, 0, .damaged), (3, 4, .damaged)]
            as [(UInt8, UInt8, FileSystemMark)])
    func ext4(state: UInt8, incompatible: UInt8, mark: FileSystemMark) {
        let bytes = Self.bytes([(1080, [0x53, 0xEF]), (1024 + 0x3A, [state]), (1024 + 0x60, [incompatible])])
        #expect(FileSystemMark(.ext4, bytes) == mark)
    }

    @Test(
        "exFAT, by its flags",
        arguments: [(0, FileSystemMark.clean), (2, .dirty), (4, .damaged), (1, .clean)] as [(UInt8, FileSystemMark)])
    func exfat(flags: UInt8, mark: FileSystemMark) {
        #expect(FileSystemMark(.exfat, Self.bytes([(3, Array("EXFAT   ".utf8)), (106, [flags])])) == mark)
    }

    @Test(
        "FAT, by a byte that the table does not have",
        arguments: [(0, FileSystemMark.clean), (1, .dirty), (3, .damaged)] as [(UInt8, FileSystemMark)])
    func fat(state: UInt8, mark: FileSystemMark) {
        let end: (Int, [UInt8]) = (510, [0x55, 0xAA])
        #expect(FileSystemMark(.vfat, Self.bytes([end, (82, Array("FAT32   ".utf8)), (65, [state])])) == mark)
        #expect(FileSystemMark(.vfat, Self.bytes([end, (54, Array("FAT16   ".utf8)), (37, [state])])) == mark)
    }

    @Test("anything else is unknown, and is checked", arguments: DriveFileSystem.allCases)
    func garbage(fileSystem: DriveFileSystem) {
        #expect(FileSystemMark(fileSystem, []) == .unknown)
        #expect(FileSystemMark(fileSystem, Self.bytes([])) == .unknown)
        #expect(FileSystemMark(fileSystem, [UInt8](repeating: 0xFF, count: 4096)) == .unknown)
        #expect((DriveCheck(fileSystem, at: "/dev/sda1", mark: .unknown) == nil) == (fileSystem == .ntfs))
        #expect(DriveCheck(fileSystem, at: "/dev/sda1", mark: .clean) == nil)
    }

    @Test(
        "what a check's status means",
        arguments: [
            (DriveFileSystem.ext4, 0, nil, true), (.ext4, 1, nil, true), (.ext4, 3, nil, true), (.ext4, 4, nil, false),
            (.ext4, 8, nil, false), (.ext4, 12, nil, false), (.exfat, 1, nil, true), (.exfat, 4, nil, false),
            (.vfat, 0, nil, true), (.vfat, 1, 0, true), (.vfat, 1, 1, false), (.vfat, 16, nil, false),
        ] as [(DriveFileSystem, Int32, Int32?, Bool)])
    func verdicts(fileSystem: DriveFileSystem, status: Int32, confirmed: Int32?, isWritable: Bool) throws {
        let check = try #require(DriveCheck(fileSystem, at: "/dev/sda1", mark: .dirty))
        var isReadOnly = false
        if case .readOnly = check.verdict(status, confirmed: confirmed) { isReadOnly = true }
        #expect(isReadOnly != isWritable)
        #expect((check.confirmation(after: 1) != nil) == (fileSystem == .vfat))
        // Never one that decides by itself what is thrown away.
        #expect(!check.command.arguments.contains("-y") && !check.command.arguments.contains("-f"))
    }
}
