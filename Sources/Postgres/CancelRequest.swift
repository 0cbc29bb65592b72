import CLibpq
import Foundation

/// Asks the server to stop the running statement.
///
/// Unchecked because the handle is a copy libpq made for exactly this: it is used and freed by one thread alone.
struct CancelRequest: @unchecked Sendable {
    let handle: OpaquePointer

    /// Sends the request from a thread of its own and frees the handle.
    ///
    /// `PQcancel` opens a second connection, blocks and knows no deadline.
    func send() {
        Thread.detachNewThread {
            var message = [CChar](repeating: 0, count: 256)
            _ = PQcancel(handle, &message, 256)
            PQfreeCancel(handle)
        }
    }
}
