public import Foundation
import Glibc

extension Process {
    /// Runs with no signal blocked, as systemd starts a program.
    ///
    /// A child inherits what its thread blocks, and the threads that tests run on block nearly every signal: one without a
    /// mask of its own hears of no SIGTERM, and whoever waits for its end waits until it is killed.
    public func runWithSignalsOpen() throws {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}
