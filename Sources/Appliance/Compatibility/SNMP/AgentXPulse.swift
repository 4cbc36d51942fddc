import Synchronization

/// Whether the agent is still there: it is asked now and then, and has to say something until it is asked again.
///
/// A program that hangs keeps its connections, and so may one that has closed a session because an answer took too long.
final class AgentXPulse: Sendable {
    private struct State {
        /// nil before the agent has given it a number.
        var session: UInt32?
        /// Since then nothing was heard.
        var isAsked = false
    }

    private let state = Mutex(State())

    func opened(_ session: UInt32) { state.withLock { $0 = State(session: session) } }

    func heard() { state.withLock { $0.isAsked = false } }

    /// The session of which to ask now; nil when the last question has no answer, or there is still no session.
    func ask() -> UInt32? {
        state.withLock { state in
            guard let session = state.session, !state.isAsked else { return nil }
            state.isAsked = true
            return session
        }
    }
}
