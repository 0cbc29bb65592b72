import Extractor
import JSON
import Transformer

/// What `doctor` tries with one key: each function that the streams need, once, by its smallest answer.
struct MatrixInspection {
    let client: APIClient
    let calls: MatrixCalls
    let options: MatrixOptions
    /// The streams that are on.
    let streams: Set<String>

    private static let right = "use the key of an administrator who may read it, or leave the stream out"

    private var trial: ListTrial { ListTrial(client: client, refusals: [400, 403]) }

    func findings() async throws -> [AccessFinding] {
        var findings: [AccessFinding] = []
        @discardableResult
        func ask(
            _ function: MatrixFunction,
            _ arguments: [(String, String)],
            _ list: String,
            _ loss: String
        ) async throws -> Page? {
            let request = calls.request(function, arguments, stream: "learners")
            let outcome = try await trial.ask(request, MatrixRules(ratePause: options.ratePause))
            let finding = ListTrial.finding(
                outcome,
                "\(list) (\(function.rawValue))",
                path: function.path,
                loss: loss,
                right: Self.right
            )
            if let finding { findings.append(finding) }
            return outcome.page
        }
        let (needsUsers, needsClasses) = (isOn("learners"), isOn("courses"))
        if needsUsers {
            let users = try await ask(.allUsers, [("page", "1")], "the list of users", "learners stay empty")
            if let user = id(users) {
                try await ask(.usersWithIDs, [("user_ids[]", user)], "users by id", "nobody is ever marked as deleted")
                if isOn("events") {
                    try await ask(.sessionDetails, [("user_ids[]", user)], "login sessions", "events stay empty")
                }
            }
        }
        if needsClasses {
            let classes = try await ask(
                .allClasses,
                [("page", "1")],
                "the list of classes",
                "nothing of any class is read"
            )
            if let course = id(classes) {
                try await ask(
                    .classesWithIDs,
                    [("class_ids[]", course)],
                    "classes by id",
                    "no class is ever marked as deleted"
                )
                let own = [("class_id", course)]
                if isOn("enrollments", "progress") {
                    try await ask(
                        .studentsForClass,
                        own,
                        "the roster of a class",
                        "enrollments and progress stay empty"
                    )
                    try await ask(.teachersForClass, own, "the teachers of a class", "teachers have no enrollments")
                }
                if isOn("assessments") {
                    try await ask(.assignmentsForClass, own, "the assignments of a class", "assessments stay empty")
                }
                if isOn("grades") {
                    try await ask(.gradesForClass, own, "the gradebook of a class", "grades stay empty")
                }
                if isOn("certificates") {
                    try await ask(.classCompletions, own, "the completions of a class", "certificates stay empty")
                }
            }
        }
        if isOn("organizations") {
            try await ask(.organizations, [("page", "1")], "the list of organizations", "organizations stay empty")
        }
        return findings + Self.memoryFindings(streams)
    }

    /// What the platform forgets before a stream that is off could keep it.
    static func memoryFindings(_ streams: Set<String>) -> [AccessFinding] {
        guard !streams.contains("events") else { return [] }
        return [
            AccessFinding(
                "the stream events is off, and the site forgets login sessions after 30 days: they cannot be had later",
                remedy: "name events in streams to keep them; without that nothing else is lost"
            )
        ]
    }

    private func isOn(_ names: String...) -> Bool { names.contains(where: streams.contains) }

    private func id(_ page: Page?) -> String? {
        page?.document.withRoot { root in
            let first = root.elements.first { _ in true }
            return first?["id"]?.identifierText
        }
    }
}
