import Extractor
import JSON
import Transformer

/// What `doctor` tries with one account: each list once, and one course's lists, a page each.
///
/// The privileges are those of Sources/Platforms/Blackboard/README.md §1. Which of them a system role has, no call
/// says: what it lacks shows as a refusal, or as a field that no row has.
struct BlackboardInspection {
    let client: APIClient
    let options: BlackboardOptions
    let connectorState: ConnectorState
    /// The streams that are on.
    let streams: Set<String>

    /// What releases before 3700.15 lack.
    private static let reviewStatus = "/v1/courses/{courseId}/performance/contentReviewStatus"
    private static let role = "give it to the system role of the application's Learn user, or leave the stream out"

    func findings() async throws -> [AccessFinding] {
        var findings: [AccessFinding] = []
        let courses = try await ask(
            "/v3/courses",
            query: [("limit", "100"), ("organization", "false"), ("fields", fields(BlackboardLists.courseFields))],
            list: "courses"
        )
        findings += refusal(courses, "the list of courses, and with it everything", "system.course.VIEW")
        findings += absences(
            FieldWatch.courses,
            courses,
            "courses",
            "system.course.properties.MODIFY shows them to a system role"
        )
        findings += try await people()
        if streams.contains("terms") {
            let terms = try await ask("/v1/terms", query: [("limit", "1")], list: "terms")
            findings += refusal(terms, "the list of terms: terms and courses.category stay empty", "term.VIEW")
        }
        guard let course = courses.page.flatMap(Self.course) else { return findings }
        let (member, memberFindings) = try await members(of: course)
        findings += memberFindings
        findings += try await gradebook(of: course, member)
        if streams.contains("progress") {
            let review = try await ask(
                Self.reviewStatus,
                [course],
                query: [("limit", "1")],
                list: "progress"
            )
            findings += refusal(
                review,
                "the review status of course \(course), and with it progress",
                "course.performance.dashboard.VIEW"
            )
        }
        return findings
    }

    // MARK: What is tried

    private func people() async throws -> [AccessFinding] {
        guard streams.contains("learners") else { return [] }
        let users = try await ask(
            "/v1/users",
            query: [("limit", "100"), ("fields", fields(BlackboardLists.userFields))],
            list: "user"
        )
        if users.isRefused {
            return [
                AccessFinding(
                    "the list of users is refused: learners come with the memberships, so only those in a course",
                    remedy: "system.user.VIEW shows all of them: \(Self.role)"
                )
            ]
        }
        return refusal(users, "the list of users", "system.user.VIEW")
            + absences(FieldWatch.users, users, "users", "system.user.VIEW shows them to a system role")
    }

    /// One course's memberships, and how many of them name somebody whom the account may not see.
    ///
    /// - Returns: A member whom it may see, and what is to be told.
    private func members(of course: String) async throws -> (member: String?, findings: [AccessFinding]) {
        guard streams.contains("enrollments") else { return (nil, []) }
        let members = try await ask(
            "/v1/courses/{courseId}/users",
            [course],
            query: [("limit", "100"), ("expand", "user"), ("fields", "userId,user.id")],
            list: "memberships"
        )
        var findings = refusal(
            members,
            "the memberships of course \(course), and with them enrollments",
            "system.user.course.enrollment.VIEW"
        )
        let (all, hidden, member) =
            members.page?.document.withRoot { root in
                let rows = root["results"].map { Array($0.elements) } ?? []
                let shown = rows.filter { $0["user"]?["id"]?.identifierText != nil }
                return (rows.count, rows.count - shown.count, shown.first?["userId"]?.identifierText)
            } ?? (0, 0, nil)
        if hidden > 0 {
            findings.append(
                AccessFinding(
                    "\(hidden) of \(all) memberships of course \(course) name users whom this account may not see, "
                        + "and whom lms.learners lacks",
                    remedy: "only a system administrator sees system administrators; nothing else is lost"
                )
            )
        }
        return (member, findings)
    }

