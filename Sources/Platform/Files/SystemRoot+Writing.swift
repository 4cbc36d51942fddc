import Glibc

extension SystemRoot {
    /// Replaces a file so that a reader, or a power cut, sees the old content or the new one and never a part.
    ///
    /// A link at the path is replaced itself. What an interrupted call left behind is used again.
    public func replaceFile(
        _ path: String, with content: [UInt8], mode: UInt32, owner: AtomicFile.Owner?
    ) throws(SystemError) {
        let place = try place(of: path)
        let temporary = ".\(place.name).picli-new"
        _ = unlinkat(place.directory.number, temporary, 0)
        do throws(SystemError) {
            let file = try place.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            try file.write(all: content)
            // chown(2) clears the set-user-ID bits, so it comes before chmod.
            try Self.give(file, to: owner, place.shown)
            guard fchmod(file.number, mode) == 0 else { throw SystemError(errno, "set the mode") }
            guard fsync(file.number) == 0 else { throw SystemError(errno, "write to the disk") }
            guard renameat(place.directory.number, temporary, place.directory.number, place.name) == 0 else {
                throw SystemError(errno, "replace")
            }
        } catch {
            _ = unlinkat(place.directory.number, temporary, 0)
            throw SystemError(error.number, "write \(place.shown)")
        }
        try place.synchronize()
    }

    /// Makes a directory, or brings the one that is there to its mode and owner; the one above must exist.
    public func makeDirectory(_ path: String, mode: UInt32, owner: AtomicFile.Owner?) throws(SystemError) {
        let place = try place(of: path)
        guard mkdirat(place.directory.number, place.name, 0o700) == 0 || errno == EEXIST else {
            throw SystemError(errno, "make \(place.shown)")
        }
        let made = try place.open(place.name, O_RDONLY | O_DIRECTORY)
        try Self.give(made, to: owner, place.shown)
        guard fchmod(made.number, mode) == 0 else { throw SystemError(errno, "set the mode of \(place.shown)") }
        try place.synchronize()
    }

    /// Makes the directories that lead to a path, as far as they are missing.
    func makeParents(of path: String) throws(SystemError) {
        var partial = ""
        for part in path.split(separator: "/").dropLast() {
            partial += "/\(part)"
            if !exists(partial) { try makeDirectory(partial, mode: 0o755, owner: nil) }
        }
    }

    /// Removes a file or a link; no error when there is none.
    public func removeFile(_ path: String) throws(SystemError) {
        let place: Place
        do throws(SystemError) { place = try self.place(of: path) } catch {
            guard error.number == ENOENT else { throw error }
            return
        }
        guard unlinkat(place.directory.number, place.name, 0) == 0 else {
            guard errno == ENOENT else { throw SystemError(errno, "remove \(place.shown)") }
            return
        }
        try place.synchronize()
    }

    /// Makes a symbolic link, in the place of a file or a link that is there.
    func makeLink(_ path: String, to target: String) throws(SystemError) {
        let place = try place(of: path)
        let temporary = ".\(place.name).picli-new"
        _ = unlinkat(place.directory.number, temporary, 0)
        guard symlinkat(target, place.directory.number, temporary) == 0,
            renameat(place.directory.number, temporary, place.directory.number, place.name) == 0
        else {
            let error = SystemError(errno, "make the link \(place.shown)")
            _ = unlinkat(place.directory.number, temporary, 0)
            throw error
        }
        try place.synchronize()
    }

    /// Renames within a directory, over what has the new name.
    public func rename(_ path: String, to name: String) throws(SystemError) {
        let place = try place(of: path)
        guard renameat(place.directory.number, place.name, place.directory.number, name) == 0 else {
            throw SystemError(errno, "rename \(place.shown)")
        }
        try place.synchronize()
    }

    /// Gives a value to a file of /proc/sys or /sys, in one write as the kernel wants it.
    func writeKernelValue(_ path: String, _ value: String) throws(SystemError) {
        do throws(SystemError) {
            try open(path, O_WRONLY | O_NOFOLLOW).write(value + "\n")
        } catch {
            throw SystemError(error.number, "set \(shown(path)) to '\(value)'")
        }
    }

    private static func give(
        _ file: borrowing Descriptor, to owner: AtomicFile.Owner?, _ shown: String
    ) throws(SystemError) {
        guard let owner, fchown(file.number, owner.user, owner.group) != 0 else { return }
        throw SystemError(errno, "give \(shown) to user \(owner.user), group \(owner.group)")
    }
}
