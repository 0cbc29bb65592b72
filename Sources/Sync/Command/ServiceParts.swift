package import Extractor

/// What reaches out of the process or differs from run to run, so that tests can bring their own.
package struct ServiceParts: Sendable {
    /// Makes the transport of one origin, and what ends it.
    package var makeTransport:
        @Sendable (APIOrigin, _ connections: Int) -> (any HTTPTransport, @Sendable () async -> Void)
    package var limiters: RateLimiterRegistry
    package var policy: RetryPolicy
    package var time: any TimeSource
    package var random: any RandomSource

    package init() {
        makeTransport = { origin, connections in
            var limits = AsyncHTTPTransport.Limits()
            limits.connections = max(connections, limits.connections)
            let transport = AsyncHTTPTransport(origin: origin, limits: limits)
            return (transport, { try? await transport.shutdown() })
        }
        limiters = .processWide
        policy = RetryPolicy()
        time = SystemTime()
        random = SystemRandom()
    }
}
