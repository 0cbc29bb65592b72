package import JSON

/// One good answer of a platform.
package struct Page: Sendable {
    /// The parsed body; an empty array where ``isEmptyByStatus``.
    package let document: JSONDocument
    /// The request that was answered.
    package let request: APIRequest
    /// HTTP status.
    package let status: Int
    /// When the answer was whole, by our own clock, µs since 1970 UTC.
    package let fetchedAtMicroseconds: Int64
    /// What the platform's `Date` header said, µs since 1970 UTC.
    package let serverDateMicroseconds: Int64?
    /// Size of the body.
    package let byteCount: Int
    /// Whether the rules took the status for "nothing there".
    package let isEmptyByStatus: Bool
    /// Equal for equal bodies within one process; 0 unless ``APIRequest/hashesBody``.
    package let bodyHash: Int
    /// HTTP headers, for quotas and the like.
    package let headers: ResponseHeaders

    package init(
        document: JSONDocument,
        request: APIRequest,
        status: Int = 200,
        fetchedAtMicroseconds: Int64,
        serverDateMicroseconds: Int64? = nil,
        byteCount: Int = 0,
        isEmptyByStatus: Bool = false,
        bodyHash: Int = 0,
        headers: ResponseHeaders = ResponseHeaders()
    ) {
        self.document = document
        self.request = request
        self.status = status
        self.fetchedAtMicroseconds = fetchedAtMicroseconds
        self.serverDateMicroseconds = serverDateMicroseconds
        self.byteCount = byteCount
        self.isEmptyByStatus = isEmptyByStatus
        self.bodyHash = bodyHash
        self.headers = headers
    }
}
