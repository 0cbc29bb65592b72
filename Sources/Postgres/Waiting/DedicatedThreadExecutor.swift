import Foundation

/// Runs every job of one actor on one thread that is allowed to block.
///
/// Unchecked because `condition` guards `jobs`; nothing may be enqueued after `stop()`.
final class DedicatedThreadExecutor: SerialExecutor, @unchecked Sendable {
    private let condition = NSCondition()  // guards `jobs`; a Mutex cannot be waited on
    private var jobs: [UnownedJob?] = []  // `nil` stops the thread

    func start(name: String) {
        Thread.detachNewThread {
            Thread.current.name = name
            while let job = self.nextJob() { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) { append(UnownedJob(job)) }

    func stop() { append(nil) }

    private func append(_ job: UnownedJob?) {
        condition.withLock { jobs.append(job) }
        condition.signal()
    }

    private func nextJob() -> UnownedJob? {
        condition.withLock {
            while jobs.isEmpty { condition.wait() }
            return jobs.removeFirst()
        }
    }
}
