package import JSON

/// What a platform answered, as its rules see it before anything else does.
package struct Answer: Sendable {
    /// The request that was answered.
    package let request: APIRequest
    /// HTTP status.
    package let status: Int
    /// HTTP headers.
    package let headers: ResponseHeaders
    /// The parsed body, `nil` where it is empty or no whole JSON document.
    package let document: JSONDocument?
    /// Why there is no document, safe to print; `nil` where there is one.
    package let documentFault: String?
    /// Size of the body.
    package let byteCount: Int
    /// Whether the body begins like a web page.
    package let isHTML: Bool
    /// How long ago the token of this call was asked for; `nil` where none is minted.
    package let tokenAge: Duration?
    /// Whether this call already is the repetition with a token minted after a refusal.
    package let isRepeatedWithNewToken: Bool
    /// How long ago the host was last silenced; `nil` where it never was.
    package let sincePause: Duration?
    /// How often the call was repeated already because of itself, pauses of the host not counted.
    package let repetitions: Int
    /// Whether the client has had a good answer before: its credentials are right.
    package let followsGoodAnswer: Bool

    /// Media type in lower case without parameters.
    package var contentType: String? {
        headers["Content-Type"].map { value in
            value.prefix { $0 != ";" }.trimmingSpaces().lowercased()
        }
    }

    /// Whether the answer has no body.
    package var isEmpty: Bool { byteCount == 0 }

    package init(
        request: APIRequest,
        status: Int,
        headers: ResponseHeaders,
        document: JSONDocument?,
        documentFault: String? = nil,
        byteCount: Int,
        isHTML: Bool = false,
        tokenAge: Duration? = nil,
        isRepeatedWithNewToken: Bool = false,
        sincePause: Duration? = nil,
        repetitions: Int = 0,
        followsGoodAnswer: Bool = false
    ) {
        self.request = request
        self.status = status
        self.headers = headers
        self.document = document
        self.documentFault = documentFault
        self.byteCount = byteCount
        self.isHTML = isHTML
        self.tokenAge = tokenAge
        self.isRepeatedWithNewToken = isRepeatedWithNewToken
        self.sincePause = sincePause
        self.repetitions = repetitions
        self.followsGoodAnswer = followsGoodAnswer
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at both ends.
    func trimmingSpaces() -> String {
        var text = Substring(self)
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
