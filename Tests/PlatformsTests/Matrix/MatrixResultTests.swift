import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("MATRIX results and awards")
struct MatrixResultTests {
    private static let guide = """
        [{"user_id":900101,"percent":"87.5","grade":"B+","grading_periods":[{"name":"Default","percent":"87.5",\
        "grade":"B+","assignments":[\
        {"id":6001,"percent":"85","grade":"B","score":"17","points":20.0,"comment":null,\
        "submitted_at":"2025-02-05T13:20+02:00","grader_id":null},\
        {"id":6002,"percent":null,"grade":"M","score":null,"points":10.0,"comment":"see me","submitted_at":null,\
        "grader_id":900777,"gradebook":true},\
        {"id":6003,"percent":"","grade":null,"score":null,"points":5}]}]}]
        """

    private func gradebook(_ json: String, periods: Set<String> = []) throws -> MatrixGradebook {
        try reading(json) { MatrixMapping.plain.gradebook($0, course: "501", periods: periods) }
    }

    @Test("the guide's gradebook: the default period is none, empty cells are kept apart")
    func guideExample() throws {
        let book = try gradebook(Self.guide)
        let grades = book.grades.records
        #expect(grades.map(\.assessmentID) == ["course:501", "6001", "6002"])
        #expect(grades.map(\.status) == ["graded", "graded", "missing"])
        #expect(grades.map(\.letter) == ["B+", "B", nil])
        #expect(grades.map(\.overridden) == [false, false, true])
        #expect(grades.map(\.percent?.token) == ["87.5", "85", nil])
        #expect((grades[1].score?.token, grades[1].pointsPossible?.token) == ("17", "20"))
        #expect(grades[1].submittedAt == (try matrixTime("2025-02-05T11:20:00Z")))
        #expect(book.emptied.map(\.assessmentID) == ["6003"])
        #expect(book.assignments == ["6001", "6002", "6003"])
        #expect(book.grades.drift.isEmpty)
        let withPeriods = try gradebook(Self.guide, periods: ["period:501:Term"])
        #expect(withPeriods.grades.records.map(\.assessmentID).contains("period:501:Default"))
    }

