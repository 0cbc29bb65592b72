import NIOCore

/// Looks at each new connection before a request may use it.
///
/// The address the socket really has is checked, not an answer of DNS that may change in between.
struct ConnectionGuard: Sendable {
    let origin: APIOrigin

    /// Closes the connection and fails where its address is not allowed.
    func check(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let address = channel.remoteAddress, AddressRule.allows(address, for: origin) else {
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(
                TransportFailure(.addressRefused, "the host's name leads to an address of this machine or network")
            )
        }
        return channel.eventLoop.makeSucceededVoidFuture()
    }
}
