import Dispatch
import Foundation
import Synchronization

/// Turns the first SIGINT or SIGTERM into a request to stop, and the second into the end of the process.
///
/// Works on a thread of its own, so also when every thread of the cooperative pool is busy.
final class SignalWatch: Sendable {
    /// How long a stop may take before the process ends without it; the contract allows 10 seconds.
    private static let patience = DispatchTimeInterval.milliseconds(9_500)
    private let memory = Memory()
    /// Unsafe only by its type: set once, and kept for nothing but its life.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    /// The first signal that arrived.
    var received: Int32? { memory.first.withLock { $0 } }

    /// - Parameter onFirst: Called once, with the first signal; must not block.
    init(onFirst: @escaping @Sendable (Int32) -> Void) {
        let queue = DispatchQueue(label: "registrar.signals")
        let memory = memory
        sources = [SIGINT, SIGTERM].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                guard memory.note(number) else { _exit(128 + number) }
                onFirst(number)
                // Whatever hangs: what was committed is complete, and the next run resumes.
                queue.asyncAfter(deadline: .now() + Self.patience) { _exit(128 + number) }
            }
            source.activate()
            return source
        }
    }

    /// What the handlers share with the main thread.
    private final class Memory: Sendable {
        let first = Mutex<Int32?>(nil)

        /// Whether this is the first signal.
        func note(_ number: Int32) -> Bool {
            first.withLock { first in
                guard first == nil else { return false }
                first = number
                return true
            }
        }
    }
}
