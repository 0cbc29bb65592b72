package import Logging

/// The only way to a platform's data: credentials, pacing, retries, judgement.
///
/// A copy is cheap. All clients of one host share its ``RateLimiter``.
package struct APIClient: Sendable {
    /// Where every request goes.
    package var origin: APIOrigin { shared.origin }
    /// The path in front of every template, `""` or `/…`.
    package var root: String { shared.root }

    let shared: Shared
    let kind: RequestEvent.Kind
    let credentials: (any Credentialing)?

    /// What all copies have in common.
    final class Shared: Sendable {
        let origin: APIOrigin
        let root: String
        let commonHeaders: [(String, String)]
        let transport: any HTTPTransport
        let limiter: RateLimiter
        let policy: RetryPolicy
        let limits: AnswerLimits
        let time: any TimeSource
        let random: any RandomSource
        let secrets: [Secret]
        let quotaHeaders: QuotaHeaders?
        let probe: HostProbe?
        let counter: RequestCounter?
        let logger: Logger

        init(
            origin: APIOrigin,
            root: String,
            commonHeaders: [(String, String)],
            transport: any HTTPTransport,
            limiter: RateLimiter,
            policy: RetryPolicy,
            limits: AnswerLimits,
            time: any TimeSource,
            random: any RandomSource,
            secrets: [Secret],
            quotaHeaders: QuotaHeaders?,
            probe: HostProbe?,
            counter: RequestCounter?,
            logger: Logger
        ) {
            self.origin = origin
            self.root = root
            self.commonHeaders = commonHeaders
            self.transport = transport
            self.limiter = limiter
            self.policy = policy
            self.limits = limits
            self.time = time
            self.random = random
            self.secrets = secrets
            self.quotaHeaders = quotaHeaders
            self.probe = probe
            self.counter = counter
            self.logger = logger
        }
    }

    /// Makes a client without credentials; see ``authenticated(by:)``.
    ///
    /// `root` is the API's path on the host (`/admin/api`), in front of every template. `commonHeaders` go with every
    /// call, token calls too; `Accept: application/json` and a user agent are added. `secrets` are what must never
    /// show in a message: client secret, key. `quotaHeaders` names the headers that say how a daily quota stands; `probe`
    /// is asked first, and alone, after the host was silenced. `counter` is told of every call before it is sent.
    package init(
        origin: APIOrigin,
        root: String = "",
        commonHeaders: [(String, String)] = [],
        transport: any HTTPTransport,
        limiter: RateLimiter,
        policy: RetryPolicy = RetryPolicy(),
        limits: AnswerLimits = AnswerLimits(),
        time: any TimeSource = SystemTime(),
        random: any RandomSource = SystemRandom(),
        secrets: [Secret] = [],
        quotaHeaders: QuotaHeaders? = nil,
        probe: HostProbe? = nil,
        counter: RequestCounter? = nil,
        logger: Logger
    ) {
        shared = Shared(
            origin: origin,
            root: root,
            commonHeaders: [("Accept", "application/json"), ("User-Agent", "registrar")] + commonHeaders,
            transport: transport,
            limiter: limiter,
            policy: policy,
            limits: limits,
            time: time,
            random: random,
            secrets: secrets,
            quotaHeaders: quotaHeaders,
            probe: probe,
            counter: counter,
            logger: logger
        )
        kind = .data
        credentials = nil
    }

    private init(shared: Shared, kind: RequestEvent.Kind, credentials: (any Credentialing)?) {
        self.shared = shared
        self.kind = kind
        self.credentials = credentials
    }

    /// Returns a client whose every call carries what `credentials` gives out.
    package func authenticated(by credentials: any Credentialing) -> APIClient {
        APIClient(shared: shared, kind: .data, credentials: credentials)
    }

    /// Returns a client without credentials whose calls count as token calls.
    func forTokenCalls() -> APIClient {
        APIClient(shared: shared, kind: .token, credentials: nil)
    }

    /// Asks until `rules` are satisfied with an answer or nothing more can be done.
    ///
    /// Every call waits for the host's limiter, is counted, and is repeated as ``RetryPolicy`` and the rules say.
    /// Throws ``ExtractorError``, or `CancellationError` when the task is cancelled, in every phase.
    package func fetch(_ request: APIRequest, rules: some AnswerRules = StatusRules()) async throws -> Page {
        var call = PendingCall(client: self, request: request)
        return try await call.run(rules: rules)
    }

    /// How many calls may still be made so that the host's daily quota, refilled evenly, lasts; `nil` without a quota.
    package var allowance: Int? { shared.limiter.allowance }

    /// The calls of the host's daily quota in 24 hours, its reserve apart; `nil` without a quota.
    package var usablePerDay: Int? { shared.limiter.usablePerDay }

    /// Adds calls that an earlier process made for a source to the host's day, once for each source.
    package func restoreDay(of source: String, _ calls: DayCalls) {
        shared.limiter.restoreDay(calls.calls, for: source)
    }

    /// Turns a link of `page` into the next request; see ``NextLink``.
    package func resolve(
        link: String,
        following request: APIRequest,
        adding arguments: [(String, String)] = []
    ) throws(ExtractorError) -> APIRequest {
        try NextLink.resolve(link, origin: origin, root: root, following: request, adding: arguments)
    }
}

/// Limits of one call and its answer.
package struct AnswerLimits: Sendable {
    /// Largest answer.
    package var bytes = 32 << 20
    /// Head and body together, from the moment the request is sent.
    package var time = Duration.seconds(120)

    package init() {}
}
