/// A request or walk that failed, safe to print: no secret, no address with arguments, no id.
package struct ExtractorError: Error, Equatable {
    /// What went wrong.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case invalidOrigin, invalidRequest, unreachable, timedOut, connectionLost, tooLarge, badAnswer
            case credentialsRefused, quotaSpent, pauseTooLong, throttled, security, platformFailed, objectUnreadable
            case walkBroken, identitiesChanged, tokenUnavailable, noAPI, insecure
        }
        private let value: Value

        /// The configured address cannot be used.
        package static let invalidOrigin = Code(value: .invalidOrigin)
        /// A request that cannot be built from its arguments: our own mistake or a hostile id.
        package static let invalidRequest = Code(value: .invalidRequest)
        /// Name resolution, connection or TLS failed, again and again.
        package static let unreachable = Code(value: .unreachable)
        /// Connected, but no whole answer within the deadline.
        package static let timedOut = Code(value: .timedOut)
        /// The connection ended before the answer did.
        package static let connectionLost = Code(value: .connectionLost)
        /// The answer is above the limit of one answer.
        package static let tooLarge = Code(value: .tooLarge)
        /// The answer is not what the platform promises: no JSON, cut short, wrong shape.
        package static let badAnswer = Code(value: .badAnswer)
        /// The platform refused who we are, twice or for good.
        package static let credentialsRefused = Code(value: .credentialsRefused)
        /// The platform's quota is spent; see ``notBeforeMicroseconds``.
        package static let quotaSpent = Code(value: .quotaSpent)
        /// The platform asks for a longer silence than a run waits out; see ``notBeforeMicroseconds``.
        package static let pauseTooLong = Code(value: .pauseTooLong)
        /// The host still answered "too many requests" after every pause.
        package static let throttled = Code(value: .throttled)
        /// A redirect, link or address outside the configured origin: the source stops.
        package static let security = Code(value: .security)
        /// The platform answered with an error; see ``status``, ``platformCode``, ``platformContext``.
        package static let platformFailed = Code(value: .platformFailed)
        /// This object may not be read; the credentials are fine.
        package static let objectUnreadable = Code(value: .objectUnreadable)
        /// A walk over pages that repeats itself, shifts or never ends.
        package static let walkBroken = Code(value: .walkBroken)
        /// The platform's ids name other records than they did: to go on would mix them up, so the source stops.
        package static let identitiesChanged = Code(value: .identitiesChanged)

        /// No token is to be had for now, and without one no call goes: the source stops.
        package static let tokenUnavailable = Code(value: .tokenUnavailable)
        /// Nothing of the platform's API is at the configured address.
        package static let noAPI = Code(value: .noAPI)
        /// No connection can be trusted: certificate or protocol; trying again changes nothing.
        package static let insecure = Code(value: .insecure)

        package var description: String { value.rawValue }
    }

    /// The exit code a command ends with when this error ends its source.
    package enum ExitClass: Int32, Sendable {
        /// The platform or what it answered cannot be used.
        case sourceFailed = 69
        /// Later it may work: quota, long pause.
        case tryLater = 75
        /// Credentials refused.
        case credentialsRefused = 77
        /// Something configured cannot be used.
        case configuration = 78
    }

    /// What went wrong.
    package let code: Code
    /// Our own words, safe to print.
    package let message: String
    /// HTTP status of the answer, where there was one.
    package var status: Int?
    /// The platform's own error code, scrubbed.
    package var platformCode: String?
    /// The platform's own error context, scrubbed.
    package var platformContext: String?
    /// The platform's own message, scrubbed, at most 200 characters.
    package var platformMessage: String?
    /// Before this moment (µs since 1970 UTC) asking again is useless.
    package var notBeforeMicroseconds: Int64?
    /// Method and address of the request: origin, API root and path template, no arguments.
    package var request: String?
    /// The stream the request was made for.
    package var stream: String?
    /// Overrides the exit class that follows from the code.
    package var exitOverride: ExitClass?
    private let location: String

    package init(_ code: Code, _ message: String, file: String = #fileID, line: Int = #line) {
        self.code = code
        self.message = message
        self.location = "\(file):\(line)"
    }

    /// The exit code that follows.
    package var exitClass: ExitClass {
        if let exitOverride { return exitOverride }
        switch code {
        case .credentialsRefused: return .credentialsRefused
        case .quotaSpent, .pauseTooLong: return .tryLater
        case .invalidOrigin: return .configuration
        default: return .sourceFailed
        }
    }

    /// Whether the same request may succeed later without anybody changing anything.
    package var isRetryable: Bool {
        switch code {
        case .unreachable, .timedOut, .connectionLost, .badAnswer, .throttled, .quotaSpent, .pauseTooLong, .walkBroken,
            .tokenUnavailable:
            true
        default:
            false
        }
    }

    /// Whether the platform as a whole seems to be down: it did not answer, or answered that it cannot.
    package var isOutage: Bool {
        switch code {
        case .unreachable, .timedOut, .connectionLost, .badAnswer, .throttled: true
        default: status.map { $0 == 408 || $0 >= 500 } ?? false
        }
    }

    /// Whether the whole source must stop, not only this stream, course or learner.
    package var stopsSource: Bool {
        switch code {
        case .credentialsRefused, .quotaSpent, .pauseTooLong, .security, .invalidOrigin, .identitiesChanged,
            .tokenUnavailable, .noAPI, .insecure:
            true
        default: false
        }
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.message == right.message && left.status == right.status
            && left.platformCode == right.platformCode && left.platformContext == right.platformContext
            && left.platformMessage == right.platformMessage && left.request == right.request
            && left.notBeforeMicroseconds == right.notBeforeMicroseconds && left.stream == right.stream
    }
}

extension ExtractorError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        var parts = [request.map { "\(message): \($0)" } ?? message]
        if let status { parts.append("status \(status)") }
        if let platformCode { parts.append("code \(platformCode)") }
        if let platformContext { parts.append("context \(platformContext)") }
        if let platformMessage, platformMessage != message { parts.append("the platform says \"\(platformMessage)\"") }
        return parts.joined(separator: ", ")
    }

    package var debugDescription: String { "ExtractorError(\(self), at: \(location))" }
}
