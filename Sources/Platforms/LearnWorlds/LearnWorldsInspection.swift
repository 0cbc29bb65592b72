import Extractor
import JSON
import Transformer

/// What `doctor` tries with one client: each list of a school once, by its smallest page.
///
/// An empty list is 404 here, and so is a wrong path: of the lists of one course or learner, a 404 that speaks in the API's own
/// words says nothing by itself, so a few are asked.
struct LearnWorldsInspection {
    let client: APIClient
    let options: LearnWorldsOptions
    let product: LearnWorlds.Product
    let connectorState: ConnectorState
    /// The streams that are on.
    let streams: Set<String>

    /// Courses and learners that are asked before a 404 is taken for a wrong path.
    private static let tries = 3

    private var trial: ListTrial { ListTrial(client: client) }

    func findings() async throws -> [AccessFinding] {
        var findings: [AccessFinding] = []
        func note(_ finding: AccessFinding?) { if let finding { findings.append(finding) } }

        let (courses, courseFinding) = try await page(
            "/v2/courses",
            stream: "courses",
            "the list of courses",
            "nothing can be read"
        )
        note(courseFinding)
        let courseIDs = ids(courses)
        var learnerIDs: [String] = []
        if isOn("learners", "enrollments", "progress") {
            let (users, finding) = try await page(
                "/v2/users",
                stream: "learners",
                "the list of users",
                "learners stay empty, and enrollments and progress of whoever is on no roster"
            )
            note(finding)
            learnerIDs = ids(users)
        }
        if isOn("enrollments", "progress") {
            note(
                try await each(
                    courseIDs,
                    "/v2/courses/{id}/users",
                    "enrollments",
                    "the rosters of courses",
                    "people who never logged in are missing"
                )
            )
        }
        var units: [String] = []
        if isOn("course_units", "assessments") {
            let (unitIDs, finding) = try await contents(of: courseIDs)
            units = unitIDs
            note(finding)
        }
        if isOn("enrollments") {
            note(
                try await each(
                    learnerIDs,
                    "/v2/users/{id}/courses",
                    "enrollments",
                    "the courses of a user",
                    "enrollments"
                )
            )
        }
        if isOn("progress") {
            note(
                try await each(learnerIDs, "/v2/users/{id}/progress", "progress", "the progress of a user", "progress")
            )
        }
        if isOn("grades") {
            note(
                try await each(courseIDs, "/v2/courses/{id}/grades", "grades", "the submissions of a course", "grades")
            )
        }
        if isOn("certificates") {
            note(
                try await each(courseIDs, "/v2/certificates", "certificates", "the certificates", "certificates") {
                    [("course_id", $0)]
                }
            )
        }
        if isOn("assessment_responses") {
            note(
                try await each(
                    units,
                    "/v2/assessments/{id}/responses",
                    "assessment_responses",
                    "the responses to an assessment",
                    "assessment_responses"
                )
            )
        }
        note(try await eventLog())
        return findings
    }

    private func isOn(_ names: String...) -> Bool { names.contains(where: streams.contains) }

    // MARK: Lists

    private func page(
        _ path: String,
        stream: String,
        _ list: String,
        _ loss: String
    ) async throws -> (Page?, AccessFinding?) {
        let outcome = try await ask(request(path, [], [], stream), path == "/v2/courses")
        return (
            outcome.page,
            ListTrial.finding(outcome, list, path: path, loss: loss, right: Self.right)
        )
    }

