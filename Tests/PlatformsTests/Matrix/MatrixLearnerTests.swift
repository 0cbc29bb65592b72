import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("MATRIX learners")
struct MatrixLearnerTests {
    private static let guide = """
        [{"id":900101,"userid":"a.moreau","first_name":"Ana","last_name":"Moreau","email":"ana@example.test",\
        "student":true,"teacher":false,"assistant":false,"administrator":false,"monitor":false,"manager":false,\
        "student_id":"S-0042","teacher_id":null,"organization_id":77,"joined_at":"2024-01-15T09:30+01:00",\
        "first_login_at":"2024-01-16T08:02+01:00","last_login_at":null,"logins":12,"archived":false,\
        "archived_at":null,"job_title_id":5,"Cost centre":"CC-9"}]
        """

    private func read(
        _ json: String,
        _ mapping: MatrixMapping = .plain
    ) throws -> (batch: Batch<Learner>, logins: [MatrixLogin]) {
        try reading(json) { root in
            var batch = Batch<Learner>(stream: "learners")
            let logins = mapping.learners(root, into: &batch)
            return (batch, logins)
        }
    }

    @Test("the guide's example; the logins are a hint and a column")
    func guideExample() throws {
        let (batch, logins) = try read(Self.guide)
        #expect(
            batch.records == [
                Learner(
                    learnerID: "900101",
                    username: "a.moreau",
                    email: "ana@example.test",
                    firstName: "Ana",
                    lastName: "Moreau",
                    externalID: "S-0042",
                    role: "learner",
                    roles: ["learner"],
                    status: "active",
                    organizationID: "77",
                    jobTitleID: "5",
                    createdAt: try matrixTime("2024-01-15T08:30:00Z"),
                    firstLoginAt: try matrixTime("2024-01-16T07:02:00Z"),
                    loginCount: 12
                )
            ]
        )
        #expect(logins == [MatrixLogin(learner: "900101", count: 12, lastAt: nil)])
        #expect(batch.rejects.isEmpty)
    }

    @Test(
        "the first role that is true counts",
        arguments: [
            ("administrator", "admin"), ("manager", "manager"), ("teacher", "instructor"), ("assistant", "assistant"),
            ("monitor", "monitor"), ("student", "learner"), ("parent", "parent"),
        ]
    )
    func roles(flag: String, role: String) throws {
        let (batch, _) = try read(#"[{"id":1,"parent":true,"\#(flag)":true,"archived":true}]"#)
        let expected = flag == "parent" ? "parent" : role
        #expect(batch.records.first?.role == expected)
        #expect(batch.records.first?.status == "archived")
        let both = try read(#"[{"id":1,"student":true,"teacher":true,"administrator":true}]"#)
        #expect(both.batch.records.first?.role == "admin")
        #expect(both.batch.records.first?.roles == ["admin", "instructor", "learner"])
    }

    @Test("an id that is no whole number rejects the record; a second id is a field of the school")
    func ids() throws {
        let (batch, logins) = try read(
            #"[{"id":"900","userid":"x"},{"userid":"y"},{"id":7,"id":"shadow","userid":"z"}]"#
        )
        #expect(batch.records.map(\.learnerID) == ["7"])
        #expect(batch.rejects.map(\.cause) == [.keyOfWrongType, .missingKey])
        #expect(logins.map(\.learner) == ["7"])
        let all = try read(
            #"[{"id":7,"id":"shadow","state":"RO","state":"open"}]"#,
            MatrixMapping(customFields: .all, now: MatrixMapping.testNow)
        )
        #expect(all.batch.records.first?.customFields?.text == #"{"id":"shadow","state":"open"}"#)
    }

    @Test("custom fields: none by default, all or some where the configuration says so")
    func customFields() throws {
        #expect(try read(Self.guide).batch.records.first?.customFields == nil)
        let all = try read(Self.guide, MatrixMapping(customFields: .all, now: MatrixMapping.testNow))
        #expect(all.batch.records.first?.customFields?.text == #"{"Cost centre":"CC-9"}"#)
        let named = MatrixMapping(customFields: .named(["Cost centre", "phone"]), now: MatrixMapping.testNow)
        let some = try read(#"[{"id":1,"Cost centre":"A","Floor":"2","phone":"123"}]"#, named)
        #expect(some.batch.records.first?.customFields?.text == #"{"Cost centre":"A","phone":"123"}"#)
        #expect(some.batch.drift.map(\.field) == ["Floor"], "what is not named is left out, and said to be")
    }

    @Test("where an account has both numbers of the school, the second is a custom field")
    func bothNumbers() throws {
        let mapping = MatrixMapping(customFields: .all, now: MatrixMapping.testNow)
        let (batch, _) = try read(
            #"[{"id":1,"student_id":"S-1","teacher_id":"T-1"},{"id":2,"teacher_id":"T-2"},{"id":3,"student_id":7.0}]"#,
            mapping
        )
        #expect(batch.records.map(\.externalID) == ["S-1", "T-2", "7"])
        #expect(batch.records.map { $0.customFields?.text } == [#"{"teacher_id":"T-1"}"#, nil, nil])
    }

    @Test("what looks like a national id is dropped whatever the configuration says, and named")
    func neverStored() throws {
        let names = ["CNP", "Tax ID", "Passport no", "pwd", "PIN", "Date of birth", "IBAN", "National number"]
        let fields = names.map { "\"\($0)\":\"PLANTED\"" }.joined(separator: ",")
        let json = """
            [{"id":1,"password":"PLANTED","ssn":"123-45","access_code":"PLANTED","picture":"PLANTED",\
            "birthdate":"PLANTED","Badge":"123-45","Motto":"planted","Room":"9",\(fields)}]
            """
        for policy in [CustomFieldsPolicy.all, .named(names + ["Badge", "Motto", "Room", "ssn", "birthdate"])] {
            let (batch, _) = try read(json, MatrixMapping(customFields: policy, now: MatrixMapping.testNow))
            #expect(batch.records.first?.customFields?.text == #"{"Room":"9"}"#)
            let dropped = Set(batch.drift.filter { !$0.kept }.map(\.field))
            #expect(dropped.isSuperset(of: names + ["Badge", "Motto"]), "\(dropped)")
            #expect(!"\(batch.records)".contains("PLANTED"))
        }
    }

    @Test("values that carry the key are dropped whole")
    func secrets() throws {
        let json = """
            [{"id":1,"userid":"u","first_name":"\(MatrixMapping.plantedKey)","email":"a@example.test",\
            "Link":"https://x.test/?api_key=abc"}]
            """
        let (batch, _) = try read(json, .guarded)
        #expect(batch.records.first?.firstName == nil)
        #expect(batch.records.first?.customFields == nil)
    }

    @Test("pseudonyms replace the columns and every text that spells them")
    func pseudonyms() throws {
        let pseudonymizer = try #require(
            Pseudonymizer(sourceID: "acme", key: Array(repeating: 7, count: 32), columns: ["email", "last_name"])
        )
        let mapping = MatrixMapping(customFields: .all, pseudonymizer: pseudonymizer, now: MatrixMapping.testNow)
        let json = """
            [{"id":1,"userid":"moreau","email":"ana@example.test","last_name":"Moreau","Contact":"ana@example.test",\
            "Note":"Ms Moreau","Room":"9"}]
            """
        let (batch, _) = try read(json, mapping)
        let learner = try #require(batch.records.first)
        #expect(learner.email == pseudonymizer.pseudonym(of: "ana@example.test", in: "email"))
        #expect(learner.username == pseudonymizer.pseudonym(of: "moreau", in: "username"))
        #expect(learner.customFields?.text == #"{"Room":"9"}"#)
    }

    @Test("times come with and without seconds, in every spelling of the offset")
    func times() throws {
        let spellings = [
            "2025-03-01T07:38+02:00", "2025-03-01T07:38:00+0200", "2025-03-01T05:38Z", "2025-03-01T05:38:00.000Z",
        ]
        for text in spellings {
            let (batch, _) = try read(#"[{"id":1,"last_login_at":"\#(text)"}]"#)
            #expect(batch.records.first?.lastLoginAt == (try matrixTime("2025-03-01T05:38:00Z")), "\(text)")
        }
        let odd = try read(#"[{"id":1,"joined_at":"yesterday","last_login_at":""}]"#)
        #expect(odd.batch.records.first?.createdAt == nil)
        #expect(odd.batch.rejects.isEmpty)
    }
}
