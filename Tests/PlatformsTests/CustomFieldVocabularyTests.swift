import Testing

@testable import Platforms

@Suite("Names in learners.custom_fields that come to nothing")
struct CustomFieldVocabularyTests {
    private func findings(_ kind: String, _ names: [String], known: Set<String>? = nil) throws -> [String] {
        let kind = try #require(PlatformRegistry.kinds.first { $0.kind == kind })
        return kind.customFields.findings(of: names, known: known).map(\.detail)
    }

    private let never = "learners.custom_fields names what is never kept there: "
    private let unknown = "learners.custom_fields names what no account of the platform has: "

    @Test("what may be kept nowhere is said without asking anybody")
    func forbidden() throws {
        #expect(try findings("matrix", ["birthdate", "Room", "picture"]) == [never + "birthdate, picture"])
        #expect(try findings("grow", ["cf_ssn", "fields.password", "cf_badge"]) == [never + "cf_ssn, fields.password"])
        #expect(try findings("matrix", ["phone", "year_of_graduation", "teacher_id"], known: ["teacher_id"]) == [])
    }

    @Test("what no account has is said where the accounts are known, spelling and all")
    func absent() throws {
        #expect(try findings("matrix", ["Room"]) == [], "nothing is known yet")
        #expect(try findings("matrix", ["Room", "Flor"], known: ["Room", "Floor"]) == [unknown + "Flor"])
        #expect(
            try findings("learnworlds", ["fields.cf_a", "utms.source", "cf_b"], known: ["cf_a"]) == [unknown + "cf_b"]
        )
    }

    @Test("a kind with names of its own knows the others at once")
    func fixed() throws {
        #expect(try findings("blackboard", ["uuid", "job.title", "studentID"]) == [unknown + "studentID"])
        #expect(try findings("blackboard", ["birthDate"]) == [unknown + "birthDate"])
    }
}
