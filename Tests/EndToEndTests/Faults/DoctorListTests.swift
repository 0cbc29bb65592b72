import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("doctor tries each list of a source")
struct DoctorListTests {
    /// A list of a platform: where it stands, and what is said to stay empty without it.
    struct List: Sendable, CustomTestStringConvertible {
        let platform: PlatformCase
        /// As the simulator's switches name it.
        let path: String
        /// As the connector's README, and so `options.paths`, names it.
        var guidePath: String?
        let loss: String
        var status = 403
        var optionLines: [String] = []

        var testDescription: String { "\(platform.kind) \(path) \(status)" }

        static let refused: [List] =
            [
                ("/v2/users", "learners stay empty"), ("/v2/certificates", "certificates stay empty"),
            ].flatMap { path, loss in
                [PlatformCase.grow, .learnWorlds].map { List(platform: $0, path: path, loss: loss) }
            }
            + [
                List(platform: .grow, path: "/v2/eventlogs", loss: "events stay empty"),
                List(platform: .learnWorlds, path: "/v2/event-logs", loss: "events stay empty"),
                List(platform: .blackboard, path: "/v1/terms", loss: "courses.category stay empty"),
                List(platform: .blackboard, path: "/v1/users", loss: "learners come with the memberships"),
            ]
            + [
                ("/get_all_users", "learners stay empty"), ("/get_all_organizations", "organizations stay empty"),
                ("/get_students_for_class", "enrollments and progress stay empty"),
                ("/get_teachers_for_class", "teachers have no enrollments"),
                ("/get_assignments_for_class", "assessments stay empty"),
                ("/get_grades_for_class", "grades stay empty"),
                ("/get_all_class_completions", "certificates stay empty"),
                ("/get_users_with_ids", "nobody is ever marked as deleted"),
                ("/get_classes_with_ids", "no class is ever marked as deleted"),
            ].map { List(platform: .matrix, path: $0.0, loss: $0.1, status: 400) }
    }

    private func findings(_ harness: SchoolHarness) async -> [DoctorFinding] {
        await harness.service("doctor").doctor().filter { $0.check == "source acme" }
    }

    private func text(_ findings: [DoctorFinding]) -> String {
        findings.map { "\($0.outcome.rawValue) \($0.detail) | \($0.remedy ?? "")" }.joined(separator: "\n")
    }

    @Test("a whole school has nothing to complain of, and few calls tell", arguments: PlatformCase.all)
    func whole(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 71)) { harness in
            harness.simulator.resetRequests()
            let found = await findings(harness)
            let complaints = found.filter { finding in
                // Hidden members of a Learn site, sessions that MATRIX forgets.
                finding.outcome != .ok && !finding.detail.contains("may not see")
                    && !finding.detail.contains("login sessions after 30 days")
            }
            #expect(complaints == [], "\(text(complaints))")
            #expect(harness.simulator.requests.total <= 15, "\(harness.simulator.requests.routes)")
        }
    }

    @Test("a list that is refused is named, with what stays empty", .timeLimit(.minutes(2)), arguments: List.refused)
    func refused(list: List) async throws {
        try await withSchool(list.platform.school(.small, 72)) { harness in
            let switches = #"{"status_for_path": {"\#(list.path)": \#(list.status)}}"#
            try harness.simulator.setFaults(json: Array(switches.utf8))
            let found = await findings(harness)
            let named = found.filter { $0.outcome == .warn && $0.detail.contains(list.loss) }
            #expect(named.count == 1, "\(text(found))")
            #expect(named.first?.remedy?.isEmpty == false)
            #expect(found.contains { $0.outcome == .ok }, "the credentials are fine")
        }
    }

    @Test(
        "a path under which nothing answers is named, with the option that corrects it",
        .timeLimit(.minutes(2)),
        arguments: [
            (PlatformCase.grow, "/v2/users"), (.learnWorlds, "/v2/users"), (.blackboard, "/v1/users"),
            (.blackboard, "/v1/courses/{courseId}/users"), (.matrix, "/get_all_users"),
            (.matrix, "/get_grades_for_class"),
        ]
    )
    func wrongPath(platform: PlatformCase, path: String) async throws {
        var options = platform.school(.small, 73)
        // Of MATRIX the name of the function stays; places of ids stay everywhere.
        options.optionLines = ["paths:", #"  "\#(path)": /nothing\#(path)"#]
        try await withSchool(options) { harness in
            let found = await findings(harness)
            let named = found.filter { $0.outcome == .fail && $0.detail.contains(path) }
            #expect(named.count == 1, "\(text(found))")
            #expect(named.first?.exitCode == 69)
            #expect(named.first?.remedy?.contains("options.paths") == true)
        }
    }

    @Test("MATRIX forgets sessions after 30 days: doctor warns while the stream is off", .timeLimit(.minutes(2)))
    func sessions() async throws {
        let school = PlatformCase.matrix.school(.small, 74)
        try await withSchool(school) { harness in
            let warned = await findings(harness).filter { $0.detail.contains("login sessions after 30 days") }
            #expect(warned.map(\.outcome) == [.warn])
            #expect(warned.first?.remedy?.contains("name events in streams") == true)
            let kept = harness.configured { $0.streams.append("events") }
            #expect(!(await findings(kept)).contains { $0.detail.contains("30 days") })
        }
    }
}
