import Platform

/// A kernel with all that it boots with, as one program that a PC's firmware starts.
public struct UnifiedKernel: Hashable, Sendable {
    public var stub: String
    public var kernel: String
    public var initramfs: String
    /// A file.
    public var commandLine: String
    public var output: String

    /// Sizes of the three, as they are when it is made.
    struct Sizes {
        var commandLine: UInt64
        var kernel: UInt64
        var initramfs: UInt64
    }

    /// Adds the sections that the stub looks for, one behind the other.
    ///
    /// - Parameter stub: The bytes of the stub, a PE32+ program (Microsoft's PE format, "Optional Header", "Section Table").
    /// - Throws: `image.stub` for something else.
    func command(stub bytes: [UInt8], sizes: Sizes) throws(Failure) -> Command {
        guard let (base, end, alignment) = Self.extent(of: bytes) else {
            throw Failure(
                "image.stub", "\(stub) is not a boot stub of systemd.", hint: "apt install --reinstall systemd-boot-efi"
            )
        }
        var next = end
        var arguments: [String] = []
        let sections = [
            (".cmdline", commandLine, sizes.commandLine), (".linux", kernel, sizes.kernel),
            (".initrd", initramfs, sizes.initramfs),
        ]
        for (name, file, size) in sections {
            arguments += [
                "--add-section", "\(name)=\(file)", "--change-section-vma",
                "\(name)=0x\(String(base + next, radix: 16))",
            ]
            next = (next + size + alignment - 1) / alignment * alignment
        }
        return Command("objcopy", arguments + [stub, output], timeout: .seconds(120))
    }

    /// The image base, where the last section ends, and what sections are aligned to.
    private static func extent(of bytes: [UInt8]) -> (base: UInt64, end: UInt64, alignment: UInt64)? {
        func number<Number: FixedWidthInteger>(_ place: Int, _: Number.Type) -> Number? {
            let size = Number.bitWidth / 8
            guard place >= 0, place + size <= bytes.count else { return nil }
            return LittleEndian.number(bytes[place..<place + size]) as Number
        }
        guard bytes.starts(with: "MZ".utf8), let start = number(0x3C, UInt32.self).map({ Int($0) }),
            number(start, UInt32.self) == 0x4550, let count = number(start + 6, UInt16.self),
            let optional = number(start + 20, UInt16.self), number(start + 24, UInt16.self) == 0x20B,
            let base = number(start + 24 + 24, UInt64.self), let alignment = number(start + 24 + 32, UInt32.self),
            alignment > 0, alignment <= 1 << 24
        else { return nil }
        var end: UInt64 = 0
        for index in 0..<Int(count) {
            let section = start + 24 + Int(optional) + index * 40
            guard let size = number(section + 8, UInt32.self), let address = number(section + 12, UInt32.self) else {
                return nil
            }
            end = max(end, UInt64(address) + UInt64(size))
        }
        let unit = UInt64(alignment)
        return (base, (end + unit - 1) / unit * unit, unit)
    }
}
