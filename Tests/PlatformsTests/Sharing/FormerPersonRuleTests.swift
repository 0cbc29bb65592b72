import Extractor
import Testing

@testable import Platforms

@Suite("Rows that an earlier release stored under a former rule for persons")
struct FormerPersonRuleTests {
    private static func kind(_ name: String) throws -> KindDescription {
        try #require(PlatformRegistry.kinds.first { $0.kind == name })
    }

    private static func settings(
        _ kind: String,
        _ pseudonymize: [String],
        _ policy: CustomFieldsPolicy
    ) -> SourceSettings {
        SourceSettings(
            id: "acme",
            kind: kind,
            url: "https://acme.example.org",
            credentials: Credentials(),
            requestsPerSecond: 1,
            streams: ["learners"],
            customFields: policy,
            pseudonymize: pseudonymize,
            pseudonymKey: pseudonymize.isEmpty ? nil : Secret(String(repeating: "k", count: 32))
        )
    }

    private static let names = ["email", "first_name", "last_name", "username"]

    @Test(
        "are as the common rule stores them where no number is a pseudonym",
        arguments: ["grow", "learnworlds", "blackboard", "matrix"]
    )
    func unaffected(name: String) throws {
        let kind = try Self.kind(name)
        for policy in [CustomFieldsPolicy.all, .none, .named(["studentId", "Badge"])] {
            for columns in [[], Self.names] + Self.names.map({ [$0] }) {
                let form = StoredForm(Self.settings(name, columns, policy), kind: kind)
                #expect(form.personRule == nil && form.ofEarlierRelease == form)
                #expect(!form.json.contains("person_rule"), "the stored text is that of the release before")
            }
        }
    }

    @Test(
        "have to be read again where the number can stand elsewhere in clear",
        arguments: [
            ("grow", .all, ["email", "first_name", "last_name", "username", "tags"], []),
            ("learnworlds", CustomFieldsPolicy.none, ["email", "first_name", "last_name", "username", "tags"], nil),
            (
                "blackboard", .all, [],
                ["uuid", "dataSourceId", "institutionRoleIds", "job.title", "job.department", "job.company"]
            ),
            (
                "blackboard", .named(["studentId"]), [],
                [
                    "uuid", "dataSourceId", "institutionRoleIds", "job.title", "job.department", "job.company",
                ]
            ),
            ("matrix", .all, [], []),
        ] as [(String, CustomFieldsPolicy, [String], [String]?)]
    )
    func affected(name: String, policy: CustomFieldsPolicy, emptied: [String], kept: [String]?) throws {
        let kind = try Self.kind(name)
        let wanted = StoredForm(Self.settings(name, ["external_id"], policy), kind: kind)
        #expect(StoredForm(json: wanted.json) == wanted && wanted.personRule == "2")
        #expect(FormChange(from: wanted, to: wanted, kind: kind) == nil, "what this release stored stays")
        let stored = try #require(StoredForm(json: wanted.ofEarlierRelease.json))
        let change = try #require(FormChange(from: stored, to: wanted, kind: kind))
        #expect(change.streams == ["learners"] && !change.emptiesFreeText)
        #expect(change.emptied == emptied && change.keptFields == kept)
        #expect(change.settings.count == 1 && change.settings[0].contains("external_id"))
    }

    @Test("are left alone where no field is kept that could hold the number")
    func nothingKept() throws {
        for (name, policy) in [
            ("blackboard", CustomFieldsPolicy.named(["uuid"])), ("blackboard", .none), ("matrix", .none),
        ] {
            let kind = try Self.kind(name)
            let wanted = StoredForm(Self.settings(name, ["external_id"], policy), kind: kind)
            #expect(FormChange(from: wanted.ofEarlierRelease, to: wanted, kind: kind) == nil)
        }
    }

    @Test("another change of the settings says what it is, and empties as much")
    func together() throws {
        let kind = try Self.kind("grow")
        let before = StoredForm(Self.settings("grow", ["external_id", "email"], .all), kind: kind).ofEarlierRelease
        let now = StoredForm(Self.settings("grow", ["external_id"], .all), kind: kind)
        let change = try #require(FormChange(from: before, to: now, kind: kind))
        #expect(change.settings.count == 2 && change.settings[0].contains("email switched off"))
        #expect(Set(change.emptied) == Set(PersonColumns.names + ["tags"]) && change.keptFields == [])
        let off = StoredForm(Self.settings("grow", [], .all), kind: kind)
        let clear = try #require(FormChange(from: before, to: off, kind: kind))
        #expect(clear.settings.count == 1 && clear.keptFields == nil, "in clear nothing has to go")
    }
}
