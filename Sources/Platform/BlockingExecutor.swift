import Glibc

/// A serial executor with a thread of its own, for calls that block: bus transfers, sysfs reads, file system calls.
///
/// The cooperative pool has about one thread per core, so a blocking call there delays every task of the process. An
/// actor whose `unownedExecutor` is one of these blocks nobody but itself:
///
///     actor Wire {
///         private let executor = BlockingExecutor(name: "wire")
///         nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
///     }
///
/// What such an actor begins beside itself can be on that thread, too: `Task(executorPreference: executor.forTasks)`
/// starts there and comes back after each wait, without a thread of the pool.
///
/// The thread ends with the executor, after the jobs that were already queued. When one of them never returns, that
/// thread stays in the kernel and holds nothing but its queue; nobody waits for it.
public final class BlockingExecutor: SerialExecutor {
    private let queue: JobQueue

    /// Starts the thread.
    ///
    /// - Parameter name: Shown by `top -H` and `ps -L`; the kernel keeps 15 bytes.
    public init(name: String) {
        queue = JobQueue(name: name)
        queue.startThread()
    }

    deinit { queue.close() }

    public func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), of: .actor(asUnownedSerialExecutor()))
    }

    /// The same thread, for tasks that belong to no actor.
    ///
    /// An object of its own: were it this one, each call of an actor from outside such a task would be queued once more.
    public var forTasks: any TaskExecutor { TaskThread(self) }

    fileprivate func enqueue(_ job: UnownedJob, preferredBy thread: TaskThread) {
        queue.append(job, of: .task(thread))
    }

    /// Runs `body` on the executor's thread, between two jobs, once the monotonic clock says `time` (CLOCK_MONOTONIC).
    ///
    /// It takes the place of an alarm that has not gone off; nil takes that away. The thread itself waits for the
    /// moment, no other thread has to run first: it is late by the kernel's timer slack, 50 µs, and by what the
    /// processor does instead.
    public func setAlarm(at time: Duration?, _ body: @escaping @Sendable () -> Void = {}) {
        queue.setAlarm(time.map { ($0, body) })
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    public func checkIsolated() {
        precondition(queue.isOnThread, "not on the thread of executor \(queue.name)")
    }
}

/// A thread that tasks prefer; it lives as long as they do.
private final class TaskThread: TaskExecutor {
    private let executor: BlockingExecutor

    init(_ executor: BlockingExecutor) { self.executor = executor }

    func enqueue(_ job: consuming ExecutorJob) { executor.enqueue(UnownedJob(job), preferredBy: self) }
}

/// The jobs of one thread.
///
/// `@unchecked`: `jobs`, `alarm`, `isJobNext`, `isClosed` and `thread` are touched only between `pthread_mutex_lock` and
/// `pthread_mutex_unlock` of `mutex`; the two pointers and the name never change.
private final class JobQueue: @unchecked Sendable {
    let name: String
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [(job: UnownedJob, owner: Owner)] = []
    private var alarm: (time: Duration, body: @Sendable () -> Void)?
    /// The last thing done was an alarm: a job is next, so that alarms in a row keep nothing waiting for ever.
    private var isJobNext = false
    private var isClosed = false
    private var thread: pthread_t?

    /// Whose job it is.
    enum Owner {
        case actor(UnownedSerialExecutor)
        case task(TaskThread)
    }

    /// What the thread does next.
    private enum Work {
        case job(UnownedJob, Owner)
        case alarm(@Sendable () -> Void)
    }

    init(name: String) {
        self.name = name
        pthread_mutex_init(mutex, nil)
        // Alarms are of the clock that nobody sets.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(wakeUp, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(wakeUp)
        pthread_mutex_destroy(mutex)
        wakeUp.deallocate()
        mutex.deallocate()
    }

    var isOnThread: Bool {
        locked { thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    func append(_ job: UnownedJob, of owner: Owner) {
        locked {
            jobs.append((job, owner))
            pthread_cond_signal(wakeUp)
        }
    }

    func setAlarm(_ alarm: (time: Duration, body: @Sendable () -> Void)?) {
        locked {
            self.alarm = alarm
            pthread_cond_signal(wakeUp)
        }
    }

    func close() {
        locked {
            isClosed = true
            pthread_cond_signal(wakeUp)
        }
    }

    func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 * 1024)
        // The thread owns the queue until it ends, so the executor may go while a call is still stuck.
        let context = Unmanaged.passRetained(self).toOpaque()
        locked {
            var id = pthread_t()
            let failure = pthread_create(
                &id, &attributes,
                { context in
                    guard let context else { return nil }
                    Unmanaged<JobQueue>.fromOpaque(context).takeRetainedValue().work()
                    return nil
                }, context)
            precondition(failure == 0, "no thread for \(name): \(String(cString: strerror(failure)))")
            thread = id
        }
    }

    private func work() {
        // A signal would cut the kernel's waits short: w1_therm calls a conversion finished when it is interrupted.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        setThreadName()
        while let work = waitForWork() {
            switch work {
            case .job(let job, .actor(let executor)): job.runSynchronously(on: executor)
            case .job(let job, .task(let thread)): job.runSynchronously(on: thread.asUnownedTaskExecutor())
            case .alarm(let body): body()
            }
        }
    }

    /// Names the calling thread by proc_pid_comm(5): pthread_setname_np is not in Swift's Glibc module.
    private func setThreadName() {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, name.utf8.count)
        _ = Glibc.close(file)
    }

    /// What is due: an alarm before the jobs; nil when the executor is gone and nothing is left.
    private func waitForWork() -> Work? {
        locked {
            while true {
                if let alarm, !isClosed, !isJobNext || jobs.isEmpty, alarm.time <= KernelClock.monotonic() {
                    self.alarm = nil
                    isJobNext = true
                    return .alarm(alarm.body)
                }
                isJobNext = false
                if !jobs.isEmpty {
                    let next = jobs.removeFirst()
                    return .job(next.job, next.owner)
                }
                if isClosed { return nil }
                guard let alarm else {
                    pthread_cond_wait(wakeUp, mutex)
                    continue
                }
                let (seconds, attoseconds) = alarm.time.components
                var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
                pthread_cond_timedwait(wakeUp, mutex, &time)
            }
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
