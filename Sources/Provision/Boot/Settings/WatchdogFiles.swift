/// What makes a unit that hangs reset itself, whoever hangs: the kernel, systemd, or the card.
///
/// The firmware starts the hardware watchdog before the kernel (`kernel_watchdog_timeout`); the kernel's driver keeps it
/// quiet, at most 15 s at a time, for as long as systemd shows life; systemd watches the services.
public enum WatchdogFiles {
    public static let all = [manager, kernel]

    /// Of systemd-system.conf(5).
    static let manager = BootFile(
        path: "/etc/systemd/system.conf.d/60-picli-watchdog.conf",
        content: Array(
            """
            # Made by picli provision: a unit without staff resets itself.
            [Manager]
            # The hardware resets when systemd shows no life for so long; when the kernel hangs, within 15 s.
            RuntimeWatchdogSec=60s
            # A shutdown that hangs ends, too.
            RebootWatchdogSec=2min

            """.utf8))

    /// Of sysctl.d(5); the names are those of Documentation/admin-guide/sysctl/kernel.rst.
    static let kernel = BootFile(
        path: "/etc/sysctl.d/61-picli-watchdog.conf",
        content: Array(
            """
            # Made by picli provision: a kernel that cannot go on resets; nobody is there to read its last screen.
            kernel.panic = 10
            kernel.panic_on_oops = 1
            kernel.softlockup_panic = 1
            # A card that no longer answers stops everything but systemd, which needs no disk to show life. Ten minutes:
            # a USB drive that is being given up by the kernel takes several, and costs no reset.
            kernel.hung_task_timeout_secs = 600
            kernel.hung_task_panic = 1

            """.utf8))
}
