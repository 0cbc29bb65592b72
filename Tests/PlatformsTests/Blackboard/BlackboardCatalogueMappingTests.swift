import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("Blackboard courses, terms, learners and memberships")
struct BlackboardCatalogueMappingTests {
    private static let fall = Term(
        termID: "_7_1",
        title: "Fall 2025",
        type: "DateRange",
        startsAt: learnTime("2025-08-15T00:00:00.000Z"),
        endsAt: learnTime("2025-12-31T23:59:59.000Z"),
        status: "active"
    )

    private static let guideCourse = #"""
        {"id":"_501_1","uuid":"0f3c1d2e4b5a69788796a5b4c3d2e1f0","externalId":"SAFETY-101-FA","courseId":"SAFETY-101-FA",
        "dataSourceId":"_12_1","name":"Workplace Safety","created":"2025-08-01T09:00:00.000Z",
        "modified":"2025-10-02T11:30:15.221Z","organization":false,"ultraStatus":"Ultra","closedComplete":false,
        "termId":"_7_1","availability":{"available":"Term","duration":{"type":"UseTerm"}},
        "enrollment":{"type":"InstructorLed","accessCode":"fake-access-code"},"locale":{"force":false},"hasChildren":true}
        """#

    @Test("the guide's course takes name and dates of its term, and no access code")
    func course() throws {
        let batch = try blackboardBatch("[\(Self.guideCourse)]") {
            BlackboardMapping.plain.courses($0, terms: TermBook([Self.fall]), into: &$1)
        }
        #expect(
            batch.records == [
                Course(
                    courseID: "_501_1",
                    title: "Workplace Safety",
                    code: "SAFETY-101-FA",
                    status: "active",
                    category: "Fall 2025",
                    termID: "_7_1",
                    startsAt: Self.fall.startsAt,
                    endsAt: Self.fall.endsAt,
                    createdAt: learnTime("2025-08-01T09:00:00.000Z"),
                    modifiedAt: learnTime("2025-10-02T11:30:15.221Z"),
                    customFields: JSONText(
                        #"{"dataSourceId":"_12_1","externalId":"SAFETY-101-FA","hasChildren":true,"ultraStatus":"Ultra","#
                            + #""uuid":"0f3c1d2e4b5a69788796a5b4c3d2e1f0"}"#
                    )
                )
            ]
        )
        #expect(batch.drift.isEmpty && batch.rejects.isEmpty)
    }

    @Test(
        "a course's status follows availability, term and closing",
        arguments: [
            (#"{"available":"Yes"}"#, false, "active"), (#"{"available":"No"}"#, false, "unavailable"),
            (#"{"available":"Disabled"}"#, false, "archived"), (#"{"available":"Term"}"#, false, "unavailable"),
            (#"{"available":"Yes"}"#, true, "archived"), (#"{}"#, false, nil),
        ] as [(String, Bool, String?)]
    )
    func status(availability: String, isClosed: Bool, status: String?) throws {
        let json = #"[{"id":"_1_1","availability":\#(availability),"closedComplete":\#(isClosed),"termId":"_9_1"}]"#
        let batch = try blackboardBatch(json) {
            BlackboardMapping.plain.courses($0, terms: TermBook(), into: &$1)
        }
        #expect(batch.records.map(\.status) == [status])
    }

    @Test("the guide's term, as given")
    func term() throws {
        let json = #"""
            [{"id":"_7_1","externalId":"2025-FALL","dataSourceId":"_12_1","name":"Fall 2025","availability":{"available":"Yes",
            "duration":{"type":"DateRange","start":"2025-08-15T00:00:00.000Z","end":"2025-12-31T23:59:59.000Z"}}}]
            """#
        let batch = try blackboardBatch(json) { BlackboardMapping.plain.terms($0, into: &$1) }
        #expect(batch.records == [Self.fall])
        #expect(batch.drift.isEmpty)
    }

    private static let guideUser = #"""
        {"id":"_310_1","uuid":"a1b2c3d4e5f60718293a4b5c6d7e8f90","externalId":"E10310","dataSourceId":"_12_1",
        "userName":"mlopez","studentId":"E10310","created":"2024-01-10T12:00:00.000Z",
        "modified":"2025-09-30T06:12:45.901Z","lastLogin":"2025-10-05T16:40:00.000Z",
        "institutionRoleIds":["STUDENT","ALUMNI"],"systemRoleIds":["User"],"availability":{"available":"Yes"},
        "name":{"given":"Maria","family":"Lopez"},"job":{"title":"Welder"},
        "contact":{"email":"m.lopez@example.org","mobilePhone":"000"},"address":{"city":"X"},"locale":{},
        "birthDate":"2000-01-01T00:00:00.000Z","gender":"Female"}
        """#

    @Test("the guide's user; birth date, gender, phone and address are nowhere")
    func learner() throws {
        let batch = try blackboardBatch("[\(Self.guideUser)]") {
            _ = BlackboardMapping.plain.learners($0, into: &$1)
        }
        #expect(
            batch.records == [
                Learner(
                    learnerID: "_310_1",
                    username: "mlopez",
                    email: "m.lopez@example.org",
                    firstName: "Maria",
                    lastName: "Lopez",
                    externalID: "E10310",
                    role: "learner",
                    roles: ["learner", "alumni"],
                    status: "active",
                    createdAt: learnTime("2024-01-10T12:00:00.000Z"),
                    lastLoginAt: learnTime("2025-10-05T16:40:00.000Z"),
                    customFields: JSONText(
                        #"{"dataSourceId":"_12_1","institutionRoleIds":["ALUMNI"],"job.title":"Welder","#
                            + #""studentId":"E10310","uuid":"a1b2c3d4e5f60718293a4b5c6d7e8f90"}"#
                    )
                )
            ]
        )
        #expect(batch.drift.isEmpty)
    }

    @Test("a preview user is left out and named, unless wanted")
    func previewUser() throws {
        let json = #"[{"id":"_9_1","userName":"mlopez_previewuser"},{"id":"_8_1","userName":"previewuser_fan"}]"#
        var left: [String] = []
        let batch = try blackboardBatch(json) { left = BlackboardMapping.plain.learners($0, into: &$1) }
        #expect(left == ["_9_1"])
        #expect(batch.records.map(\.learnerID) == ["_8_1"])
        let all = BlackboardMapping(skipsPreviewUsers: false, now: BlackboardMapping.testNow)
        let wanted = try blackboardBatch(json) { _ = all.learners($0, into: &$1) }
        #expect(wanted.records.count == 2)
    }

    @Test("a pseudonymised name stands nowhere in clear, its number neither")
    func pseudonyms() throws {
        let columns = ["email", "last_name", "external_id"]
        let pseudonymizer = try #require(
            Pseudonymizer(sourceID: "acme", key: Array(repeating: 7, count: 32), columns: columns)
        )
        let mapping = BlackboardMapping(pseudonymizer: pseudonymizer, now: BlackboardMapping.testNow)
        let batch = try blackboardBatch("[\(Self.guideUser)]") { _ = mapping.learners($0, into: &$1) }
        let text = "\(batch.records)".lowercased()
        #expect(!text.contains("lopez") && !text.contains("e10310"))
        #expect(batch.records.first?.firstName == "Maria")
    }

    @Test("the custom fields follow the policy")
    func policies() throws {
        for (policy, expected) in [
            (CustomFieldsPolicy.none, nil),
            (.named(["job.title", "uuid"]), #"{"job.title":"Welder","uuid":"a1b2c3d4e5f60718293a4b5c6d7e8f90"}"#),
        ] {
            let mapping = BlackboardMapping(customFields: policy, now: BlackboardMapping.testNow)
            let batch = try blackboardBatch("[\(Self.guideUser)]") { _ = mapping.learners($0, into: &$1) }
            #expect(batch.records.map { $0.customFields?.text } == [expected])
        }
    }

    @Test("a membership belongs to the child course, with its parent beside it")
    func membership() throws {
        let json = #"""
            [{"id":"_9001_1","userId":"_310_1","courseId":"_501_1","childCourseId":"_502_1","dataSourceId":"_12_1",
            "created":"2025-08-20T08:15:00.512Z","modified":"2025-09-01T07:00:02.044Z","availability":{"available":"Yes"},
            "courseRoleId":"Student","lastAccessed":"2025-10-05T16:41:09.300Z"},
            {"id":"_9002_1","userId":"_311_1","courseId":"_501_1","childCourseId":null,"courseRoleId":"BbFacilitator",
            "availability":{"available":"Disabled"}},
            {"id":"_9003_1","userId":"_9_1","courseId":"_501_1","courseRoleId":"Student"},
            {"id":"_9004_1","courseId":"_501_1"}]
            """#
        let batch = try blackboardBatch(json) {
            BlackboardMapping.plain.enrollments($0, into: &$1) { $0 == "_9_1" }
        }
        #expect(
            batch.records == [
                Enrollment(
                    courseID: "_502_1",
                    learnerID: "_310_1",
                    role: "learner",
                    status: "active",
                    enrolledAt: learnTime("2025-08-20T08:15:00.512Z"),
                    lastAccessedAt: learnTime("2025-10-05T16:41:09.300Z"),
                    parentCourseID: "_501_1"
                ),
                Enrollment(courseID: "_501_1", learnerID: "_311_1", role: "instructor", status: "ended"),
            ]
        )
        #expect(batch.rejects.map(\.reason) == ["missing key: userId"])
    }
}
