import Platform
import Site

/// The stages of a build, each from its recipe and facts.
struct ImageParts {
    let recipe: ImageRecipe
    let architecture: ImageRecipe.Architecture
    let facts: ImageFacts

    /// Everything runs with the clock of the image.
    private static let clock = [
        "SOURCE_DATE_EPOCH": "\(ImagePlan.epoch)", "E2FSPROGS_FAKE_TIME": "\(ImagePlan.epoch)", "TZ": "UTC",
    ]

    private func run(_ program: String, _ arguments: [String], minutes: Int = 10) -> ImageAction {
        .run(Command(program, arguments, environment: Self.clock, timeout: .seconds(minutes * 60)))
    }

    /// As root of a user namespace where the build is not root: with all the users that this account may have.
    private func asRoot(_ program: String, _ arguments: [String]) -> ImageAction {
        facts.isRoot
            ? run(program, arguments)
            : run("unshare", ["--user", "--map-auto", "--map-root-user", program] + arguments)
    }

    /// Debian's release for this architecture.
    private var release: ImageRecipe.Release { recipe.releases[architecture] }

    // MARK: Base

    /// Debian, with the kernel, and with our files in it before the kernel is configured: its initramfs needs them.
    func base() throws(Failure) -> ImageStage {
        let seed = try TarArchive(facts.files + seedFiles).bytes(time: ImagePlan.epoch)
        return ImageStage(
            "base", "Make a root file system of Debian packages.", cache: facts.cache
        ) { folder in
            let arguments =
                [
                    "--mode=\(facts.isRoot ? "root" : "unshare")", "--variant=minbase", "--format=tar",
                    "--architectures=\(architecture.rawValue)", "--components=\(components.joined(separator: ","))",
                    "--include=\(packages.joined(separator: ","))", "--skip=check/qemu,output/dev",
                    "--aptopt=APT::Install-Recommends \"false\"", "--aptopt=Acquire::Languages \"none\"",
                    "--aptopt=Acquire::Retries \"3\"", "--dpkgopt=force-unsafe-io", "--dpkgopt=force-confold",
                ] + Self.unwanted.map { "--dpkgopt=path-exclude=\($0)" }
                + ["--dpkgopt=path-include=/usr/share/doc/*/copyright"]
                + ["--essential-hook=tar-in \(folder)/seed.tar /"]
            return [
                .write(path: "\(folder)/seed.tar", seed),
                run("mmdebstrap", arguments + [release.rawValue, "\(folder)/root.tar"] + sources, minutes: 60),
            ]
        }
    }

    private var components: [String] { architecture == .arm64 ? ["main", "non-free-firmware"] : ["main"] }

    private var sources: [String] {
        let release = release.rawValue
        let parts = components.joined(separator: " ")
        let key = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        let debian = [
            "deb \(key) \(facts.mirror) \(release) \(parts)", "deb \(key) \(facts.mirror) \(release)-updates \(parts)",
            "deb \(key) \(facts.securityMirror) \(release)-security \(parts)",
        ]
        guard recipe.base == .raspios else { return debian }
        let other = "[signed-by=/usr/share/keyrings/raspberrypi-archive-keyring.gpg]"
        return debian + ["deb \(other) http://archive.raspberrypi.com/debian \(release) main"]
    }

    /// In one order, each once.
    private var packages: [String] {
        let kernel: [String] =
            switch (recipe.base, architecture) {
            case (.debian, .amd64): ["linux-image-amd64", "systemd-boot-efi"]
            case (.debian, .arm64): ["linux-image-arm64", "raspi-firmware"]
            case (.raspios, _): ["linux-image-rpi-v8", "raspi-firmware", "raspberrypi-archive-keyring"]
            }
        let always = [
            "busybox", "e2fsprogs", "initramfs-tools", "kmod", "login", "openssh-server", "passwd", "systemd-sysv",
            "udev", "zstd",
        ]
        return Set(kernel + always + recipe.packages + facts.package.needs).sorted()
    }

