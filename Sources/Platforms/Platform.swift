package import Extractor
package import Logging

/// Everything one LMS needs: how to reach it, what to ask in which order, what its answers become.
///
/// A platform only decides. The run it is given asks the requests, stages the records and moves the watermarks.
package protocol Platform: Sendable {
    /// The kinds of source this connector serves.
    static var kinds: [KindDescription] { get }

    /// Prepares a connector for one source.
    ///
    /// - Throws: ``PlatformError`` where the settings contradict what the platform allows.
    init(settings: SourceSettings) throws

    /// Makes the client that all requests of the source go through: its origin, credentials and pace.
    func makeClient(_ parts: ClientParts) -> APIClient

    /// Makes the one cheap call by which `doctor` judges credentials and path.
    func probe(_ client: APIClient, connectorState: ConnectorState) async throws

    /// What the platform says it is, as far as its answers have told: kept in `sync.sources.identity`.
    func identity(_ connectorState: ConnectorState) -> [String: String]

    /// Looks, with a few cheap calls, for what the account may not see and what else a sync would miss.
    ///
    /// Asked by `doctor` after ``probe(_:connectorState:)`` went well.
    ///
    /// - Returns: One finding for each, with its remedy; none where nothing is missing.
    func inspect(_ client: APIClient, connectorState: ConnectorState) async throws -> [AccessFinding]

    /// Asks for some accounts, in one call, and says which fields of the school's own they have: what
    /// `learners.custom_fields` may name.
    ///
    /// - Returns: `nil` where the kind's names are fixed, or no account was shown.
    func accountFields(_ client: APIClient, connectorState: ConnectorState) async throws -> Set<String>?

    /// Reads everything, parents before children; called again with the same run state after an interruption.
    func baseline(_ run: some RunContext) async throws

    /// Reads what changed since the watermarks.
    func incremental(_ run: some RunContext) async throws

    /// Does what an increment does, then reads again every stream and partition that was not verified within `maxAge`,
    /// and so finds silent changes and deletions.
    ///
    /// What is verified is marked with its commit: a sweep that was stopped goes on when it is repeated with a `maxAge`.
    ///
    /// - Parameter maxAge: How old a verification may be to count; zero reads everything again.
    func sweep(_ run: some RunContext, maxAge: Duration) async throws

    /// Says what a baseline will cost, stream by stream, from the totals that the platform states, and from a few pages
    /// where it states none.
    func planBaseline(_ probe: some BaselineProbe) async throws -> Forecast

    /// Pulls what somebody wants to have current now, all its streams, with the fewest requests.
    ///
    /// The run keeps no watermark of it. What the platform does not have is noted (``RunContext/noteUnknown(_:)``).
    func pull(_ demand: OnDemand, _ run: some RunContext) async throws

    /// Reads what the extent asks for, as a sweep reads it, so that it can be compared with the warehouse; rows that the
    /// warehouse has and the platform does not are confirmed as for a deletion.
    func reconcile(_ run: some ReconcileContext) async throws

    /// Says which lists hold rejected records, so that they can be read again; rejects that no list can be asked for are left out.
    func retries(of rejects: [RejectedKey], _ run: some ReconcileContext) async throws -> [RetryRead]

    /// The tables whose changed rows decide what else an incremental run reads.
    var followedTables: [FollowedTable] { get }

    /// What follows from changed rows, by table name: re-pulls to queue, marks to keep.
    func followUps(of changes: [String: [ChangedRow]], _ run: some RunContext) async throws -> [StateChange]
}

extension Platform {
    package func identity(_ connectorState: ConnectorState) -> [String: String] { [:] }

    package func inspect(_ client: APIClient, connectorState: ConnectorState) async throws -> [AccessFinding] { [] }
    package func accountFields(_ client: APIClient, connectorState: ConnectorState) async throws -> Set<String>? { nil }
}

/// Something a sync would not see, as `doctor` shows it.
package struct AccessFinding: Sendable, Equatable {
    /// What is not seen.
    package let detail: String
    /// What gives it; `nil` where nothing has to be done.
    package let remedy: String?
    /// Whether no run can be whole until it is mended.
    package let isFailure: Bool

    package init(_ detail: String, remedy: String? = nil, isFailure: Bool = false) {
        self.detail = detail
        self.remedy = remedy
        self.isFailure = isFailure
    }
}

/// What a platform builds its client from.
package struct ClientParts: Sendable {
    /// Sends requests; the only way out.
    package var transport: any HTTPTransport
    /// One limiter a host, shared by all sources on it.
    package var limiters: RateLimiterRegistry
    package var policy: RetryPolicy
    package var time: any TimeSource
    package var random: any RandomSource
    /// Told of every call before it is sent.
    package var counter: RequestCounter
    /// What was learned about this source in earlier runs.
    package var connectorState: ConnectorState
    package var logger: Logger

    package init(
        transport: any HTTPTransport,
        limiters: RateLimiterRegistry,
        policy: RetryPolicy,
        time: any TimeSource,
        random: any RandomSource,
        counter: @escaping RequestCounter,
        connectorState: ConnectorState,
        logger: Logger
    ) {
        self.transport = transport
        self.limiters = limiters
        self.policy = policy
        self.time = time
        self.random = random
        self.counter = counter
        self.connectorState = connectorState
        self.logger = logger
    }
}
