import Foundation
import Testing

@testable import LMSSimulator

@Suite("MATRIX: hostile records and secrets")
struct MatrixHostileTests {
    private static let queries: [MatrixList: (function: String, query: String, table: String)] = [
        .users: ("get_all_users", "", "learners"),
        .classes: ("get_all_classes", "", "courses"),
        .organizations: ("get_all_organizations", "", "organizations"),
        .roster: ("get_students_for_class", "class_id=502", "enrollments"),
        .teachers: ("get_teachers_for_class", "class_id=502", "enrollments"),
        .assignments: ("get_assignments_for_class", "class_id=502", "assessments"),
        .gradebook: ("get_grades_for_class", "class_id=502", "grades"),
        .completions: ("get_all_class_completions", "", "certificates"),
        .sessions: ("get_session_details", "user_ids[]=900001", "events"),
    ]

    @Test(
        "a hostile record is in its list, and in the truth only where it must be stored",
        arguments: MatrixList.allCases
    )
    func served(list: MatrixList) async throws {
        let (function, query, table) = try #require(Self.queries[list])
        for kind in HostileRecord.Kind.allCases {
            try await withMatrix(MatrixShape(users: 30, classes: 3, learnersPerClass: 5)) { simulator, caller in
                let rows = simulator.truthCount(table)
                let length = caller.get(function, query).bytes.count
                simulator.matrixFaults.hostile = [HostileRecord(list: list.rawValue, kind: kind)]
                #expect(caller.get(function, query).bytes.count > length + 30, "\(kind)")
                let flat: Set<MatrixList> = [.users, .classes, .roster, .teachers]
                let isStored =
                    kind == .duplicateKeys
                    ? flat.contains(list)
                    : !kind.isRejected && !(list == .sessions && [.wrongType, .milliseconds].contains(kind))
                #expect(simulator.truthCount(table) == rows + (isStored ? 1 : 0), "\(kind)")
            }
        }
    }

    @Test("a record of a nested list binds itself to the first call that fits, and comes again with it")
    func binding() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.hostile = [
                HostileRecord(list: "roster", kind: .nulInText, path: "class_id=503")
            ]
            func has(_ course: Int) -> Bool {
                caller.get("get_students_for_class", "class_id=\(course)").text.contains("Nul \\u0000 inside")
            }
            #expect(!has(502))
            #expect(has(503))
            #expect(has(503))
            #expect(!has(504))
        }
    }

    @Test("a repeated key of a class is a school field, of a user the first one counts")
    func repeatedKeys() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.hostile = ["users", "classes"].map { HostileRecord(list: $0, kind: .duplicateKeys) }
            let learner = try caller.truth("learners").first { $0["learner_id"] as? String == "990000000" }
            #expect(learner?["email"] as? String == "hostile@example.org")
            let course = try caller.truth("courses").first { $0["course_id"] as? String == "990000001" }
            #expect(course?["title"] as? String == "Hostile")
            #expect((course?["custom_fields"] as? [String: Any])?["name"] as? String == "Twice")
        }
    }

    @Test("planted secrets are served in users and in every embedded user, listed, and never in the truth")
    func secrets() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.plantSecrets = true
            let embedded = [
                caller.get("get_all_users"), caller.get("get_users_with_ids", "user_ids[]=900001"),
                caller.get("get_students_for_class", "class_id=502"),
                caller.get("get_teachers_for_class", "class_id=502"), caller.get("get_all_class_completions"),
            ].map(\.text)
            for text in embedded {
                for secret in ["PLANTED-password", "PLANTED-ssn", "PLANTED-access-code", "PLANTED-national-id"] {
                    #expect(text.contains(secret))
                }
                #expect(text.contains("fake-key"))
            }
            let served =
                embedded.joined() + caller.get("get_all_classes").text
                + caller.get("get_session_details", "user_ids[]=900001").text
                + caller.get("get_grades_for_class", "class_id=502").text
                + caller.get("get_students_for_class", "class_id=503").text
            for secret in simulator.secrets { #expect(served.contains(secret), "\(secret)") }
            for table in simulator.truthTables {
                let truth = String(decoding: simulator.truth(table), as: UTF8.self)
                #expect(!truth.contains(PlantedSecrets.marker), "\(table)")
                #expect(!truth.contains("fake-key"), "\(table)")
            }
        }
    }
}
