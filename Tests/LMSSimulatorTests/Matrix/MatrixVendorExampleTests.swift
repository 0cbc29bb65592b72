import Testing

@testable import LMSSimulator

/// The calls that the vendor's page prints with their answers, at `https://yourbusiness.matrixlms.com`.
@Suite("MATRIX: the calls that the vendor prints")
struct MatrixVendorExampleTests {
    private static let key = "23-34-d315a3421"

    private static var school: MatrixSchool {
        var school = MatrixSchool()
        let joined = Instant(seconds: 1_700_000_000)
        for (id, name) in [(1, "Smith"), (2, "Jones"), (3, "Doe")] {
            school.add(
                MatrixUser(
                    id: id,
                    userid: name.lowercased(),
                    firstName: "A",
                    lastName: name,
                    roles: .student,
                    joinedAt: joined
                )
            )
        }
        var course = MatrixClass(id: 1_456, name: "Class")
        course.assignments = [
            MatrixAssignment(id: 11, name: "PLOP", type: "Freeform", points: 10_000),
            MatrixAssignment(id: 12, name: "XXX", type: "Quiz", points: 0),
        ]
        school.add(course)
        return school
    }

    private func ask(_ body: (MatrixCaller) throws -> Void) async throws {
        // National ids are in every answer of a real site; here they are a switch.
        var faults = MatrixFaults()
        faults.plantSecrets = true
        let simulator = try await Simulator.start(Self.school, .init(apiKey: Self.key, faults: faults))
        do {
            try body(MatrixCaller(simulator: simulator))
        } catch {
            try await simulator.stop()
            throw error
        }
        try await simulator.stop()
    }

    @Test("get_version, without a version too")
    func version() async throws {
        try await ask { caller in
            let answer = caller.call("GET", "/api/get_version?api_key=\(Self.key)")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"version":1}"#)
            #expect(answer.contentType == "application/json; charset=utf-8")
        }
    }

    @Test("get_assignments_for_class(1456)")
    func assignments() async throws {
        try await ask { caller in
            let answer = caller.call("GET", "/api/get_assignments_for_class?api_key=\(Self.key)&class_id=1456")
            #expect(answer.status == 200)
            #expect(answer.rows.map { $0["type"] as? String } == ["Freeform", "Quiz"])
            #expect(answer.rows.map { $0["name"] as? String } == ["PLOP", "XXX"])
            #expect(answer.rows.map { $0["points"] as? Double } == [100, 0])
            // A float, as it is printed.
            #expect(answer.text.contains(#""points":100.0"#) && answer.text.contains(#""points":0.0"#))
        }
    }

    @Test("get_users_with_ids([1,2])")
    func users() async throws {
        try await ask { caller in
            let answer = caller.call(
                "GET",
                "/api/get_users_with_ids?api_key=\(Self.key)&user_ids[]=1&user_ids[]=2"
            )
            #expect(answer.status == 200)
            #expect(answer.rows.map { $0["last_name"] as? String } == ["Smith", "Jones"])
            #expect(answer.rows.allSatisfy { $0.keys.contains("ssn") })
            #expect(answer.ids == [1, 2])
            let encoded = caller.call(
                "GET",
                "/api/get_users_with_ids?api_key=\(Self.key)&user_ids%5B%5D=1&user_ids%5B%5D=2"
            )
            #expect(encoded.bytes == answer.bytes)
        }
    }

    @Test("get_version, with an incorrect key")
    func wrongKey() async throws {
        try await ask { caller in
            let answer = caller.call("GET", "/api/get_version?api_key=23-34-d31dae3671")
            #expect(answer.status == 401)
            #expect(answer.text == #"{"message":"Invalid API key"}"#)
            #expect(answer.contentType == "application/json; charset=utf-8")
        }
    }
}
