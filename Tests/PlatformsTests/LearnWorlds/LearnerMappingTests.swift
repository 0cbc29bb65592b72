import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("LearnWorlds learners and enrollments")
struct LearnerMappingTests {
    @Test("the guide's example, field by field")
    func guide() throws {
        let batch = try Fixture("learners/guide").batch { LearnWorldsMapping.plain.learners($0, into: &$1) }
        #expect(
            batch.records == [
                Learner(
                    learnerID: "65f0aa00bb11cc22dd33ee44",
                    username: "Ada L",
                    email: "ada@example.org",
                    firstName: "Ada",
                    lastName: "L",
                    role: "learner",
                    roles: ["learner"],
                    status: "active",
                    tags: ["night-shift"],
                    createdAt: .unix(1_751_290_000, 512_044),
                    customFields: JSONText(#"{"cf_badge":"A-17","cf_forklift":true,"company":"Plant 7"}"#)
                )
            ]
        )
        #expect(batch.drift.isEmpty && batch.rejects.isEmpty)
    }

    @Test("null, 0, empty and missing mean what the guide says, and wrong types are noted")
    func drift() throws {
        let batch = try Fixture("learners/drift").batch(stream: "learners") {
            LearnWorldsMapping.plain.learners($0, into: &$1)
        }
        #expect(batch.rejects.isEmpty)
        let learners = batch.records
        try #require(learners.count == 5)
        #expect(learners.map(\.status) == ["suspended", "active", "suspended", "active", "active"])
        #expect(learners.map(\.role) == ["instructor", "learner", "seat_manager", nil, "reporter"])
        #expect(
            learners.map(\.roles) == [["instructor"], ["learner"], ["seat_manager"], nil, ["reporter", "R"]],
            "a custom role is named where its name says something else"
        )
        #expect(learners[0].email == nil && learners[0].firstName == nil && learners[0].lastName == nil)
        #expect(learners[0].username == "Björn")
        #expect(learners[0].lastLoginAt == nil && learners[0].tags == nil && learners[0].customFields == nil)
        #expect(learners[1].firstName == "Zoë")
        #expect(learners[1].tags == ["a", "7"])
        #expect(learners[1].lastLoginAt == .unix(1_751_290_000, 123_456))
        #expect(learners[1].createdAt == .unix(1_751_290_000, 500_000))
        #expect(learners[2].tags == nil && learners[2].lastLoginAt == nil)
        #expect(learners[3].username == nil && learners[3].createdAt == nil)
        #expect(learners[3].tags == [])
        #expect(learners[3].customFields?.text == #"{"cf_deep":{"list":[1,2.5,"x"],"n":null},"cf_n":null}"#)
        #expect(learners[4].customFields?.text == #"{"cf_a":"1","cf_b":"2"}"#, "sorted, so that order is no change")
        let note = { DriftNote(stream: "learners", field: $0, jsonType: $1, kept: $2) }
        #expect(
            batch.drift == [
                note("tags", "array", true), note("tags", "array", false), note("is_suspended", "number", true),
                note("is_suspended", "string", true), note("is_suspended", "string", false),
                note("created", "string", true), note("created", "number", false),
                note("fields", "string", false), note("last_login", "number", false),
                note("username", "array", false), note("new_flag", "boolean", false),
            ]
        )
    }

    @Test("contact is dropped by default, credentials and national ids always")
    func contactByDefault() throws {
        let batch = try Fixture("learners/contact").batch(stream: "learners") {
            LearnWorldsMapping.plain.learners($0, into: &$1)
        }
        #expect(
            batch.records.first?.customFields?.text
                == #"{"cf_badge":"A-17","cf_mail":"ada@example.org","cf_note":"ask Lovelace","company":"Plant 7","#
                + #""email":"ada@example.org"}"#
        )
        let dropped = Set(batch.drift.map(\.field))
        #expect(
            dropped == [
                "fields.cf_ssn", "fields.cf_tax_id", "fields.password", "fields.api_token", "fields.phone",
                "fields.country", "fields.address", "fields.birthday",
            ]
        )
    }

    @Test("the policy keeps all, none, or just what it names, contact included")
    func policies() throws {
        func fields(_ policy: CustomFieldsPolicy) throws -> String? {
            let mapping = LearnWorldsMapping(customFields: policy, now: LearnWorldsMapping.testNow)
            let batch = try Fixture("learners/contact").batch { mapping.learners($0, into: &$1) }
            return batch.records.first?.customFields?.text
        }
        #expect(try fields(.none) == nil)
        #expect(try fields(.named(["phone", "cf_badge"])) == #"{"cf_badge":"A-17","phone":"+44 20"}"#)
        #expect(try fields(.named(["cf_ssn", "password", "billing_info", "nps_comment"])) == nil)
        #expect(
            try fields(.named(["utms.utm_source", "referrer_id"]))
                == #"{"referrer_id":"r-9","utms":{"utm_source":"mail"}}"#
        )
        #expect(try fields(.named(["utms.*"])) == #"{"utms":{"utm_campaign":"spring","utm_source":"mail"}}"#)
    }

    @Test("the configured field becomes the external id, unless it must never be stored")
    func externalID() throws {
        func external(_ field: String) throws -> String? {
            let mapping = LearnWorldsMapping(
                customFields: .none,
                externalIDField: field,
                now: LearnWorldsMapping.testNow
            )
            return try Fixture("learners/contact").batch { mapping.learners($0, into: &$1) }.records.first?.externalID
        }
        #expect(try external("cf_badge") == "A-17")
        #expect(try external("cf_ssn") == nil)
        #expect(try external("cf_absent") == nil)
    }

    @Test("pseudonymised means everywhere: columns, user name, tags and custom fields")
    func pseudonyms() throws {
        let mapping = try LearnWorldsMapping.hiding("email", "first_name", "last_name", external: "cf_badge")
        let batch = try Fixture("learners/contact").batch { mapping.learners($0, into: &$1) }
        let learner = try #require(batch.records.first)
        for value in [learner.email, learner.firstName, learner.lastName, learner.username] {
            #expect(value?.utf8.count == 64)
        }
        #expect(learner.tags == ["night-shift"])
        #expect(learner.externalID == "A-17")
        #expect(learner.customFields?.text == #"{"company":"Plant 7"}"#)

        let lower = try Fixture(json: #"[{"id":"u9","email":"ada@example.org","first_name":"ada"}]"#)
        let other = lower.batch { mapping.learners($0, into: &$1) }.records.first
        #expect(other?.email == learner.email, "an address is lower-cased first")
        #expect(other?.firstName != learner.firstName, "nothing else is")
    }

    @Test("an enrollment has its own dates, and has expired when its expiry is past")
    func enrollments() throws {
        let guide = try Fixture("enrollments/guide").batch {
            LearnWorldsMapping.plain.enrollments($0, learner: "u1", into: &$1)
        }
        #expect(
            guide.records == [
                Enrollment(
                    courseID: "fire-safety-101",
                    learnerID: "u1",
                    role: "learner",
                    status: "active",
                    enrolledAt: .unix(1_751_290_455),
                    expiresAt: .unix(1_782_826_455, 500_000)
                )
            ]
        )
        #expect(guide.drift.isEmpty)
        let batch = try Fixture("enrollments/variants").batch {
            LearnWorldsMapping.plain.enrollments($0, learner: "u1", into: &$1)
        }
        #expect(batch.records.map(\.courseID) == ["open", "over", "far", "millis", "bare"])
        #expect(batch.records.map(\.status) == ["active", "expired", "active", "active", "active"])
        #expect(batch.records[2].expiresAt == .unix(4_102_444_800), "an expiry may lie far ahead")
        #expect(batch.records[3].enrolledAt == nil && batch.records[3].expiresAt == nil)
        #expect(batch.rejects.map(\.reason) == Array(repeating: "missing key: course.id", count: 3))
        #expect(batch.rejects.first?.naturalKey == "u1/")
    }

    @Test("a roster is a set of learners and nothing else")
    func roster() throws {
        let roster = try Fixture("roster/page").document.withRoot { LearnWorldsMapping.plain.roster($0) }
        #expect(roster.learnerIDs == ["u1", "u2"] && roster.unreadableCount == 3)
    }
}