    private func gradebook(of course: String, _ member: String?) async throws -> [AccessFinding] {
        guard streams.contains("assessments") else { return [] }
        let columns = try await ask(
            "/v2/courses/{courseId}/gradebook/columns",
            [course],
            query: [("limit", "100"), ("fields", "id")],
            list: "columns"
        )
        var findings = refusal(
            columns,
            "the gradebook of course \(course), and with it assessments and grades",
            "course.gradebook.MODIFY, which reading needs too,"
        )
        let column = columns.page?.document.withRoot { root in
            root["results"]?.elements.first { _ in true }?["id"]?.identifierText
        }
        let categories = try await ask(
            "/v1/courses/{courseId}/gradebook/categories",
            [course],
            query: [("limit", "1")],
            list: "categories"
        )
        findings += refusal(
            categories,
            "the gradebook categories of course \(course): assessments.category stays empty",
            "course.gradebook.MODIFY"
        )
        if streams.contains("assessment_responses"), let column {
            let attempts = try await ask(
                "/v2/courses/{courseId}/gradebook/columns/{columnId}/attempts",
                [course, column],
                query: [("limit", "1")],
                list: "attempts"
            )
            // A column that takes no attempts has no such list.
            if attempts.isRefused {
                findings += refusal(
                    attempts,
                    "the attempts of column \(column) of course \(course): assessment_responses stay empty",
                    "course.gradebook.MODIFY"
                )
            }
        }
        if streams.contains("grades"), let member, options.gradeOrientation != .column {
            let own = try await ask(
                "/v2/courses/{courseId}/gradebook/users/{userId}",
                [course, member],
                query: [("limit", "1")],
                list: "learner_grades",
                shape: .grades
            )
            findings += refusal(
                own,
                "the grades of one learner of course \(course), by which small courses are read",
                "course.gradebook.MODIFY"
            )
        }
        guard streams.contains("grades"), let column else { return findings }
        let path = "/v2/courses/{courseId}/gradebook/columns/{columnId}/users"
        let withDisabled = try await ask(
            path,
            [course, column],
            query: [("limit", "1"), ("includeDisabledMemberships", "true")],
            list: "grades",
            shape: .grades
        )
        guard withDisabled.isRefused else { return findings }
        let plain = try await ask(path, [course, column], query: [("limit", "1")], list: "grades", shape: .grades)
        if plain.isRefused {
            findings += refusal(plain, "the grades of column \(column) of course \(course)", "course.gradebook.MODIFY")
        } else {
            findings.append(
                AccessFinding(
                    "the grades of disabled memberships are refused",
                    remedy: "course.gradebook-grades.VIEW and course.gradebook-grades.EXECUTE show them: \(Self.role)"
                )
            )
        }
        return findings
    }

    // MARK: How

    /// What a call has brought: a page, or a refusal of this list alone.
    private struct Tried {
        var page: Page?
        var isRefused = false
        /// The path of Sources/Platforms/Blackboard/README.md §3 under which nothing answers.
        var missingPath: String?
    }

    private func ask(
        _ path: String,
        _ arguments: [String] = [],
        query: [(String, String)],
        list: String,
        shape: BlackboardRules.Shape = .list
    ) async throws -> Tried {
        do {
            return Tried(page: try await fetch(path, arguments, query, list, shape))
        } catch let error as ExtractorError where error.status == 403 && !error.stopsSource {
            return Tried(isRefused: true)
        } catch let error as ExtractorError where error.status == 400 || error.status == 404 {
            // A smaller page limit, or a filter that this release does not have: no word about the account.
            guard error.status == 400, query.contains(where: { $0.0 == "limit" }) else {
                return Tried(missingPath: error.status == 404 ? path : nil)
            }
            let plain = query.filter { $0.0 != "limit" }
            return Tried(page: try? await fetch(path, arguments, plain, list, shape))
        }
    }

    private func fetch(
        _ path: String,
        _ arguments: [String],
        _ query: [(String, String)],
        _ list: String,
        _ shape: BlackboardRules.Shape
    ) async throws -> Page {
        let request = APIRequest(
            .get,
            options.paths[path] ?? path,
            pathArguments: arguments,
            query: query,
            stream: list
        )
        return try await client.fetch(
            request,
            rules: BlackboardRules(shape, list: list, connectorState: connectorState)
        )
    }

    private func fields(_ names: [String]) -> String { names.joined(separator: ",") }

    private func refusal(_ tried: Tried, _ what: String, _ privilege: String) -> [AccessFinding] {
        if let path = tried.missingPath {
            return [
                AccessFinding(
                    "\(what): nothing answers at \(path) (404)",
                    remedy: "correct the path: options.paths: {\"\(path)\": …}, or options.api_root for all; "
                        + "a release that lacks the list has its stream left out",
                    isFailure: path != Self.reviewStatus
                )
            ]
        }
        guard tried.isRefused else { return [] }
        return [AccessFinding("\(what): refused (403)", remedy: "the account lacks \(privilege): \(Self.role)")]
    }

    private func absences(
        _ watch: FieldWatch,
        _ tried: Tried,
        _ list: String,
        _ remedy: String
    ) -> [AccessFinding] {
        let missing =
            tried.page?.document.withRoot { root in root["results"].map { watch.missing(in: $0) } ?? [] } ?? []
        guard !missing.isEmpty else { return [] }
        return [
            AccessFinding("no row of \(list) has \(missing.joined(separator: ", "))", remedy: remedy)
        ]
    }

    /// A course to try: the first that is asked for itself and not disabled.
    private static func course(_ page: Page) -> String? {
        page.document.withRoot { root in
            root["results"]?.elements.first { item in
                item["parentId"]?.string == nil && item["availability"]?["available"]?.string != "Disabled"
            }?["id"]?.identifierText
        }
    }
}
