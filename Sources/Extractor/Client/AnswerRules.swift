/// How a platform's answers are to be understood.
package protocol AnswerRules: Sendable {
    /// Judges one answer; called once for each, in any task.
    ///
    /// Redirects never reach this: the client follows none.
    func judge(_ answer: Answer) -> Verdict
    /// Judges a redirect that stays on the host, such as one to a login page; `nil` leaves it to the client, for which
    /// it is a bad answer.
    func judgeRedirect(_ answer: Answer) -> Verdict?
}

extension AnswerRules {
    package func judgeRedirect(_ answer: Answer) -> Verdict? { nil }
}

extension AnswerRules {
    /// What the status alone says, for everything a platform has no rule of its own for.
    ///
    /// 2xx with a document is good, without one worth another try; 429 silences the host; 408 and 5xx repeat the call;
    /// 401 is a refused token; any other status fails.
    package func judgeByStatus(_ answer: Answer) -> Verdict {
        switch answer.status {
        case 200..<300:
            if answer.document != nil { return .good }
            return .retry(reason: answer.documentFault ?? "the answer is empty")
        case 429: return .pauseHost(reason: "too many requests")
        case 401: return .credentialsRefused(reason: "the platform no longer accepts the token")
        case 408, 500..<600: return .retry(reason: "status \(answer.status)")
        default: return .fail(PlatformFailure())
        }
    }
}

/// Rules for a platform that only speaks through HTTP's status.
package struct StatusRules: AnswerRules {
    package init() {}

    package func judge(_ answer: Answer) -> Verdict { judgeByStatus(answer) }
}
