/// A platform's judgement of one answer.
///
/// Texts given here need not be safe: the client scrubs them before they become part of an error.
package enum Verdict: Sendable {
    /// The page is what was asked for.
    case good
    /// Nothing there: the list is empty.
    case empty
    /// The token is no longer accepted: mint once, repeat once, then 77.
    case credentialsRefused(reason: String)
    /// Another token would not help: 77 at once.
    case credentialsDenied(reason: String)
    /// This call alone again, after a growing random delay.
    case retry(reason: String)
    /// The whole host falls silent, at least for `atLeast` and what `Retry-After` says, then this call again.
    case pauseHost(reason: String, atLeast: Duration? = nil)
    /// The platform's quota is spent until then (µs since 1970 UTC): 75.
    case quotaSpent(untilMicroseconds: Int64)
    /// This request fails for good.
    case fail(PlatformFailure)
    /// This object may not be read; the credentials are fine.
    case objectUnreadable(reason: String)
    /// The platform's API is not at this address: 69 at once.
    case noAPI
}

/// What a platform said when it refused a request.
package struct PlatformFailure: Sendable {
    /// The platform's error code.
    package var code: String?
    /// The platform's error context.
    package var context: String?
    /// The platform's message; scrubbed by the client.
    package var message: String?
    /// Overrides the exit code of a failed source.
    package var exitClass: ExtractorError.ExitClass?

    package init(
        code: String? = nil,
        context: String? = nil,
        message: String? = nil,
        exitClass: ExtractorError.ExitClass? = nil
    ) {
        self.code = code
        self.context = context
        self.message = message
        self.exitClass = exitClass
    }
}