    @Test(
        "percentages and scores in every form",
        arguments: [
            (#""85""#, "85", nil), ("85.50", "85.5", nil), (#""85%""#, "85", nil), (#"" 85 % ""#, "85", nil),
            (#""""#, nil, nil), ("null", nil, nil), (#""B+""#, nil, "B+"), ("[]", nil, nil),
        ] as [(String, String?, String?)]
    )
    func forms(json: String, number: String?, letter: String?) throws {
        let book = try gradebook(
            #"[{"user_id":1,"grading_periods":[{"assignments":[{"id":2,"percent":\#(json),"score":null,"grade":null}]}]}]"#
        )
        let grade = try #require((book.grades.records + book.emptied).first { $0.assessmentID == "2" })
        #expect(grade.percent?.token == number)
        #expect(grade.letter == letter)
        #expect(grade.status == (number == nil && letter == nil ? "not_graded" : "graded"))
    }

    @Test(
        "special grades are states and no letters",
        arguments: [("X", "excused"), ("M", "missing"), ("I", "incomplete"), ("AB", "absent")]
    )
    func codes(code: String, status: String) throws {
        let book = try gradebook(#"[{"user_id":1,"grading_periods":[{"assignments":[{"id":2,"grade":"\#(code)"}]}]}]"#)
        let grade = try #require(book.grades.records.first { $0.assessmentID == "2" })
        #expect((grade.status, grade.letter, grade.exempt) == (status, nil, code == "X" ? true : nil))
    }

    @Test("a cell that cannot be read is rejected alone; a learner without a number with everything below")
    func rejects() throws {
        let book = try gradebook(
            """
            [{"user_id":1,"percent":90,"grading_periods":[{"assignments":[{"id":null,"score":1},\
            {"id":3,"id":4,"score":1},{"id":5,"score":"7","submitted_at":"2025-02-05T13:20Z"}]}]},\
            {"user_id":"x"},7]
            """
        )
        #expect(book.grades.records.map(\.assessmentID) == ["course:501", "5"])
        #expect(book.grades.rejects.map(\.cause) == [.missingKey, .duplicateKey, .keyOfWrongType, .notAnObject])
        #expect(book.grades.rejects.first?.naturalKey == "501/1/")
    }

    private func completions(_ json: String) throws -> (Batch<Certificate>, [MatrixCompletion]) {
        try reading(json) { root in
            var batch = Batch<Certificate>(stream: "certificates")
            let completions = MatrixMapping.guarded.completions(root, into: &batch)
            return (batch, completions)
        }
    }

    @Test("the guide's award: a stable id, a plain duration, no link")
    func award() throws {
        let json = """
            [{"class":{"id":501,"name":"Forklift safety"},"student":{"id":900101,"first_name":"Ana","ssn":"PLANTED",\
            "completed_at":"2025-03-02T11:05+02:00","percent":"92.5","grade":"A"},"certificates":[{"id":31,\
            "name":"Forklift permit","description":"2-year permit","printable":true,"duration":"2 years",\
            "certificate_file_url":"https://x.test/api/download_certificate?id=1&api_key=\(MatrixMapping.plantedKey)"}]},\
            {"class":{"id":501},"student":{"id":2},"certificates":[]},{"class":{"id":1}},{"class":{"id":"a"},"student":{"id":1}}]
            """
        let (batch, completions) = try completions(json)
        #expect(completions.map(\.learner) == ["900101", "2"])
        #expect(batch.rejects.map(\.cause) == [.missingKey, .keyOfWrongType])
        let award = try #require(completions.first?.awards.first)
        let issued = award.issued(at: completions[0].completedAt, now: MatrixMapping.testNow)
        #expect(issued.certificateID == ContentHash.identity(of: "501", "900101", "31"))
        #expect(issued.expiresAt == (try matrixTime("2027-03-02T09:05:00Z")))
        #expect(
            (issued.title, issued.type, issued.score, issued.status) == (
                "Forklift permit", "certificate", "92.5", "issued"
            )
        )
        #expect(award.issued(at: try matrixTime("2020-01-01T00:00Z"), now: MatrixMapping.testNow).status == "expired")
        let untimed = award.issued(at: nil, now: MatrixMapping.testNow)
        #expect(untimed.issuedAt == nil && untimed.expiresAt == nil && untimed.status == "issued")
        #expect(completions[0].user?.firstName == "Ana")
        #expect(!"\(completions)".contains("PLANTED") && !"\(completions)".contains(MatrixMapping.plantedKey))
    }

    @Test(
        "durations by the calendar",
        arguments: [
            ("30 days", "2024-03-01T10:00Z"), ("2 weeks", "2024-02-14T10:00Z"), ("1 month", "2024-02-29T10:00Z"),
            ("13 months", "2025-02-28T10:00Z"), ("4 Years", "2028-01-31T10:00Z"), ("for ever", nil), ("year", nil),
            ("2", nil), ("-1 years", nil),
        ] as [(String, String?)]
    )
    func durations(text: String, end: String?) throws {
        let start = try matrixTime("2024-01-31T10:00Z")
        #expect(CertificateDuration.end(of: text, from: start) == (try end.map(matrixTime)))
    }

    @Test("sessions are events whose id tells those of one minute apart")
    func sessions() throws {
        let json = """
            [{"id":900101,"count":3,"sessions":[{"login_at":"2025-03-01T07:38+02:00","logout_at":"2025-03-01T07:40+02:00",\
            "ip_address":"PLANTED"},{"login_at":"2025-03-01T07:38+02:00","logout_at":null},{"logout_at":null}]}]
            """
        let (batch, users) = try reading(json) { root in
            var batch = Batch<Event>(stream: "events")
            let users = MatrixMapping.plain.sessions(root, into: &batch)
            return (batch, users)
        }
        let user = try #require(users.first)
        #expect(user.isOpen)
        #expect(Set(user.events.map(\.eventID)).count == 2)
        #expect(
            user.events.map(\.payload?.text) == [#"{"logout_at":"2025-03-01T07:40+02:00"}"#, #"{"logout_at":null}"#]
        )
        #expect(user.events.allSatisfy { $0.activity == "login" && $0.learnerID == "900101" })
        #expect(batch.rejects.map(\.cause) == [.unusableTime])
        #expect(!"\(user.events)".contains("PLANTED"))
    }
}
