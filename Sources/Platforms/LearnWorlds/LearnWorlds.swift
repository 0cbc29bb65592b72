package import Extractor
import JSON
import Records

/// The connector for LearnWorlds schools and Grow by Plenum: one API under two sets of names.
package struct LearnWorlds: EventLogPlatform {
    /// What differs between the two products.
    enum Product: String, Sendable {
        case grow
        case learnworlds

        /// What its users call it.
        var name: String { self == .grow ? "Grow" : "LearnWorlds" }
        var clientHeader: String { self == .grow ? "Pl-Client" : "Lw-Client" }
        var eventPath: String { self == .grow ? "/v2/eventlogs" : "/v2/event-logs" }
        var otherEventPath: String { self == .grow ? "/v2/event-logs" : "/v2/eventlogs" }
    }

    package static let kinds: [KindDescription] = [
        description(of: .grow, title: "Grow by Plenum"),
        description(of: .learnworlds, title: "LearnWorlds"),
    ]

    let settings: SourceSettings
    let options: LearnWorldsOptions
    let product: Product
    let origin: APIOrigin

    package init(settings: SourceSettings) throws {
        self.settings = settings
        var options = LearnWorldsOptions(settings.options)
        let (origin, path) = try APIOrigin.split(settings.url)
        // A pasted address may go on with parts of the API's own path.
        let root = ["/v2", "/admin/api"].reduce(path) { $0.hasSuffix($1) ? String($0.dropLast($1.utf8.count)) : $0 }
        options.apiRoot = root + options.apiRoot
        self.options = options
        self.origin = origin
        product = Product(rawValue: settings.kind) ?? .learnworlds
    }

    package var followedTables: [FollowedTable] { LearnWorldsFollowUps.followedTables }

    package func baseline(_ run: some RunContext) async throws {
        try await LearnWorldsBaseline(makeLists: { lists(run) }, run: run).read()
    }

    package func incremental(_ run: some RunContext) async throws {
        try await pull(run, sweepAge: nil)
    }

    package func sweep(_ run: some RunContext, maxAge: Duration) async throws {
        try await pull(run, sweepAge: maxAge)
    }

    package func reconcile(_ run: some ReconcileContext) async throws {
        try await LearnWorldsReconciliation(makeLists: { lists(run) }, run: run).read()
    }

    package func retries(of rejects: [RejectedKey], _ run: some ReconcileContext) async throws -> [RetryRead] {
        try await LearnWorldsRetries(makeLists: { lists(run) }, run: run).reads(of: rejects)
    }

    private func pull(_ run: some RunContext, sweepAge: Duration?) async throws {
        try await LearnWorldsIncremental(
            makeLists: { lists(run) },
            sweepAge: sweepAge,
            run: run
        ).read()
    }

    package func planBaseline(_ probe: some BaselineProbe) async throws -> Forecast {
        try await LearnWorldsForecast(lists: lists(probe), probe: probe).forecast()
    }

    package func pull(_ demand: OnDemand, _ run: some RunContext) async throws {
        try await LearnWorldsOnDemand(makeLists: { lists(run) }, run: run).read(demand)
    }

    package func replay(_ window: EventWindow, _ run: some RunContext) async throws {
        try await LearnWorldsReplay(
            makeLists: { lists(run) },
            window: window,
            run: run
        ).read()
    }

    package func followUps(of changes: [String: [ChangedRow]], _ run: some RunContext) async throws -> [StateChange] {
        try await LearnWorldsFollowUp(options: options, run: run).decide(changes)
    }

    package func makeClient(_ parts: ClientParts) -> APIClient {
        let credentials = settings.credentials
        let client = APIClient(
            origin: origin,
            root: options.apiRoot,
            apiName: product.name,
            commonHeaders: [(product.clientHeader, credentials.clientID ?? "")],
            transport: parts.transport,
            limiter: parts.limiters.limiter(
                for: origin,
                limits: RateLimits(
                    perSecond: settings.requestsPerSecond,
                    inFlight: settings.concurrency,
                    perDay: settings.requestsPerDay
                ),
                time: parts.time
            ),
            policy: parts.policy,
            time: parts.time,
            random: parts.random,
            secrets: [credentials.clientSecret, credentials.accessToken].compactMap { $0 },
            counter: parts.counter,
            logger: parts.logger
        )
        if let token = credentials.accessToken {
            return client.authenticated(by: FixedCredentials(bearer: token))
        }
        let minting = LearnWorldsTokens(settings: settings, options: options, connectorState: parts.connectorState)
        return client.authenticated(by: TokenSource(minting: minting, client: client))
    }

    package func probe(_ client: APIClient, connectorState: ConnectorState) async throws {
        let request = APIRequest(
            .get,
            options.paths["/v2/courses"] ?? "/v2/courses",
            query: [("page", "1")],
            stream: "courses"
        )
        _ = try await client.fetch(
            request,
            rules: LearnWorldsRules(.list, isCatalogue: true, connectorState: connectorState)
        )
    }

    package func accountFields(_ client: APIClient, connectorState: ConnectorState) async throws -> Set<String>? {
        let request = APIRequest(
            .get,
            options.paths["/v2/users"] ?? "/v2/users",
            query: [("include_suspended", "true"), ("items_per_page", LearnWorldsLists.largePage), ("page", "1")],
            stream: "learners"
        )
        let page = try await client.fetch(
            request,
            rules: LearnWorldsRules(.list, isCatalogue: true, connectorState: connectorState)
        )
        return page.document.withRoot { root in
            guard let accounts = root["data"], accounts.count > 0 else { return nil }
            var names: Set<String> = []
            for account in accounts.elements {
                guard let fields = account["fields"] else { continue }
                for (key, _) in fields.members { names.insert(key.string) }
            }
            return names
        }
    }

    package func inspect(_ client: APIClient, connectorState: ConnectorState) async throws -> [AccessFinding] {
        try await LearnWorldsInspection(
            client: client,
            options: options,
            product: product,
            connectorState: connectorState,
            streams: Self.streams(of: settings)
        ).findings()
    }

    /// The streams that are on, whether a run reads them or not.
    static func streams(of settings: SourceSettings) -> Set<String> {
        Set(kinds.first { $0.kind == settings.kind }?.completed(settings.streams) ?? settings.streams)
    }

    /// Those of them that a learner's own lists are.
    static func streamsOfPeople(in settings: SourceSettings) -> [String] {
        ["enrollments", "progress"].filter(streams(of: settings).contains)
    }

    private func lists(_ run: some RunContext) -> LearnWorldsLists {
        LearnWorldsLists(
            product: product,
            options: options,
            mapping: LearnWorldsMapping(settings: settings, options: options, now: run.serverNow),
            connectorState: run.connectorState,
            log: run.log
        )
    }

    private static func description(of product: Product, title: String) -> KindDescription {
        let streams = [
            "courses", "course_units", "learners", "enrollments", "progress", "certificates", "assessments", "grades",
            "assessment_responses", "events",
        ]
        return KindDescription(
            kind: product.rawValue,
            title: title,
            streams: streams,
            defaultStreams: streams,
            impliedStreams: [
                "course_units": ["courses"],
                "assessments": ["courses"],
                "enrollments": ["courses", "learners"],
                "progress": ["courses", "learners"],
                "certificates": ["courses"],
                "grades": ["courses", "assessments"],
                "assessment_responses": ["courses", "assessments", "grades"],
            ],
            sharedStreams: [["assessments", "course_units"]],
            // Logins show with the daily reading of everybody: no event bears their time.
            laggingColumns: [
                LaggingColumn(Learner.table, "last_login_at", readAt: "full_at", bound: .seconds(86_400))
            ],
            selfContainedStreams: ["learners", "events"],
            defaultRequestsPerSecond: 2.5,
            credentialSets: [["client_id", "client_secret"], ["client_id", "access_token"]],
            scope: CourseVocabulary(
                ["created_after", "availability", "include", "exclude"],
                statusByWord: ["available": "active"],
                availabilityField: "access"
            ),
            // Every time is a number of seconds.
            hasBareDates: false,
            freeTextStreams: ["events", "assessment_responses"],
            options: LearnWorldsOptions.descriptions,
            data: data,
            customFields: CustomFieldVocabulary(
                standard: Set(LearnWorldsMapping.keptWhenNamed.map { "\($0)" })
            )
        )
    }
}
