import Extractor
import JSON
import Records
import Transformer

/// The lists of a Learn site: for each its request, its paging, its mapping and the watermark it moves.
struct BlackboardLists: Sendable {
    let options: BlackboardOptions
    let mapping: BlackboardMapping
    let connectorState: ConnectorState
    let origin: APIOrigin
    let terms: TermBook
    let preview: PreviewUsers
    /// Which courses are read; its text is kept with the reading of all courses.
    var scope = CourseFilter()

    /// Under this name the connector's state holds the scope that the courses were last read whole for.
    static let scopeRead = "scope_read"

    /// The name of the list of all users.
    static let users = "users"

    /// Rows asked for where nothing else was configured or learnt: the table of Sources/Platforms/Blackboard/README.md
    /// §2.
    private static let pageSizes = ["memberships": 200, "columns": 200, "terms": 200]

    /// Watermarks are read again this far back: the platform's clock, its index and its filters are not one.
    static let overlap = Duration.seconds(900)
    /// The same, with room for a clock that is not the platform's.
    var overlap = Self.overlap

    /// Rows up to which a full list is one request, exactly as a filtered one.
    var fullListRows: Int { min(pageSize("memberships"), 200) }

    // MARK: Requests

    /// The rows asked for per page of a list.
    func pageSize(_ list: String) -> Int {
        let wanted = options.pageSizes[list] ?? Self.pageSizes[list] ?? 100
        guard let learnt = connectorState[BlackboardRules.pageLimit(of: list)].flatMap({ Int($0) }) else {
            return wanted
        }
        return min(wanted, learnt)
    }

    /// A filter that the site accepts, as far as is known.
    func accepts(_ filter: String, of list: String) -> Bool {
        !connectorState.contains(BlackboardRules.filter(filter, of: list), in: BlackboardRules.refusedFilters)
    }

    /// Whether the site's release has something; an unknown release is taken to have it, and may refuse it.
    func has(_ feature: BlackboardFeature) -> Bool {
        guard let version = connectorState["version"].flatMap({ BlackboardVersion($0) }) else { return true }
        return version >= feature.since
    }

    /// One list of the platform.
    ///
    /// - Parameters:
    ///   - path: The path as Sources/Platforms/Blackboard/README.md §3 spells it.
    ///   - filters: Query arguments beside page size and fields; those the site is known to refuse are left out.
    ///   - fields: What is asked of each row, where the list takes a choice.
    func list(
        _ name: String,
        stream: String,
        partition: String = "",
        path: String,
        _ arguments: [String] = [],
        filters: [(String, String)] = [],
        fields: [String] = [],
        shape: BlackboardRules.Shape = .list,
        isResumable: Bool = false,
        completion: @escaping @Sendable (WalkOutcome) -> [StateChange] = { _ in [] },
        makeReader: @escaping @Sendable () -> any ListReader
    ) -> ListRead {
        let make: @Sendable () -> [APIRequest] = {
            [request(name, stream: stream, path: path, arguments, filters: filters, fields: fields)]
        }
        return read(
            stream,
            partition,
            rules(shape, name),
            isResumable: isResumable,
            make: make,
            completion: completion
        ) { _ in makeReader() }
    }

    /// The first request of a list.
    func request(
        _ name: String,
        stream: String,
        path: String,
        _ arguments: [String] = [],
        filters: [(String, String)],
        fields: [String]
    ) -> APIRequest {
        var query = [("limit", String(pageSize(name)))]
        query += filters.filter { accepts($0.0, of: name) }
        if !fields.isEmpty { query.append(("fields", fields.joined(separator: ","))) }
        return APIRequest(.get, options.paths[path] ?? path, pathArguments: arguments, query: query, stream: stream)
    }

    /// A list, or several that are walked one after the other as one.
    func read(
        _ stream: String,
        _ partition: String,
        _ rules: BlackboardRules,
        isResumable: Bool,
        from start: LinkedCursor? = nil,
        make: @escaping @Sendable () -> [APIRequest],
        completion: @escaping @Sendable (WalkOutcome) -> [StateChange],
        makeReader: @escaping @Sendable (LinkedWalks) -> any ListReader
    ) -> ListRead {
        let requests = make()
        let paging = LinkedWalks(
            requests.map { BlackboardPaging(first: $0, origin: origin, root: options.apiRoot) },
            from: start
        )
        let rest: @Sendable (WalkResume) -> ListRead? = { resume in
            guard let cursor = resume.cursor.flatMap(LinkedCursor.init), cursor.walk < requests.count else {
                return nil
            }
            return read(
                stream,
                partition,
                rules,
                isResumable: true,
                from: cursor,
                make: make,
                completion: completion
            ) { ResumedReader(makeReader($0), after: cursor) }
        }
        return ListRead(
            stream: stream,
            partition: partition,
            request: paging.first,
            paging: paging,
            rules: rules,
            resuming: isResumable && start == nil ? rest : nil,
            alternative: { error in
                // The rest of a list is asked for as its beginning was.
                guard start == nil else { return nil }
                // What the rules have learnt from the refusal shows as another request.
                guard error.status == 400, make().map({ $0.fingerprint() }) != requests.map({ $0.fingerprint() }) else {
                    return nil
                }
                return read(
                    stream,
                    partition,
                    rules,
                    isResumable: isResumable,
                    make: make,
                    completion: completion,
                    makeReader: makeReader
                )
            },
            completion: completion,
            makeReader: { makeReader(paging) }
        )
    }

