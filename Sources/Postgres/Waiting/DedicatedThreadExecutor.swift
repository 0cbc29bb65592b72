import Foundation
import Synchronization

/// Runs every job of one actor on one thread that is allowed to block.
///
/// Unchecked because `condition` guards `jobs`. Executors are lent and never freed: the runtime knows them by an unowned
/// reference only, and may still enqueue a job when the actor is already gone.
final class DedicatedThreadExecutor: SerialExecutor, @unchecked Sendable {
    private static let idle = Mutex<[DedicatedThreadExecutor]>([])

    private let condition = NSCondition()  // guards `jobs`; a Mutex cannot be waited on
    private var jobs: [UnownedJob] = []

    private init(name: String) {
        Thread.detachNewThread {
            Thread.current.name = name
            while true { self.nextJob().runSynchronously(on: self.asUnownedSerialExecutor()) }
        }
    }

    /// Lends an executor with its thread: one that nobody uses, or a new one.
    static func lend() -> DedicatedThreadExecutor {
        idle.withLock { $0.popLast() } ?? DedicatedThreadExecutor(name: "postgres")
    }

    /// Gives the executor back, for another actor.
    func giveBack() { Self.idle.withLock { $0.append(self) } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock { jobs.append(job) }
        condition.signal()
    }

    private func nextJob() -> UnownedJob {
        condition.withLock {
            while jobs.isEmpty { condition.wait() }
            return jobs.removeFirst()
        }
    }
}
