package import Extractor
import JSON

/// The connector for MATRIX and NEO by CYPHER Learning, API 1.0: one GET for each function, no change feed.
package struct Matrix: Platform {
    package static let kinds: [KindDescription] = [
        KindDescription(
            kind: "matrix",
            title: "MATRIX",
            streams: [
                "courses", "learners", "enrollments", "progress", "certificates", "assessments", "grades",
                "organizations", "events",
            ],
            defaultStreams: [
                "courses", "learners", "enrollments", "progress", "certificates", "assessments", "grades",
                "organizations",
            ],
            impliedStreams: [
                "enrollments": ["courses", "learners"],
                "progress": ["courses", "learners", "enrollments"],
                "certificates": ["courses", "learners", "enrollments", "progress"],
                "assessments": ["courses"],
                "grades": ["courses", "learners", "enrollments", "assessments"],
                "events": ["learners"],
            ],
            sharedStreams: [["enrollments", "progress"]],
            selfContainedStreams: ["learners", "organizations", "certificates", "events"],
            defaultRequestsPerSecond: 1.5,
            largestRequestsPerSecond: 1.9,
            defaultCustomFields: .none,
            credentialSets: [["api_key"]],
            scope: CourseVocabulary(
                ["availability", "include", "exclude"],
                statusByWord: ["available": "active"]
            ),
            options: MatrixOptions.descriptions,
            data: data,
            customFields: CustomFieldVocabulary(
                standard: UserMembers.kept.union(UserMembers.keptWhenNamed),
                isNeverKept: MatrixLearnerFields.isNeverKept
            )
        )
    ]

    let settings: SourceSettings
    let options: MatrixOptions
    let origin: APIOrigin
    private let calls: MatrixCalls

    package init(settings: SourceSettings) throws {
        self.settings = settings
        var options = try MatrixOptions(settings.options)
        let (origin, path) = try APIOrigin.split(settings.url)
        // A pasted address may go on with the API's own path.
        options.apiRoot = (path.hasSuffix("/api") ? String(path.dropLast(4)) : path) + options.apiRoot
        self.options = options
        self.origin = origin
        calls = MatrixCalls(
            key: settings.credentials.apiKey ?? Secret(""),
            sendsForm: options.sendsForm,
            paths: options.paths
        )
    }

    package var followedTables: [FollowedTable] { MatrixFollowed.tables }

    package func baseline(_ run: some RunContext) async throws {
        try await MatrixBaseline(makeLists: { lists(run) }, run: run).read()
    }

    package func incremental(_ run: some RunContext) async throws {
        try await MatrixIncremental(makeLists: { lists(run) }, options: options, sweep: nil, run: run)
            .read()
    }

    package func sweep(_ run: some RunContext, maxAge: Duration) async throws {
        try await MatrixIncremental(
            makeLists: { lists(run) },
            options: options,
            sweep: MatrixSweep(maxAge: maxAge),
            run: run
        ).read()
    }

    package func planBaseline(_ probe: some BaselineProbe) async throws -> Forecast {
        try await MatrixForecast(lists: lists(probe), probe: probe).forecast()
    }

    package func pull(_ demand: OnDemand, _ run: some RunContext) async throws {
        let plan = MatrixIncremental(
            makeLists: { lists(run) },
            options: options,
            sweep: nil,
            run: run
        )
        try await MatrixOnDemand(plan: plan, run: run).read(demand)
    }

    package func reconcile(_ run: some ReconcileContext) async throws {
        try await MatrixReconciliation(makeLists: { lists(run) }, options: options, run: run)
            .read()
    }

    package func retries(of rejects: [RejectedKey], _ run: some ReconcileContext) async throws -> [RetryRead] {
        try await MatrixRetries(makeLists: { lists(run) }, options: options, run: run)
            .reads(of: rejects)
    }

    package func followUps(of changes: [String: [ChangedRow]], _ run: some RunContext) async throws -> [StateChange] {
        try await MatrixFollowUps(run: run).decide(changes)
    }

    package func makeClient(_ parts: ClientParts) -> APIClient {
        var policy = parts.policy
        // Five tries after 2, 4 … seconds; every silence is as long as the vendor's own, and some jitter.
        policy.callTries = min(policy.callTries, 5)
        policy.firstCallDelay = policy.firstCallDelay * 2
        policy.firstPause = options.ratePause
        policy.longestPause = options.ratePause
        policy.pauseJitter = Self.pauseJitter
        return APIClient(
            origin: origin,
            root: options.apiRoot,
            apiName: "MATRIX",
            transport: parts.transport,
            limiter: parts.limiters.limiter(
                for: origin,
                limits: RateLimits(
                    perSecond: settings.requestsPerSecond,
                    burst: 1,
                    inFlight: settings.concurrency,
                    perDay: settings.requestsPerDay,
                    pausesUntilSlower: 5
                ),
                time: parts.time
            ),
            policy: policy,
            time: parts.time,
            random: parts.random,
            secrets: [settings.credentials.apiKey].compactMap { $0 },
            probe: HostProbe(
                calls.request(.version, stream: "courses"),
                rules: MatrixRules(.version, ratePause: options.ratePause)
            ),
            counter: parts.counter,
            logger: parts.logger
        )
    }

    /// Ten seconds on top of the 65 of Sources/Platforms/Matrix/README.md §1.
    private static let pauseJitter = 10.0 / 65

    package func probe(_ client: APIClient, connectorState: ConnectorState) async throws {
        _ = try await client.fetch(
            calls.request(.version, stream: "courses"),
            rules: MatrixRules(.version, ratePause: options.ratePause)
        )
    }

    package func accountFields(_ client: APIClient, connectorState: ConnectorState) async throws -> Set<String>? {
        let paging = MatrixPaging(calls, .allUsers, stream: "learners")
        let page = try await client.fetch(paging.first, rules: MatrixRules(ratePause: options.ratePause))
        return page.document.withRoot { root in
            guard root.count > 0 else { return nil }
            return Set(root.elements.flatMap { $0.members.map(\.0.string) })
        }
    }

    package func inspect(_ client: APIClient, connectorState: ConnectorState) async throws -> [AccessFinding] {
        try await MatrixInspection(
            client: client,
            calls: calls,
            options: options,
            streams: Set(Self.kinds[0].completed(settings.streams))
        ).findings()
    }

    private func lists(_ run: some RunContext) -> MatrixLists {
        MatrixLists(
            calls: calls,
            options: options,
            mapping: MatrixMapping(settings: settings, now: run.serverNow),
            log: run.log
        )
    }
}
