package import NIOCore

/// A request as bytes on their way out.
///
/// Its address and headers hold secrets: nothing prints it.
package struct TransportRequest: Sendable {
    /// `GET` or `POST`.
    package let method: APIRequest.Method
    /// Where to connect.
    package let origin: APIOrigin
    /// Path and query, encoded.
    package let target: String
    /// Every header.
    package let headers: [(String, String)]
    /// The body, `nil` for none.
    package let body: ByteBuffer?
    /// Limit of the whole call, head and body.
    package let timeLimit: Duration
    /// Limit of the answer's size in bytes.
    package let byteLimit: Int
}

extension TransportRequest: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(method.rawValue) \(origin.text)/…" }

    package var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// An answer as bytes, complete.
package struct TransportResponse: Sendable {
    /// HTTP status.
    package let status: Int
    /// HTTP headers.
    package let headers: ResponseHeaders
    /// The whole body, as it came.
    package let body: ByteBuffer

    package init(status: Int, headers: ResponseHeaders = ResponseHeaders(), body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why no whole answer came.
package struct TransportFailure: Error, Equatable {
    /// The closed set of reasons.
    package enum Kind: Sendable {
        /// Name resolution or connection failed.
        case unreachable
        /// The other side cannot prove who it is, or does not speak TLS.
        case insecure
        /// No whole answer within the time limit, or silence in the middle.
        case timedOut
        /// The connection ended before the answer did, or the answer's framing lies.
        case connectionLost
        /// The answer is larger than allowed.
        case tooLarge
        /// The name leads to an address that it must not lead to.
        case addressRefused
        /// The request cannot be sent as it is.
        case invalidRequest
    }

    /// Why, for decisions.
    package let kind: Kind
    /// Our own words, safe to print.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The code of the error that this failure becomes.
    var code: ExtractorError.Code {
        switch kind {
        case .unreachable: .unreachable
        case .insecure: .insecure
        case .timedOut: .timedOut
        case .connectionLost: .connectionLost
        case .tooLarge: .tooLarge
        case .addressRefused: .security
        case .invalidRequest: .invalidRequest
        }
    }

    /// Whether the same call may work a moment later.
    var isRetryable: Bool {
        switch kind {
        case .unreachable, .timedOut, .connectionLost: true
        case .insecure, .tooLarge, .addressRefused, .invalidRequest: false
        }
    }
}

/// The one thing that calls out.
package protocol HTTPTransport: Sendable {
    /// Sends `request` and returns the whole answer; follows nothing.
    ///
    /// Throws ``TransportFailure``, or `CancellationError` when the task was cancelled. Never takes noticeably longer
    /// than the request's time limit, never holds more than its byte limit.
    func send(_ request: TransportRequest) async throws -> TransportResponse
}
