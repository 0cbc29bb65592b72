import Extractor
import JSON

/// How answers of Blackboard Learn are to be understood: the table of Sources/Platforms/Blackboard/README.md §1.
struct BlackboardRules: AnswerRules {
    /// What a good answer of the request looks like, and what its refusals mean.
    enum Shape: Sendable {
        /// `{"results": [...], "paging": {...}}`
        case list
        /// The same, where a row that the list lacks is looked into: whatever refuses it is an error.
        case wholeList
        /// A list of grades: 204, 404 and an empty body say that nothing is graded yet.
        case grades
        /// One object.
        case object
        /// One object that may be gone by now, which is then an answer too.
        case verification
        /// What the connector can do without: any refusal reads as nothing.
        case optional
    }

    let shape: Shape
    /// The list's name in `options.page_size` and in the connector's state.
    let list: String
    let connectorState: ConnectorState

    init(_ shape: Shape, list: String, connectorState: ConnectorState) {
        self.shape = shape
        self.list = list
        self.connectorState = connectorState
    }

    func judge(_ answer: Answer) -> Verdict {
        switch answer.status {
        case 204: return shape == .grades ? .empty : .retry(reason: "the answer is empty")
        case 200..<300: return judgeGood(answer)
        case 401: return .credentialsRefused(reason: "the platform no longer accepts the token")
        case 429: return .pauseHost(reason: "too many requests")
        case 408, 500...: return .retry(reason: "status \(answer.status)")
        default: return judgeRefusal(answer)
        }
    }

    private func judgeGood(_ answer: Answer) -> Verdict {
        guard let document = answer.document else {
            if shape == .grades, answer.isEmpty { return .empty }
            return .retry(
                reason: answer.isHTML
                    ? "the answer is a web page: check url and options.api_root"
                    : answer.documentFault ?? "the answer is empty"
            )
        }
        let hasShape = document.withRoot { root in
            switch shape {
            case .list, .wholeList: root["results"]?.kind == .array
            // "Nothing yet" has several spellings, an object without members among them.
            case .grades: root["results"]?.kind == .array || (root.kind == .object && root.count == 0)
            case .object, .verification, .optional: root.kind == .object
            }
        }
        return hasShape ? .good : .retry(reason: "the answer lacks its results")
    }

    private func judgeRefusal(_ answer: Answer) -> Verdict {
        let complaint = BlackboardComplaint(answer)
        if complaint.concernsApplication, answer.status == 403 || answer.status == 404 {
            return .credentialsDenied(
                reason: "the application is not enabled on this Learn site: check Administrator > REST API Integrations"
            )
        }
        switch answer.status {
        case 400:
            learn(from: complaint, answer)
            return shape == .optional ? .empty : .fail(complaint.failure)
        case 403 where list == BlackboardLists.users:
            // The documented way around it: learners come with the memberships.
            connectorState[Self.usersRefused] = "yes"
            return shape == .wholeList ? .fail(complaint.failure) : .empty
        case 404 where shape == .grades || shape == .verification: return .empty
        default: return shape == .optional ? .empty : .fail(complaint.failure)
        }
    }

    /// Remembers what the platform says it does not accept, so that it is not asked for again.
    private func learn(from complaint: BlackboardComplaint, _ answer: Answer) {
        if let limit = complaint.largestLimit {
            connectorState[Self.pageLimit(of: list)] = String(limit)
            return
        }
        // What the message says of a name is said of that name, not of the filter.
        let filters = answer.request.query.filter { argument in
            guard case .plain(let value) = argument.value else { return false }
            return !value.hasPrefix(CourseFilter.ExternalName.prefix)
        }.map(\.name)
        var refused = filters.filter(complaint.names(parameter:))
        // Without a word of what is wrong, it is what can be done without.
        if refused.isEmpty, list == "courses" { refused = filters.filter(CourseQueries.filters.contains) }
        for name in refused { connectorState.insert(Self.filter(name, of: list), in: Self.refusedFilters) }
    }

    /// Whether the site refuses the list of all users to this account.
    static let usersRefused = "users_refused"
    /// When the site was last asked for that list although it had refused it.
    static let usersAskedAt = "users_asked_at"
    static let refusedFilters = "refused_filters"

    /// Where the largest accepted limit of a list is remembered.
    static func pageLimit(of list: String) -> String { "page_limit.\(list)" }
    /// How a filter of a list is named in the connector's state.
    static func filter(_ name: String, of list: String) -> String { "\(list).\(name)" }
}

/// What an error answer says of itself: `status`, `code`, `message`, `developerMessage`.
struct BlackboardComplaint {
    private var code: String?
    private var message: String?
    private var developerMessage: String?

    init(_ answer: Answer) {
        answer.document?.withRoot { root in
            guard root.kind == .object else { return }
            code = root["code"].flatMap { $0.string ?? $0.numberToken } ?? root["error"]?.string
            message = root["message"]?.string ?? root["error_description"]?.string
            developerMessage = root["developerMessage"]?.string
        }
    }

    /// N of `Paging limit may not exceed N`.
    var largestLimit: Int? {
        for text in [message, developerMessage] {
            guard let text, let phrase = text.lowercased().firstRange(of: "limit may not exceed") else { continue }
            let rest = text.lowercased()[phrase.upperBound...].drop { !$0.isNumber }
            if let limit = Int(rest.prefix { $0.isNumber }), limit > 0 { return limit }
        }
        return nil
    }

    /// Whether the application itself is refused, not an object or privilege.
    var concernsApplication: Bool {
        let text = texts
        return text.contains("application")
            && (text.contains("disabled") || text.contains("not enabled")
                || text.contains("not found") || text.contains("not registered") || text.contains("not available"))
    }

    /// Whether the message complains of the query parameter `name`.
    func names(parameter name: String) -> Bool {
        guard !["limit", "offset", "fields"].contains(name) else { return false }
        let text = texts
        let isComplaint = ["param", "unknown", "unrecognized", "unsupported", "not supported", "not allowed", "filter"]
            .contains { text.contains($0) }
        return isComplaint && text.contains(name.lowercased())
    }

    var failure: PlatformFailure {
        PlatformFailure(code: code, message: message ?? developerMessage)
    }

    private var texts: String { [message, developerMessage].compactMap { $0?.lowercased() }.joined(separator: " ") }
}