    /// One object of the platform.
    func single(
        _ name: String,
        stream: String,
        partition: String,
        path: String,
        _ arguments: [String] = [],
        fields: [String] = [],
        shape: BlackboardRules.Shape,
        _ body: @escaping @Sendable (JSONValue?) throws -> ParsedPage
    ) -> ListRead {
        let request = APIRequest(
            .get,
            options.paths[path] ?? path,
            pathArguments: arguments,
            query: fields.isEmpty ? [] : [("fields", fields.joined(separator: ","))],
            stream: stream
        )
        return ListRead(
            stream: stream,
            partition: partition,
            request: request,
            paging: SingleAnswer(first: request),
            rules: rules(shape, name),
            makeReader: { SingleReader(body) }
        )
    }

    func rules(_ shape: BlackboardRules.Shape, _ list: String) -> BlackboardRules {
        BlackboardRules(shape, list: list, connectorState: connectorState)
    }

    /// A filter for what is at or after `since`, as the platform writes times.
    static func since(_ name: String, _ since: Timestamp) -> [(String, String)] {
        [(name, since.iso8601Milliseconds), ("\(name)Compare", "greaterOrEqual")]
    }

    // MARK: The site

    /// The release of the site, which says what it can be asked.
    func version() -> ListRead {
        single("version", stream: "courses", partition: "version", path: "/v1/system/version", shape: .optional) {
            [connectorState] root in
            connectorState["version"] = root.flatMap { BlackboardVersion(answer: $0) }?.text
            return ParsedPage()
        }
    }

    /// All terms.
    func allTerms() -> ListRead {
        list(
            "terms",
            stream: "terms",
            path: "/v1/terms",
            fields: ["id", "name", "availability"],
            completion: { [Self.readAt("terms", "", $0)] },
            makeReader: { [mapping, terms] in
                CollectionReader(key: Self.id) { results in
                    var batch = Batch<Term>(stream: "terms")
                    mapping.terms(results, into: &batch)
                    terms.note(batch.records)
                    return ParsedPage([batch])
                }
            }
        )
    }

    /// One course, to see whether it is still there.
    ///
    /// - Parameters:
    ///   - catalogue: Learns the course that is there.
    ///   - failure: Why the course is asked for: it stands where the course is there all the same.
    func course(
        _ id: String,
        noting catalogue: CourseCatalogue? = nil,
        insteadOf failure: ExtractorError? = nil,
        ifMissing: @escaping @Sendable () -> [StateChange]
    ) -> ListRead {
        single(
            "courses",
            stream: "courses",
            partition: id,
            path: "/v3/courses/{courseId}",
            [id],
            fields: Self.courseFields,
            shape: .verification
        ) { [mapping, terms] root in
            guard let root else { return ParsedPage(changes: ifMissing()) }
            if let failure { throw failure }
            var batch = Batch<Course>(stream: "courses")
            mapping.course(root, terms: terms, into: &batch)
            catalogue?.note(batch.records)
            return ParsedPage([batch])
        }
    }

    /// One term, to see whether it is still there.
    func term(_ id: String, ifMissing: @escaping @Sendable () -> [StateChange]) -> ListRead {
        single("term", stream: "terms", partition: id, path: "/v1/terms/{termId}", [id], shape: .verification) {
            [mapping] root in
            guard let root else { return ParsedPage(changes: ifMissing()) }
            var batch = Batch<Term>(stream: "terms")
            mapping.term(root, into: &batch)
            return ParsedPage([batch])
        }
    }

    /// One user, to see whether the platform still shows it.
    func account(_ id: String) -> ListRead {
        single(
            // Not the list's name: a refusal of one user is no answer, where that of the list has a way around it.
            "user",
            stream: "learners",
            partition: id,
            path: "/v1/users/{userId}",
            [id],
            fields: Self.userFields,
            shape: .verification
        ) { [mapping] root in
            guard let root else { return .missingAccount(id) }
            var batch = Batch<Learner>(stream: "learners")
            _ = mapping.learner(root, into: &batch)
            return ParsedPage([batch])
        }
    }

