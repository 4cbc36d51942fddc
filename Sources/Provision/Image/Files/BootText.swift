import Site

/// The small texts that a card boots by.
enum BootText {
    enum Slot: String, Sendable, CaseIterable {
        case a
        case b
    }

    /// The kernel's command line: names are PARTLABELs, so that both slots can hold the same file systems.
    static func kernelArguments(_ slot: Slot, on architecture: ImageRecipe.Architecture) -> String {
        // The second UART is the one that a Pi has on its header with Debian's device trees.
        let console = architecture == .amd64 ? "ttyS0,115200" : "ttyS1,115200"
        // The wired interface is eth0, as site files and firewall rules call it, on each board and in each PC.
        return "console=tty0 console=\(console) root=PARTLABEL=root-\(slot.rawValue) rootfstype=ext4 ro rootwait "
            + "picli.slot=\(slot.rawValue) net.ifnames=0 panic=10 loglevel=4\n"
    }

    /// config.txt before a unit is made of the card; 'picli provision' adds what the site file asks for.
    static func config(of base: ImageRecipe.Base) -> String {
        switch base {
        case .debian:
            """
            # Made by picli image build.
            arm_64bit=1
            enable_uart=1
            disable_splash=1
            upstream_kernel=1
            kernel=vmlinuz
            initramfs initrd.img followkernel
            # The firmware's watchdog bites when the kernel does not come up.
            kernel_watchdog_timeout=180

            [all]

            """
        case .raspios:
            """
            # Made by picli image build.
            arm_64bit=1
            enable_uart=1
            disable_splash=1
            auto_initramfs=1
            # The firmware's watchdog bites when the kernel does not come up.
            kernel_watchdog_timeout=60

            [all]

            """
        }
    }

    /// Which slot boots (raspberrypi.com, "autoboot.txt"; at most 512 bytes): partitions by their numbers.
    static let autoboot = """
        [all]
        tryboot_a_b=1
        boot_partition=2
        [tryboot]
        boot_partition=3

        """

    /// For whoever puts the card into a PC.
    static func readMe(
        _ recipe: ImageRecipe, _ release: ImageRecipe.Release, _ version: String
    ) -> String {
        """
        picli \(version), image '\(recipe.name)' on \(recipe.base.rawValue) \(release.rawValue).

        This partition says which system the card boots, and carries what makes it the card of a unit until its first
        boot has taken that over. 'picli image flash' writes it there. There is nothing to edit here.

        """
    }
}
