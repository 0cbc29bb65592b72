import Extractor
import JSON

/// How answers of Grow and LearnWorlds are to be understood: the table of Sources/Platforms/LearnWorlds/README.md §1.
struct LearnWorldsRules: AnswerRules {
    /// What a good answer of the request looks like.
    enum Shape: Sendable {
        /// `{"data": [...], "meta": {...}}`
        case list
        /// One object.
        case object
    }

    let shape: Shape
    /// Whether what the list belongs to was itself listed by the platform in this run.
    let parentIsKnown: Bool
    /// Whether the request is for the catalogue itself, without which nothing works.
    let isCatalogue: Bool
    /// Whether the object may be gone by now, which is then an answer too.
    let isEmptyWhenMissing: Bool
    let connectorState: ConnectorState

    init(
        _ shape: Shape,
        parentIsKnown: Bool = false,
        isCatalogue: Bool = false,
        isEmptyWhenMissing: Bool = false,
        connectorState: ConnectorState
    ) {
        self.shape = shape
        self.parentIsKnown = parentIsKnown
        self.isCatalogue = isCatalogue
        self.isEmptyWhenMissing = isEmptyWhenMissing
        self.connectorState = connectorState
    }

    func judge(_ answer: Answer) -> Verdict {
        let complaint = answer.document.map(Complaint.init) ?? Complaint()
        if complaint.isAccessDenied, answer.status != 401 {
            return .credentialsRefused(reason: "the platform no longer accepts the token")
        }
        switch answer.status {
        case 429:
            return .pauseHost(reason: "too many requests")
        case 408, 500...:
            return .retry(reason: "status \(answer.status)")
        case 401:
            return judgeUnauthorized(answer, complaint)
        case 400 where complaint.concernsClient:
            return .credentialsDenied(reason: "the client header is missing or wrong: check client_id")
        case 404 where isCatalogue && !isThere(answer, complaint):
            return .noAPI
        case 403 where isCatalogue, 404 where isCatalogue:
            return .credentialsDenied(
                reason:
                    "the course list is closed to this client: is API access part of the school's plan and switched on?"
            )
        case 404:
            return judgeMissing(answer, complaint)
        case 200..<300:
            return judgeGood(answer, complaint)
        default:
            return .fail(complaint.failure)
        }
    }

    /// Whether something else than this answer shows that the API is here: a token that it gave out, an answer it gave
    /// before, or the shape of its errors.
    private func isThere(_ answer: Answer, _ complaint: Complaint) -> Bool {
        answer.tokenAge != nil || complaint.isFailure || !connectorState.list(Self.provenPaths).isEmpty
    }

    /// 401 may mean an invalid object id: the token is at fault only if the answer says so or the token is not new.
    private func judgeUnauthorized(_ answer: Answer, _ complaint: Complaint) -> Verdict {
        if complaint.isAccessDenied { return .credentialsRefused(reason: "the platform no longer accepts the token") }
        if let age = answer.tokenAge, age > .seconds(60), !answer.isRepeatedWithNewToken {
            return .credentialsRefused(reason: "the platform no longer accepts the token")
        }
        return .objectUnreadable(reason: "status 401")
    }

    /// An empty list is 404 here, and so are a deleted object and a wrong path: only a proven path or a listed parent
    /// makes the answer empty.
    private func judgeMissing(_ answer: Answer, _ complaint: Complaint) -> Verdict {
        if isEmptyWhenMissing { return .empty }
        if shape == .list && parentIsKnown || connectorState.contains(answer.request.pathTemplate, in: Self.provenPaths)
        {
            return .empty
        }
        return .fail(complaint.failure)
    }

    private func judgeGood(_ answer: Answer, _ complaint: Complaint) -> Verdict {
        guard let document = answer.document else {
            return .retry(
                reason: answer.isHTML
                    ? "the answer is a web page: check url and options.api_root"
                    : answer.documentFault ?? "the answer is empty"
            )
        }
        if complaint.isFailure { return .retry(reason: complaint.summary) }
        let hasShape = document.withRoot { root in
            switch shape {
            case .list: root["data"]?.kind == .array
            case .object: root.kind == .object
            }
        }
        guard hasShape else { return .retry(reason: "the answer lacks its data") }
        connectorState.insert(answer.request.pathTemplate, in: Self.provenPaths)
        return .good
    }

    /// The name of the list of paths that have answered 200, in the connector's state.
    static let provenPaths = "proven_paths"
}

/// What an error answer says of itself: `errors[].context`, `.message`, or the other shape `{"error": "text"}`.
private struct Complaint {
    private(set) var isFailure = false
    private var code: String?
    private var context: String?
    private var message: String?

    init() {}

    init(_ document: JSONDocument) {
        document.withRoot { root in
            guard root.kind == .object else { return }
            isFailure = root["success"]?.bool == false
            if let errors = root["errors"], errors.kind == .array,
                let first = errors.elements.first(where: { _ in true })
            {
                isFailure = true
                code = first["code"].flatMap { $0.string ?? $0.numberToken }
                context = first["context"]?.string
                message = first["message"]?.string
            } else if let text = root["error"]?.string {
                isFailure = true
                context = text
                message = root["error_description"]?.string
            }
        }
    }

    var isAccessDenied: Bool { isFailure && context == "access_denied" }

    var concernsClient: Bool {
        [code, context].contains { $0?.contains("client_id") == true }
            || message?.lowercased().contains("client_id") == true
    }

    var summary: String {
        ["success is false", context, message].compactMap { $0 }.joined(separator: ": ")
    }

    var failure: PlatformFailure {
        PlatformFailure(code: code, context: context, message: message)
    }
}
