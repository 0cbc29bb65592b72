import Foundation

/// Runs blocking work on a thread of its own, so that no thread of the cooperative pool waits.
///
/// The work runs to its end even when the task is cancelled: it must have deadlines of its own.
func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Result { try work() })
        }
    }
}