    /// Which of the users a list is asked for.
    enum UserFilter: Sendable {
        case all
        case modified(since: Timestamp)
        case loggedIn(since: Timestamp)
    }

    /// Users; the platform shows system administrators only to one of them.
    ///
    /// - Parameters:
    ///   - isCompared: Whether rows that the list lacks are looked into: a refusal is then none of them.
    ///   - mark: Makes the new watermark of the time the walk began.
    func learners(
        _ filter: UserFilter,
        isCompared: Bool = false,
        mark: @escaping @Sendable (Timestamp) -> MarkPosition
    ) -> ListRead {
        var filters = [("sort", "created")]
        switch filter {
        case .all: break
        case .modified(let since): filters += Self.since("modified", since.advanced(by: .zero - overlap))
        case .loggedIn(let since): filters += Self.since("lastLogin", since.advanced(by: .zero - overlap))
        }
        return list(
            Self.users,
            stream: "learners",
            path: "/v1/users",
            filters: filters,
            fields: Self.userFields,
            shape: isCompared ? .wholeList : .list,
            isResumable: true,
            completion: { [connectorState] outcome in
                guard outcome.isComplete, connectorState[BlackboardRules.usersRefused] == nil else { return [] }
                let position = mark(outcome.asOf)
                return [.watermark(stream: "learners", partition: "", position: position, asOf: outcome.asOf)]
            },
            makeReader: { [mapping, preview, connectorState] in
                CollectionReader(key: Self.id) { results in
                    try FieldWatch.users.check(results, connectorState)
                    var batch = Batch<Learner>(stream: "learners")
                    preview.note(mapping.learners(results, into: &batch))
                    // With the page: a run that goes on in the middle of the list has not met those before.
                    return ParsedPage([batch], changes: preview.mark(asOf: mapping.context.now).map { [$0] } ?? [])
                }
            }
        )
    }

    // MARK: Shared parts

    static let id: @Sendable (JSONValue) -> String? = { $0["id"]?.identifierText }

    /// The member of a watermark that says when the partition was last read whole.
    static let verifiedAt = "verified_at"

    /// A watermark that says when a partition was last read, and that it was read whole.
    static func readAt(_ stream: String, _ partition: String, _ outcome: WalkOutcome) -> StateChange {
        var position = MarkPosition()
        position.set("read_at", outcome.asOf)
        if outcome.isComplete { position.set(Self.verifiedAt, outcome.asOf) }
        return .watermark(stream: stream, partition: partition, position: position, asOf: outcome.asOf)
    }

    static let courseFields = [
        "id", "uuid", "externalId", "dataSourceId", "courseId", "name", "description", "created", "modified",
        "ultraStatus", "closedComplete", "termId", "availability", "hasChildren", "parentId", "externalAccessUrl",
    ]
    static let userFields = [
        "id", "uuid", "externalId", "dataSourceId", "userName", "studentId", "created", "lastLogin",
        "institutionRoleIds", "availability.available", "name.given", "name.family", "job.title", "job.department",
        "job.company", "contact.email", "contact.institutionEmail",
    ]
    static let membershipFields = [
        "id", "userId", "courseId", "childCourseId", "created", "availability.available", "courseRoleId",
        "lastAccessed",
    ]
}

extension Timestamp {
    /// ISO 8601 in UTC with milliseconds, as the platform writes times itself: `2025-10-02T11:30:15.221Z`.
    var iso8601Milliseconds: String {
        let milliseconds = ((microseconds % 1_000_000) + 1_000_000) % 1_000_000 / 1_000
        let digits = String(milliseconds)
        let whole = Timestamp(
            microsecondsSinceEpoch: microseconds - ((microseconds % 1_000_000) + 1_000_000) % 1_000_000
        )
        let text = whole.iso8601.prefix(19)
        return "\(text).\(String(repeating: "0", count: 3 - digits.utf8.count))\(digits)Z"
    }
}

extension ListRead {
    /// The list with rows added or checked page by page, whatever is asked in its place.
    func refined(_ refine: @escaping @Sendable (ParsedPage) async throws -> ParsedPage) -> ListRead {
        var copy = self
        copy.refine = refine
        let next = alternative
        copy.alternative = { next($0)?.refined(refine) }
        return copy
    }
}

extension ListRead {
    /// The list under a name in the run's log, however it has to be asked in the end.
    func logged(as name: String) -> ListRead {
        var list = self
        let (other, rest) = (alternative, resuming)
        list.logName = name
        list.alternative = { other($0)?.logged(as: name) }
        if let rest { list.resuming = { rest($0)?.logged(as: name) } }
        return list
    }
}
