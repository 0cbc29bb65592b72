package import Extractor

/// The connector for Blackboard Learn, by its public REST API.
package struct Blackboard: Platform {
    package static let kinds: [KindDescription] = [
        KindDescription(
            kind: "blackboard",
            title: "Blackboard Learn",
            streams: streams,
            defaultStreams: streams.filter { $0 != "assessment_responses" },
            impliedStreams: [
                "enrollments": ["courses", "learners"],
                "progress": ["courses", "enrollments"],
                "assessments": ["courses"],
                "grades": ["courses", "enrollments", "assessments"],
                "assessment_responses": ["courses", "enrollments", "assessments", "grades"],
            ],
            // Their names are the courses' categories.
            accompanyingStreams: ["courses": ["terms"]],
            selfContainedStreams: ["terms", "learners"],
            defaultRequestsPerSecond: 5,
            defaultRequestsPerDay: 10_000,
            credentialSets: [["client_id", "client_secret"]],
            scope: CourseVocabulary(
                statusByWord: [
                    "available": "active", "Yes": "active", "Term": "active", "No": "unavailable",
                    "Disabled": "archived",
                ],
                dataSourceField: "dataSourceId",
                namesTermAsCategory: true,
                followsParent: true
            ),
            options: BlackboardOptions.descriptions,
            data: data,
            customFields: CustomFieldVocabulary(names: customFieldNames)
        )
    ]

    private static let streams = [
        "terms", "courses", "learners", "enrollments", "assessments", "grades", "progress", "assessment_responses",
    ]

    let settings: SourceSettings
    let options: BlackboardOptions
    let origin: APIOrigin
    private let activity = CourseActivity()

    package init(settings: SourceSettings) throws {
        self.settings = settings
        var options = BlackboardOptions(settings.options)
        let (origin, path) = try APIOrigin.split(settings.url)
        // A pasted address may go on with the API's own path, or with that of a page for people.
        let isConfigured = settings.options[BlackboardOptionKeys.declared.apiRoot.name] != nil
        if !isConfigured, !path.isEmpty, path.hasSuffix(options.apiRoot) {
            options.apiRoot = path
        }
        self.options = options
        self.origin = origin
    }

    package var followedTables: [FollowedTable] { BlackboardFollowUps.followedTables }

    package func baseline(_ run: some RunContext) async throws {
        try await BlackboardBaseline(context: context(run)).read()
    }

    package func incremental(_ run: some RunContext) async throws {
        try await BlackboardIncremental(context: context(run)).read()
    }

    package func sweep(_ run: some RunContext, maxAge: Duration) async throws {
        // Every part is read by its age anyway: a sweep is a cycle with smaller bounds, and without the day's share.
        var context = context(run, options.capped(at: maxAge))
        context.sweepAge = maxAge
        try await BlackboardIncremental(context: context).read()
    }

    package func planBaseline(_ probe: some BaselineProbe) async throws -> Forecast {
        try await BlackboardPlan(context: context(probe)).forecast()
    }

    package func pull(_ demand: OnDemand, _ run: some RunContext) async throws {
        try await BlackboardOnDemand(context: context(run)).read(demand)
    }

    package func reconcile(_ run: some ReconcileContext) async throws {
        try await BlackboardReconciliation(context: context(run)).read()
    }

    package func retries(of rejects: [RejectedKey], _ run: some ReconcileContext) async throws -> [RetryRead] {
        try await BlackboardRetries(context: context(run)).reads(of: rejects)
    }

    package func followUps(of changes: [String: [ChangedRow]], _ run: some RunContext) async throws -> [StateChange] {
        try await BlackboardFollowUp(activity: activity, streams: streamsOn, run: run).decide(changes)
    }

    package func makeClient(_ parts: ClientParts) -> APIClient {
        let client = APIClient(
            origin: origin,
            root: options.apiRoot,
            apiName: "Blackboard",
            transport: parts.transport,
            limiter: parts.limiters.limiter(
                for: origin,
                limits: RateLimits(
                    perSecond: settings.requestsPerSecond,
                    inFlight: settings.concurrency,
                    perDay: settings.assumesRequestsPerDay ? nil : settings.requestsPerDay,
                    assumedPerDay: settings.assumesRequestsPerDay ? settings.requestsPerDay : nil,
                    dayReserve: options.quotaReserve
                ),
                time: parts.time
            ),
            policy: parts.policy,
            time: parts.time,
            random: parts.random,
            secrets: [settings.credentials.clientSecret].compactMap { $0 },
            quotaHeaders: QuotaHeaders(limit: "X-Rate-Limit-Limit", remaining: "X-Rate-Limit-Remaining"),
            counter: parts.counter,
            logger: parts.logger
        )
        let minting = BlackboardTokens(settings: settings, options: options)
        // Asking early brings the same token again: it is used until it has run out.
        return client.authenticated(
            by: TokenSource(minting: minting, client: client, renewal: .atEnd(margin: .seconds(5)))
        )
    }

    package func probe(_ client: APIClient, connectorState: ConnectorState) async throws {
        let path = "/v3/courses"
        let request = APIRequest(
            .get,
            options.paths[path] ?? path,
            query: [("limit", "1"), ("fields", "id")],
            stream: "courses"
        )
        _ = try await client.fetch(
            request,
            rules: BlackboardRules(.list, list: "courses", connectorState: connectorState)
        )
    }

    package func identity(_ connectorState: ConnectorState) -> [String: String] {
        connectorState["version"].map { ["release": $0] } ?? [:]
    }

    package func inspect(_ client: APIClient, connectorState: ConnectorState) async throws -> [AccessFinding] {
        try await BlackboardInspection(
            client: client,
            options: options,
            connectorState: connectorState,
            streams: streamsOn
        ).findings()
    }

    /// The streams that are on, whether a run reads them or not.
    private var streamsOn: Set<String> { Set(Self.kinds[0].completed(settings.streams)) }

    private func context<Run: RunContext>(_ run: Run, _ changed: BlackboardOptions? = nil) -> BlackboardContext<Run> {
        BlackboardContext(settings: settings, options: changed ?? options, origin: origin, activity: activity, run: run)
    }
}