    /// Asks for a list of a few courses, learners or units, until one answers.
    private func each(
        _ ids: [String],
        _ path: String,
        _ stream: String,
        _ list: String,
        _ loss: String,
        asking query: ((String) -> [(String, String)])? = nil
    ) async throws -> AccessFinding? {
        var last: ListTrial.Outcome?
        for id in ids.prefix(Self.tries) {
            let outcome = try await ask(request(path, query == nil ? [id] : [], query?(id) ?? [], stream), false)
            guard case .missing = outcome else {
                return ListTrial.finding(outcome, list, path: path, loss: Self.empty(loss), right: Self.right)
            }
            last = outcome
        }
        guard let last, case .missing(let error) = last else { return nil }
        // In the API's own words it may be that there is nothing yet.
        guard error.platformContext == nil, error.platformMessage == nil else {
            return AccessFinding(
                "\(list): \(path) answers 404 for \(min(ids.count, Self.tries)) of \(min(ids.count, Self.tries)) tried: "
                    + "there is nothing yet, or the path is another: \(Self.empty(loss))",
                remedy: "if there should be something, correct the path: options.paths: {\"\(path)\": …}"
            )
        }
        return ListTrial.finding(last, list, path: path, loss: Self.empty(loss), right: Self.right)
    }

    /// The contents of a course, and the assessments in them.
    private func contents(of courses: [String]) async throws -> ([String], AccessFinding?) {
        let path = "/v2/courses/{id}/contents"
        guard let course = courses.first else { return ([], nil) }
        let request = APIRequest(.get, options.paths[path] ?? path, pathArguments: [course], stream: "course_units")
        let outcome = try await trial.ask(request, LearnWorldsRules(.object, connectorState: connectorState))
        let types = options.assessmentUnitTypes
        let units = outcome.page?.document.withRoot { root in
            (root["sections"]?.elements).map { sections in
                sections.flatMap { section in
                    (section["learningUnits"]?.elements).map { units in
                        units.filter { $0["type"]?.string.map(types.contains) ?? false }.compactMap {
                            $0["id"]?.identifierText
                        }
                    } ?? []
                }
            } ?? []
        }
        return (
            units ?? [],
            ListTrial.finding(
                outcome,
                "the contents of a course",
                path: path,
                loss: Self.empty("course_units and assessments"),
                right: Self.right
            )
        )
    }

    /// The event log, by the path that increments take.
    private func eventLog() async throws -> AccessFinding? {
        let isAuto = options.eventPath == "auto"
        let paths = isAuto ? [product.eventPath, product.otherEventPath] : [options.eventPath]
        var outcome = try await ask(request(paths[0], [], [], "events"), false)
        if case .missing = outcome, paths.count > 1 {
            outcome = try await ask(request(paths[1], [], [], "events"), false)
        }
        return ListTrial.finding(
            outcome,
            "the event log",
            path: paths[0],
            loss: "a sync does not learn who did something, and events stay empty",
            right: Self.right,
            option: "options.event_path"
        )
    }

    // MARK: How

    private static let right = "have the school open it to this API client, or leave the stream out"

    private static func empty(_ streams: String) -> String {
        streams.contains(" are ") ? streams : "\(streams) stay empty"
    }

    private func request(
        _ path: String,
        _ arguments: [String],
        _ query: [(String, String)],
        _ stream: String
    ) -> APIRequest {
        APIRequest(
            .get,
            options.paths[path] ?? path,
            pathArguments: arguments,
            query: query + [("page", "1"), ("items_per_page", String(Self.tries))],
            stream: stream
        )
    }

    private func ask(_ request: APIRequest, _ isCatalogue: Bool) async throws -> ListTrial.Outcome {
        let rules = LearnWorldsRules(.list, isCatalogue: isCatalogue, connectorState: connectorState)
        let outcome = try await trial.ask(request, rules)
        guard case .failed(let error) = outcome, error.status == 400 || error.status == 422 else { return outcome }
        // A page size that the list does not take.
        var plain = request
        plain.query.removeAll { $0.name == "items_per_page" }
        return try await trial.ask(plain, rules)
    }

    private func ids(_ page: Page?) -> [String] {
        page?.document.withRoot { root in root["data"]?.elements.compactMap { $0["id"]?.identifierText } ?? [] } ?? []
    }
}
