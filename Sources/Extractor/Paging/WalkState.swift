/// The decisions of a walk over pages, without I/O.
struct WalkState {
    enum Step {
        case fetch(APIRequest, number: Int)
        case done
    }

    enum Outcome {
        case deliver(PageInfo)
        case fetchAgain
        case end
    }

    private let rule: any PagingRule
    private var next: Step
    private var hasAskedAgain = false
    private var delivered = 0
    private var followed: Set<Int> = []
    private var lastHash: Int?
    /// Pages in all as the newest page states them.
    private(set) var totalPages: Int?
    /// The largest page so far, in bytes.
    private(set) var largestPage = 0

    init(rule: any PagingRule) {
        self.rule = rule
        next = .fetch(Self.prepared(rule.first, rule), number: 1)
        followed.insert(rule.first.fingerprint())
    }

    /// What to fetch for the next page.
    var step: Step { next }

    /// The request for page `number`.
    func request(forPage number: Int) -> APIRequest {
        Self.prepared(rule.request(forPage: number), rule)
    }

    /// Takes in the page fetched for the current step.
    mutating func accept(_ page: Page) throws(ExtractorError) -> Outcome {
        guard case .fetch(let request, let number) = next else { return .end }
        largestPage = max(largestPage, page.byteCount)
        let info: PageInfo
        switch rule.read(page, asked: number) {
        case .page(let read): info = read
        case .pastEnd:
            next = .done
            return .end
        case .askAgain(let reason, let otherwise):
            guard hasAskedAgain else {
                hasAskedAgain = true
                return .fetchAgain
            }
            guard let otherwise else { throw broken(reason, request) }
            info = otherwise
        case .broken(let error): throw error
        }
        hasAskedAgain = false
        if rule.refusesEqualPages {
            guard page.bodyHash != lastHash else { throw broken("the platform answered the same page twice", request) }
            lastHash = page.bodyHash
        }
        totalPages = info.totalPages
        delivered += 1
        try advance(info, from: number, request)
        return .deliver(info)
    }

    private mutating func advance(_ info: PageInfo, from number: Int, _ request: APIRequest) throws(ExtractorError) {
        switch info.next {
        case .end: next = .done
        case .page(let following):
            // Numbers that only grow cannot repeat, so nothing has to be remembered.
            guard following > number else { throw broken("the page after this one is an earlier one", request) }
            try checkCap(request)
            next = .fetch(self.request(forPage: following), number: following)
        case .request(let following):
            try checkCap(request)
            guard followed.insert(following.fingerprint()).inserted else {
                throw broken("the link to the next page was followed before", request)
            }
            next = .fetch(Self.prepared(following, rule), number: number + 1)
        }
    }

    private func checkCap(_ request: APIRequest) throws(ExtractorError) {
        guard delivered < rule.pageCap else { throw broken("the list has more than \(rule.pageCap) pages", request) }
    }

    private func broken(_ reason: String, _ request: APIRequest) -> ExtractorError {
        var error = ExtractorError(.walkBroken, reason)
        error.request = request.description
        error.stream = request.stream
        return error
    }

    private static func prepared(_ request: APIRequest, _ rule: any PagingRule) -> APIRequest {
        guard rule.refusesEqualPages else { return request }
        var copy = request
        copy.hashesBody = true
        return copy
    }
}
