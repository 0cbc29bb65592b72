import Extractor
import JSON

/// How answers of MATRIX are to be understood: the table of Sources/Platforms/Matrix/README.md §1.
struct MatrixRules: AnswerRules {
    /// What a good answer of the function looks like.
    enum Shape: Sendable {
        /// A bare array.
        case list
        /// `{"version": 1}`
        case version
    }

    let shape: Shape
    /// How long the host falls silent after a rate event, jitter left out.
    let ratePause: Duration

    /// So long after a rate event "Invalid API key" may be the pause speaking.
    private static let doubtAfterPause = Duration.seconds(120)

    init(_ shape: Shape = .list, ratePause: Duration) {
        self.shape = shape
        self.ratePause = ratePause
    }

    func judge(_ answer: Answer) -> Verdict {
        let message = Self.message(in: answer)
        switch answer.status {
        case 429:
            return .pauseHost(reason: message ?? "too many requests", atLeast: ratePause)
        case 200..<300:
            return judgeGood(answer, message)
        case 401:
            if let since = answer.sincePause, since <= Self.doubtAfterPause {
                return .pauseHost(reason: "unauthorized right after a rate event", atLeast: ratePause)
            }
            // Of calls on their way together, one may be told of the rate event and another, earlier, that the key is bad.
            if answer.followsGoodAnswer, answer.repetitions == 0 {
                return .retry(reason: "unauthorized with a key that was good")
            }
            return .credentialsDenied(reason: "the key is not accepted: check api_key, and that API access is enabled")
        case 400, 403, 503:
            return judgeRefusal(answer, message)
        case 408, 500...:
            return .retry(reason: message ?? "status \(answer.status)")
        // Every site has this function.
        case 404 where shape == .version, 405 where shape == .version, 410 where shape == .version:
            return .noAPI
        default:
            return .fail(PlatformFailure(message: message))
        }
    }

    /// A login page of the same host: wrong address, or API access is off.
    func judgeRedirect(_ answer: Answer) -> Verdict? {
        .credentialsDenied(reason: "the site leads to another page: check url, and that API access is enabled")
    }

    private func judgeGood(_ answer: Answer, _ message: String?) -> Verdict {
        guard let document = answer.document else {
            guard answer.isHTML || answer.contentType == "text/html" else {
                return .retry(reason: answer.documentFault ?? "the answer is empty")
            }
            return .credentialsDenied(
                reason: "the site answers with a web page: check url, and that API access is enabled"
            )
        }
        let hasShape = document.withRoot { root in
            switch shape {
            case .list: root.kind == .array
            case .version: root["version"]?.kind == .number
            }
        }
        if hasShape { return .good }
        // The vendor's own clients look for a message in good answers too.
        if message != nil { return judgeRefusal(answer, message) }
        return .retry(reason: "the answer is not what the function answers")
    }

    /// 400 is the catch-all: only its message tells a rate event from a function that fails.
    private func judgeRefusal(_ answer: Answer, _ message: String?) -> Verdict {
        if let message, Self.speaksOfRate(message) { return .pauseHost(reason: message, atLeast: ratePause) }
        if answer.status == 503 { return .retry(reason: message ?? "status 503") }
        if answer.repetitions == 0, answer.status != 403 { return .retry(reason: message ?? "status \(answer.status)") }
        return .fail(PlatformFailure(message: message))
    }

    private static func message(in answer: Answer) -> String? {
        answer.document?.withRoot { root in root["message"]?.string ?? root["error"]?.string }
    }

    /// Whether a message is about the rate limit: some word of it says rate, limit, exceed or throttle.
    static func speaksOfRate(_ message: String) -> Bool {
        message.lowercased().split { !$0.isLetter }.contains { word in
            word == "rate" || word == "rates" || word.hasPrefix("ratelimit") || word.hasPrefix("limit")
                || word.hasPrefix("exceed") || word.hasPrefix("throttl")
        }
    }

    /// Whether a message says that an id names nothing.
    static func speaksOfUnknown(_ message: String) -> Bool {
        let lowered = message.lowercased()
        return ["not found", "unknown", "exist", "no such", "could not find", "couldn't find", "invalid id"].contains {
            lowered.contains($0)
        } || lowered.hasPrefix("invalid") && !lowered.contains("key")
    }
}
