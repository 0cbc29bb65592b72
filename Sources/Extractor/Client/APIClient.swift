package import Logging
import Synchronization

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
    /// When a call was last sent, for whoever counts a token's life from there.
    let lastSend: LastSend?

    /// What all copies have in common.
    final class Shared: Sendable {
        let origin: APIOrigin
        let root: String
        let apiName: String
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
        /// Whether any call was answered as it should be.
        let hasGoodAnswer = Atomic<Bool>(false)

        init(
            origin: APIOrigin,
            root: String,
            apiName: String,
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
            self.apiName = apiName
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
    /// `root` is the API's path on the host (`/admin/api`), in front of every template; `apiName` is what its users call the
    /// platform. `commonHeaders` go with every
    /// call, token calls too; `Accept: application/json` and a user agent are added. `secrets` are what must never
    /// show in a message: client secret, key. `quotaHeaders` names the headers that say how a daily quota stands; `probe`
    /// is asked first, and alone, after the host was silenced. `counter` is told of every call before it is sent.
    package init(
        origin: APIOrigin,
        root: String = "",
        apiName: String = "platform",
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
            apiName: apiName,
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
        lastSend = nil
    }

    private init(
        shared: Shared,
        kind: RequestEvent.Kind,
        credentials: (any Credentialing)?,
        lastSend: LastSend? = nil
    ) {
        self.shared = shared
        self.kind = kind
        self.credentials = credentials
        self.lastSend = lastSend
    }

    /// Returns a client whose every call carries what `credentials` gives out.
    package func authenticated(by credentials: any Credentialing) -> APIClient {
        APIClient(shared: shared, kind: .data, credentials: credentials)
    }

    /// Returns a client without credentials whose calls count as token calls.
    func forTokenCalls() -> APIClient {
        APIClient(shared: shared, kind: .token, credentials: nil, lastSend: LastSend())
    }

    /// Sleeps, and says so where the wait is long enough to be taken for a hang.
    package func wait(for duration: Duration, because reason: String) async throws {
        shared.tellWait(duration, because: reason, [:])
        try await shared.time.sleep(for: duration)
    }

    /// The error that says that the platform's API is not where it is looked for; `status` is what was answered there.
    package func noAPI(status: Int?) -> ExtractorError {
        var error = ExtractorError(
            .noAPI,
            "no \(shared.apiName) API at \(shared.origin.text)\(shared.root): check url (or options.api_root)"
        )
        error.status = status
        return error
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

extension APIClient.Shared {
    /// Waits from here on are told.
    private static let longWait = Duration.seconds(5)

    /// Tells of a wait, from 5 s on to everybody.
    func tellWait(_ duration: Duration, because reason: String, _ metadata: Logger.Metadata) {
        var metadata = metadata
        metadata["seconds"] = .stringConvertible((duration.inSeconds * 10).rounded() / 10)
        metadata["host"] = metadata["host"] ?? "\(origin.text)"
        logger.log(level: duration >= Self.longWait ? .notice : .debug, "waiting: \(reason)", metadata: metadata)
    }
}

/// The moment (monotonic) at which a call of a client was last sent.
final class LastSend: Sendable {
    private let moment = Mutex<Duration?>(nil)

    func note(_ now: Duration) { moment.withLock { $0 = now } }

    var value: Duration? { moment.withLock { $0 } }
}

/// Limits of one call and its answer.
package struct AnswerLimits: Sendable {
    /// Largest answer.
    package var bytes = 32 << 20
    /// Head and body together, from the moment the request is sent.
    package var time = Duration.seconds(120)

    package init() {}
}
