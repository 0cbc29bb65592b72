import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// The real transport: one HTTP/1.1 client with kept-alive connections for one origin.
///
/// It follows no redirect, asks for no compression, uses no proxy from the environment, and sends nothing over a
/// connection whose address is not allowed. End it with ``shutdown()``.
package final class AsyncHTTPTransport: HTTPTransport {
    /// Limits that do not change from call to call.
    package struct Limits: Sendable {
        /// Until a connection stands, TLS included.
        package var connect = Duration.seconds(10)
        /// Between two bytes of an answer.
        package var silence = Duration.seconds(30)
        /// How long an unused connection is kept.
        package var idle = Duration.seconds(60)
        /// Connections kept at most.
        package var connections = 8

        package init() {}
    }

    private let origin: APIOrigin
    private let client: HTTPClient

    package convenience init(origin: APIOrigin, limits: Limits = Limits()) {
        self.init(origin: origin, guardedAs: origin, limits: limits)
    }

    /// Tests guard the connections of one origin by the rule of another, and trust an authority of their own.
    init(
        origin: APIOrigin,
        guardedAs guarded: APIOrigin,
        limits: Limits,
        trusting roots: NIOSSLTrustRoots = .default
    ) {
        self.origin = origin
        let guardian = ConnectionGuard(origin: guarded)
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = roots
        configuration.tlsConfiguration = tls
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(
            connect: .nanoseconds(limits.connect.nanoseconds),
            read: .nanoseconds(limits.silence.nanoseconds)
        )
        configuration.connectionPool.idleTimeout = .nanoseconds(limits.idle.nanoseconds)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.connections
        // Trying again is decided in one place, by the retry policy.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = { guardian.check($0) }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes every connection; calls under way fail.
    package func shutdown() async throws {
        try await client.shutdown()
    }

    package func send(_ request: TransportRequest) async throws -> TransportResponse {
        guard request.origin == origin else {
            throw TransportFailure(.invalidRequest, "a request for another origin than the transport's")
        }
        let outgoing = try Self.translate(request)
        try Task.checkCancellation()
        // The future form, because its deadline covers the body too and no task group is needed for that.
        let task = client.execute(
            request: outgoing,
            delegate: AnswerCollector(byteLimit: request.byteLimit),
            deadline: .now() + .nanoseconds(request.timeLimit.nanoseconds)
        )
        do {
            return try await withTaskCancellationHandler {
                try await task.futureResult.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            try Task.checkCancellation()
            throw ConnectionDiagnosis.failure(for: error)
        }
    }

    private static func translate(_ request: TransportRequest) throws(TransportFailure) -> HTTPClient.Request {
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headers.count + 2)
        for (name, value) in request.headers {
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw TransportFailure(.invalidRequest, "the value of header \(name) holds control characters")
            }
            headers.add(name: name, value: value)
        }
        do {
            return try HTTPClient.Request(
                url: request.origin.text + request.target,
                method: request.method == .get ? .GET : .POST,
                headers: headers,
                body: request.body.map { .byteBuffer($0) }
            )
        } catch {
            throw TransportFailure(.invalidRequest, "the request's address cannot be built")
        }
    }
}

extension Duration {
    /// Whole nanoseconds, at most about 292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds > 9_000_000_000 ? .max : seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
