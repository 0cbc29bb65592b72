import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Says in our own words why no answer came; the libraries' own texts may quote addresses.
enum ConnectionDiagnosis {
    static func failure(for error: any Error) -> TransportFailure {
        switch error {
        case let failure as TransportFailure: failure
        case is AnswerCollector.TooLarge: TransportFailure(.tooLarge, "the answer is larger than allowed")
        case let error as NIOConnectionError: connection(error)
        case is HTTPParserError: TransportFailure(.connectionLost, "the answer is no valid HTTP")
        case ChannelError.connectTimeout: noConnection
        case is ChannelError: TransportFailure(.connectionLost, "the connection was closed")
        case let error as IOError: network(error) ?? TransportFailure(.connectionLost, "the connection broke")
        case let error as HTTPClientError: client(error)
        case is SocketAddressError: unknownName
        default: secure(error)
        }
    }

    private static let noConnection = TransportFailure(.unreachable, "no connection within the time limit")
    private static let unknownName = TransportFailure(.unreachable, "the host name is not known")

    /// A connection that came to none: of several addresses the first refusal tells most.
    private static func connection(_ error: NIOConnectionError) -> TransportFailure {
        let failures = error.connectionErrors.map { attempt -> TransportFailure? in
            if case ChannelError.connectTimeout = attempt.error { return noConnection }
            return (attempt.error as? IOError).flatMap(network)
        }
        if let failure = failures.compactMap({ $0 }).first { return failure }
        guard error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil else {
            return TransportFailure(.unreachable, "the host cannot be reached")
        }
        return unknownName
    }

    /// What the system says of a connection that it could not make.
    private static func network(_ error: IOError) -> TransportFailure? {
        switch error.errnoCode {
        case ECONNREFUSED:
            TransportFailure(.unreachable, "the host refuses the connection: nothing listens at this port")
        case EHOSTUNREACH, ENETUNREACH: TransportFailure(.unreachable, "no route leads to the host")
        case ETIMEDOUT: noConnection
        default: nil
        }
    }

    /// A handshake that failed: trying again brings the same certificate.
    private static func secure(_ error: any Error) -> TransportFailure {
        if error is NIOSSLExtraError {
            return TransportFailure(.insecure, "the host's certificate is made out for another name")
        }
        // The library tells its reasons by name only; they are looked at and not repeated.
        let reasons = String(describing: error)
        if reasons.contains("CERTIFICATE_VERIFY_FAILED") {
            return TransportFailure(
                .insecure,
                "the host's certificate is not trusted: this machine does not know its authority, or it has run out"
            )
        }
        if ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"].contains(where: reasons.contains) {
            return TransportFailure(.insecure, "the host answers without TLS at this port: plain HTTP behind https")
        }
        guard case .handshakeFailed(let reason)? = error as? NIOSSLError, case .sslError = reason else {
            return TransportFailure(.connectionLost, "the connection ended while it was being secured")
        }
        return TransportFailure(.insecure, "no secure connection: the host's TLS and ours do not fit together")
    }

    private static func client(_ error: HTTPClientError) -> TransportFailure {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            TransportFailure(.timedOut, "no whole answer within the time limit")
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout: noConnection
        case .alreadyShutdown, .cancelled: TransportFailure(.connectionLost, "the client was closed")
        case .invalidURL, .emptyHost, .emptyScheme:
            TransportFailure(.invalidRequest, "the request's address cannot be built")
        default:
            TransportFailure(.connectionLost, "the connection ended before the answer did")
        }
    }
}
