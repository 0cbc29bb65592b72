/// A call that is about to be sent: what the run's ledger and `plan` count.
package struct RequestEvent: Sendable {
    /// What a call is for.
    package enum Kind: Sendable {
        /// A call for data; repetitions count again.
        case data
        /// A call for a token.
        case token
    }

    /// What the call is for.
    package let kind: Kind
    /// The stream the request was made for.
    package let stream: String
    /// Whether the same request was sent before.
    package let isRepetition: Bool

    package init(kind: Kind, stream: String, isRepetition: Bool) {
        (self.kind, self.stream, self.isRepetition) = (kind, stream, isRepetition)
    }
}

/// Called once for every call right before it is sent, in any task; must not block.
package typealias RequestCounter = @Sendable (RequestEvent) -> Void
