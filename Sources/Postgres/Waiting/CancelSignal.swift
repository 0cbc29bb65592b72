import CLibpq
import Glibc
import Synchronization

/// Wakes a thread that waits in `poll`, from anywhere, without blocking.
///
/// A request counts only while an operation is armed: a late one must not stop the next statement.
final class CancelSignal: Sendable {
    /// Becomes readable when a request is made; −1 when the process is out of descriptors.
    let descriptor: Int32
    private let state = Mutex(State.idle)

    private enum State {
        case idle
        case armed
        case requested
    }

    init() { descriptor = registrar_eventfd() }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    var isRequested: Bool { state.withLock { $0 == .requested } }

    func arm() { state.withLock { $0 = .armed } }

    func request() {
        state.withLock { state in
            guard state == .armed else { return }
            state = .requested
            var one: UInt64 = 1
            _ = write(descriptor, &one, 8)
        }
    }

    func disarm() {
        state.withLock { state in
            if state == .requested {
                var counter: UInt64 = 0
                _ = read(descriptor, &counter, 8)
            }
            state = .idle
        }
    }
}
