import Glibc

/// Why a wait ended without the socket being ready.
enum WaitInterruption: Error {
    case cancelled
    case deadline
    case failed
}

/// What a socket is ready for.
struct SocketReadiness: OptionSet {
    let rawValue: Int16

    static let readable = SocketReadiness(rawValue: Int16(POLLIN))
    static let writable = SocketReadiness(rawValue: Int16(POLLOUT))
}

/// Waits until `socket` is ready, `signal` is requested or the deadline passes: the only wait of this module.
///
/// `signal` is `nil` where the work must run to its end, such as a rollback.
func wait(
    for events: SocketReadiness,
    on socket: Int32,
    until deadline: ContinuousClock.Instant,
    signal: CancelSignal?
) throws(WaitInterruption) -> SocketReadiness {
    guard socket >= 0 else { throw .failed }
    while true {
        var descriptors = [
            pollfd(fd: socket, events: events.rawValue, revents: 0),
            // poll skips a negative descriptor
            pollfd(fd: signal?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&descriptors, 2, milliseconds(until: deadline))
        if count < 0 {
            guard errno == EINTR || errno == EAGAIN else { throw .failed }
            continue
        }
        if descriptors[1].revents != 0 { throw .cancelled }
        let answer = descriptors[0].revents
        if answer != 0 {
            // An error or hang-up is read like data: libpq finds the cause.
            let broken = answer & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
            return broken ? [.readable, .writable] : SocketReadiness(rawValue: answer)
        }
        if ContinuousClock.now >= deadline { throw .deadline }
    }
}

private func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { return 0 }
    // One more, so that the last wait does not end a moment early and spin.
    return Int32(clamping: left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1)
}
