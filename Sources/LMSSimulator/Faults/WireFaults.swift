import NIOCore

/// The switches every platform has: faults of the network and of what stands before a platform, and records and values
/// that a careful reader must cope with.
///
/// A property that ends in `Calls` counts the next calls that are hit and goes down to 0 by itself; token calls are
/// never hit by those.
package struct WireFaults: Codable, Sendable, Equatable {
    /// The fields below that count calls hit only paths that contain this text; empty for all.
    package var onlyPaths = ""
    /// A burst of server errors with `serverErrorStatus`.
    package var serverErrorCalls = 0
    /// The status of that burst.
    package var serverErrorStatus = 500
    /// 429 for so many calls.
    package var tooManyRequestsCalls = 0
    /// 429 from the call after so many within `rateWindow` real seconds; 0 for no limit.
    package var rateLimit = 0
    /// The window of `rateLimit` in real seconds.
    package var rateWindow = 10.0
    /// Value of `Retry-After` on a 429; empty for no header.
    package var retryAfter = ""
    /// A login page in HTML, with 200.
    package var htmlCalls = 0
    /// A redirect to `redirectTo`.
    package var redirectCalls = 0
    /// The target of redirects.
    package var redirectTo = "http://127.0.0.1:9/elsewhere"
    /// The status of redirects.
    package var redirectStatus = 302
    /// The body ends in the middle and the connection is closed.
    package var truncatedCalls = 0
    /// The connection is closed without an answer.
    package var closedCalls = 0
    /// Nothing is answered and the connection stays open.
    package var stalledCalls = 0
    /// The body drips at `dripBytesPerSecond`.
    package var dripCalls = 0
    /// Speed of a dripping body.
    package var dripBytesPerSecond = 2
    /// Every answer waits so many real milliseconds.
    package var delayMilliseconds = 0
    /// 200 with an empty body.
    package var emptyBodyCalls = 0
    /// A good body followed by more bytes.
    package var trailingBytesCalls = 0
    /// Paths (exact, after the platform's API root) that always answer the given status.
    package var statusForPath: [String: Int] = [:]
    /// Hostile records, each added to one page of one list.
    package var hostile: [HostileRecord] = []
    /// Passwords, tokens and national ids are planted where nobody expects them.
    package var plantSecrets = false
    /// No answer has a `Date` header, as behind some gateways.
    package var omitDate = false

    /// No fault at all.
    package init() {}

    /// What the wire does to a call before the platform sees it, or nil.
    ///
    /// It asks for no credentials. An answer of 400 or more has no body yet: its shape is the platform's.
    mutating func before(_ request: SimulatedRequest, _ log: inout RequestLog) -> SimulatedAnswer? {
        guard isHit(request) else { return nil }
        if Self.take(&closedCalls) { return delivered(.closed) }
        if Self.take(&stalledCalls) { return delivered(.stalled) }
        if Self.take(&redirectCalls) {
            var answer = SimulatedAnswer(status: redirectStatus, text: "")
            answer.headers = [("Location", redirectTo)]
            return answer
        }
        if Self.take(&htmlCalls) {
            var answer = SimulatedAnswer(status: 200, text: "<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>")
            answer.contentType = "text/html; charset=utf-8"
            return answer
        }
        let isOverLimit = rateLimit > 0 && log.callsInLast(seconds: rateWindow) > rateLimit
        if isOverLimit || Self.take(&tooManyRequestsCalls) {
            var answer = SimulatedAnswer(status: 429, text: "")
            if !retryAfter.isEmpty { answer.headers = [("Retry-After", retryAfter)] }
            return answer
        }
        return Self.take(&serverErrorCalls) ? SimulatedAnswer(status: serverErrorStatus, text: "") : nil
    }

    /// What the wire does to the platform's answer: every one is delayed, only a good one is spoiled.
    mutating func after(_ request: SimulatedRequest, _ answer: SimulatedAnswer) -> SimulatedAnswer {
        var answer = answer
        answer.delayMilliseconds = delayMilliseconds
        guard answer.status == 200, isHit(request) else { return answer }
        if Self.take(&emptyBodyCalls) {
            answer.body = ByteBuffer()
        } else if Self.take(&trailingBytesCalls) {
            answer.body.writeString("{\"data\":[]}")
        } else if Self.take(&truncatedCalls) {
            answer.delivery = .truncated
        } else if Self.take(&dripCalls) {
            answer.delivery = .dripping(bytesPerSecond: max(dripBytesPerSecond, 1))
        }
        return answer
    }

    /// Whether the switches that count calls may hit this one.
    func isHit(_ request: SimulatedRequest) -> Bool {
        onlyPaths.isEmpty || request.path.contains(onlyPaths)
    }

    /// Counts a switch down; false once it is used up.
    static func take(_ calls: inout Int) -> Bool {
        guard calls > 0 else { return false }
        calls -= 1
        return true
    }

    private func delivered(_ delivery: SimulatedAnswer.Delivery) -> SimulatedAnswer {
        var answer = SimulatedAnswer(body: ByteBuffer())
        answer.delivery = delivery
        return answer
    }
}