    /// What no unit reads: documentation, and drivers of hardware that it has not.
    private static let unwanted =
        ["/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*"]
        + ["", "/usr"].flatMap { prefix in
            ["sound", "drivers/gpu", "drivers/infiniband", "drivers/isdn", "drivers/media", "drivers/staging"].map {
                "\(prefix)/lib/modules/*/kernel/\($0)/*"
            }
        }

    private var seedFiles: [TarArchive.Entry] {
        let modules = recipe.modules.map { "\($0)\n" }.joined()
        let watchdogs = WatchdogFiles.all.map {
            TarArchive.Entry(String($0.path.dropFirst()), .file($0.content), mode: $0.mode)
        }
        return watchdogs + [
            .file("etc/initramfs-tools/conf.d/picli", "MODULES=list\nCOMPRESS=zstd\nRESUME=none\n"),
            .file("usr/share/initramfs-tools/modules.d/picli", modules),
        ]
    }

    // MARK: System

    /// The base with picli in it and nothing of its making, as a file system of one slot; and what its boot needs.
    func slot(on base: ImageStage) throws(Failure) -> ImageStage {
        ImageStage(
            "system", "Put picli into it, and make the file system of a slot.", cache: facts.cache, needs: [base],
            inputs: [facts.package.digest]
        ) { folder in
            let tree = "\(folder)/tree"
            let name = "IMAGE_ID=\(recipe.name)"
            let version = "IMAGE_VERSION=\(facts.package.version)"
            return [
                asRoot("mkdir", ["--mode=0755", tree, "\(folder)/boot"]),
                asRoot(
                    "tar",
                    [
                        "--extract", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--directory=\(tree)",
                        "--file=\(base.folder)/root.tar",
                    ]),
                // Who is not root can make no devices. The kernel fills this folder at boot.
                asRoot("mkdir", ["--mode=0755", "\(tree)/dev"]),
                install(into: tree),
                inside(tree, ["chroot", tree, "systemd-sysusers"]),
                asRoot("sed", ["--in-place", "$a\\\(name)\\n\(version)", "\(tree)/usr/lib/os-release"]),
            ] + takeBoot(from: tree, to: "\(folder)/boot") + clean(tree) + [
                asRoot("cp", ["\(tree)/var/lib/dpkg/status", "\(folder)/dpkg-status"]),
                asRoot("cp", ["--recursive", "\(tree)/usr/share/doc", "\(folder)/doc"]),
                asRoot(
                    "find",
                    [
                        tree, "-newermt", "@\(ImagePlan.epoch)", "-exec", "touch", "--no-dereference",
                        "--date=@\(ImagePlan.epoch)", "{}", "+",
                    ]),
                asRoot(
                    "mke2fs",
                    fileSystem("root") + ["-O", "^has_journal", "-m", "0", "-d", tree, "\(folder)/root.ext4"]
                        + ["\(recipe.layout.root >> 10)K"]),
                .settleTimes(image: "\(folder)/root.ext4"),
                asRoot("rm", ["--recursive", "--force", "--one-file-system", tree]),
            ]
        }
    }

    /// Unpacked by this machine's dpkg, whatever that leaves out here, and with no word in this machine's own log; the
    /// package's own scripts run in the root.
    private func install(into tree: String) -> ImageAction {
        inside(
            tree,
            [
                "dpkg", "--root=\(tree)", "--log=/dev/null", "--force-unsafe-io", "--force-confold",
                "--path-include=/*",
                "--path-exclude=/usr/share/man/*", "--install", facts.package.path,
            ])
    }

    /// With processes of its own, which the root sees at /proc, and which end with it.
    private func inside(_ tree: String, _ command: [String]) -> ImageAction {
        let user = facts.isRoot ? [] : ["--user", "--map-auto", "--map-root-user"]
        return run(
            "unshare",
            user + ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc=\(tree)/proc"] + command)
    }

    private func takeBoot(from tree: String, to folder: String) -> [ImageAction] {
        var actions = [
            asRoot("cp", ["--dereference", "\(tree)/vmlinuz", "\(tree)/initrd.img", folder]),
            asRoot("chmod", ["0644", "\(folder)/initrd.img"]),
        ]
        if architecture == .amd64 {
            actions.append(asRoot("cp", ["\(tree)/usr/lib/systemd/boot/efi/linuxx64.efi.stub", "\(folder)/stub.efi"]))
        } else {
            actions.append(asRoot("cp", ["--recursive", "\(tree)/boot/firmware", folder]))
        }
        return actions
    }

    /// What belongs to one machine, or to the moment of the build, or stands elsewhere in the image.
    private func clean(_ tree: String) -> [ImageAction] {
        let remove = { (arguments: [String]) in asRoot("rm", ["--recursive", "--force"] + arguments) }
        let contents = { (folder: String) in
            asRoot("find", ["\(tree)/\(folder)", "-mindepth", "1", "-delete"])
        }
        return [
            asRoot("find", ["\(tree)/etc/ssh", "-name", "ssh_host_*", "-delete"]),
            remove(
                [
                    "etc/machine-id", "etc/hostname", "etc/resolv.conf", "var/lib/dbus/machine-id",
                    "var/lib/systemd/random-seed",
                    "var/cache/ldconfig/aux-cache", "var/lib/apt/lists", "var/lib/picli", "etc/picli",
                    "vmlinuz", "vmlinuz.old", "initrd.img", "initrd.img.old",
                    // How this machine fetches packages; a unit fetches none.
                    "etc/apt/sources.list", "etc/apt/apt.conf.d/99mmdebstrap", "etc/dpkg/dpkg.cfg.d/99mmdebstrap",
                ].map { "\(tree)/\($0)" }),
            contents("boot"), contents("var/log"), contents("var/cache/apt"), contents("tmp"), contents("var/tmp"),
            contents("run"), contents("dev"), contents("etc/apt/sources.list.d"),
            asRoot("find", ["\(tree)/etc", "\(tree)/var", "-name", "*-old", "-delete"]),
            asRoot("find", ["\(tree)/etc", "-maxdepth", "1", "-name", "*-", "-type", "f", "-delete"]),
            asRoot(
                "mkdir", ["\(tree)/boot/firmware", "\(tree)/data", "\(tree)/bootconfig", "\(tree)/var/lib/apt/lists"]),
            asRoot("ln", ["--symbolic", "../run/systemd/resolve/stub-resolv.conf", "\(tree)/etc/resolv.conf"]),
            // Nothing of /etc and /var is to be brought up to date at the first boot (systemd-update-done.service(8)).
            asRoot("touch", ["\(tree)/etc/machine-id", "\(tree)/etc/.updated", "\(tree)/var/.updated"]),
            asRoot("cp", ["\(tree)/usr/share/picli-image/hostname", "\(tree)/etc/hostname"]),
        ]
    }

    private func fileSystem(_ label: String) -> [String] {
        let id = ImageLayout.guid("\(recipe.name) \(label)").description
        return [
            "-q", "-F", "-t", "ext4", "-b", "4096", "-I", "256", "-L", label, "-U", id, "-E",
            "hash_seed=\(id),lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0",
        ]
    }

    // MARK: Partitions

    /// Kernel, initramfs and firmware of a slot.
    func boot(of system: ImageStage) -> ImageStage {
        ImageStage(
            "boot", "Make the boot partition of a slot.", cache: facts.cache, needs: [system],
        ) { folder in
            let files = "\(folder)/files"
            return [run("mkdir", [files])]
                + (architecture == .amd64 ? programOfEFI(system, folder) : filesOfFirmware(system, folder))
                + fat("boot", in: folder, recipe.layout.boot, files)
        }
    }

    private func programOfEFI(_ system: ImageStage, _ folder: String) -> [ImageAction] {
        [
            run("mkdir", ["--parents", "\(folder)/files/EFI/BOOT"]),
            .write(path: "\(folder)/cmdline.txt", Array(BootText.kernelArguments(.a, on: architecture).utf8)),
            .unify(
                UnifiedKernel(
                    stub: "\(system.folder)/boot/stub.efi", kernel: "\(system.folder)/boot/vmlinuz",
                    initramfs: "\(system.folder)/boot/initrd.img", commandLine: "\(folder)/cmdline.txt",
                    output: "\(folder)/files/EFI/BOOT/BOOTX64.EFI")),
        ]
    }

    private func filesOfFirmware(_ system: ImageStage, _ folder: String) -> [ImageAction] {
        let files = "\(folder)/files"
        let kernel = recipe.base == .debian
        return [
            run("cp", ["--recursive", "\(system.folder)/boot/firmware/.", files]),
            run("find", [files, "(", "-name", "vmlinuz*", "-o", "-name", "initrd.img*", ")", "-delete"]),
        ] + (kernel ? [run("cp", ["\(system.folder)/boot/vmlinuz", "\(system.folder)/boot/initrd.img", files])] : [])
            + [
                run("mkdir", ["--parents", "\(files)/overlays"]),
                .write(path: "\(files)/config.txt", Array(BootText.config(of: recipe.base).utf8)),
                .write(path: "\(files)/cmdline.txt", Array(BootText.kernelArguments(.a, on: architecture).utf8)),
            ]
            + facts.overlays.sorted { $0.key < $1.key }.flatMap { name, source -> [ImageAction] in
                let stem = name.hasSuffix(".dts") ? String(name.dropLast(4)) : name
                return [
                    .write(path: "\(folder)/\(name)", source),
                    run(
                        "dtc",
                        [
                            "-q", "-@", "-I", "dts", "-O", "dtb", "-o", "\(files)/overlays/\(stem).dtbo",
                            "\(folder)/\(name)",
                        ]),
                ]
            }
    }

    /// What says which slot boots, and what makes the card a unit.
    func bootconfig(of system: ImageStage) throws(Failure) -> ImageStage {
        let card = try facts.card?.bytes()
        return ImageStage("config", "Make the partition that chooses the slot.", cache: facts.cache, needs: [system]) {
            folder in
            let files = "\(folder)/files"
            var actions = [run("mkdir", [files])]
            if architecture == .arm64 {
                actions.append(.write(path: "\(files)/autoboot.txt", Array(BootText.autoboot.utf8)))
                // The ROM of a Pi 3 loads it from the first FAT partition.
                actions.append(run("cp", ["\(system.folder)/boot/firmware/bootcode.bin", files]))
            }
            let readMe = BootText.readMe(recipe, release, facts.package.version)
            actions.append(.write(path: "\(files)/README.txt", Array(readMe.utf8)))
            if let card { actions.append(.write(path: "\(files)/\(CardArchive.fileName)", card)) }
            return actions + fat("bootconfig", in: folder, recipe.layout.bootconfig, files)
        }
    }

    /// Empty: the first boot fills it.
    func data() -> ImageStage {
        ImageStage("data", "Make the partition that a unit keeps its own on.", cache: facts.cache) { folder in
            [
                run(
                    "mke2fs",
                    fileSystem("data") + ["-i", "16384", "-J", "size=16", "\(folder)/data.ext4"]
                        + ["\(recipe.layout.data >> 10)K"])
            ]
        }
    }

    private func fat(_ label: String, in folder: String, _ size: Int64, _ files: String) -> [ImageAction] {
        let image = "\(folder)/\(label).vfat"
        let name = String(label.uppercased().prefix(11))
        // The volume's number is all that identifies a FAT; of the name, so that it stays.
        let number = ImageLayout.guid("\(recipe.name) \(label)").bytes.prefix(4).hexadecimal
        return [
            run("find", [files, "-exec", "touch", "--date=@\(ImagePlan.epoch)", "{}", "+"]),
            run(
                "mkfs.vfat",
                ["--invariant", "-F", size >= 64 << 20 ? "32" : "16", "-i", number, "-n", name]
                    + ["-C", image, "\(size >> 10)"]),
            .fill(image: image, from: files),
        ]
    }
}
