import JSON
import Records
import Testing
import Transformer

@testable import Platforms

/// One person, as each kind of platform sends it, and what is stored of it under each setting: the same everywhere.
@Suite("What is stored of a person")
struct PersonColumnsTests {
    /// How a kind sends a person and stores it.
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        /// The person in the kind's own JSON; fields of the school are put in as the last members.
        let person: @Sendable (Person) -> String
        let read: @Sendable (String, CustomFieldsPolicy, Pseudonymizer?) throws -> Learner?
        var testDescription: String { name }
    }

    struct Person: Sendable {
        var email = "Ada@example.org"
        var firstName = "Augusta"
        var lastName = "Lovelace"
        var username = "countess"
        var externalID = "S-0042"
        /// Members of the object in which the kind has the school's own fields.
        var fields = #""Note":"none""#
        var tags: [String] = []
    }

    static let columns: [(name: String, value: @Sendable (Learner) -> String?)] = [
        ("email", { $0.email }), ("first_name", { $0.firstName }), ("last_name", { $0.lastName }),
        ("username", { $0.username }), ("external_id", { $0.externalID }),
    ]

    static func plain(_ person: Person) -> [String: String] {
        [
            "email": person.email, "first_name": person.firstName, "last_name": person.lastName,
            "username": person.username, "external_id": person.externalID,
        ]
    }

    static func learnWorlds(_ name: String) -> Kind {
        Kind(
            name: name,
            person: { person in
                let tags = person.tags.map { "\"\($0)\"" }.joined(separator: ",")
                return """
                    {"id":"u1","email":"\(person.email)","first_name":"\(person.firstName)",\
                    "last_name":"\(person.lastName)","username":"\(person.username)","tags":[\(tags)],\
                    "fields":{"cf_number":"\(person.externalID)",\(person.fields)}}
                    """
            },
            read: { json, policy, pseudonymizer in
                let mapping = LearnWorldsMapping(
                    customFields: policy,
                    externalIDField: "cf_number",
                    pseudonymizer: pseudonymizer,
                    now: LearnWorldsMapping.testNow
                )
                return try reading("[\(json)]") { root in
                    var batch = Batch<Learner>(stream: "learners")
                    mapping.learners(root, into: &batch)
                    return batch.records.first
                }
            }
        )
    }

    static let matrix = Kind(
        name: "matrix",
        person: { person in
            """
            {"id":1,"email":"\(person.email)","first_name":"\(person.firstName)","last_name":"\(person.lastName)",\
            "userid":"\(person.username)","student_id":"\(person.externalID)",\(person.fields)}
            """
        },
        read: { json, policy, pseudonymizer in
            let mapping = MatrixMapping(
                customFields: policy,
                pseudonymizer: pseudonymizer,
                now: MatrixMapping.testNow
            )
            return try reading("[\(json)]") { root in
                var batch = Batch<Learner>(stream: "learners")
                _ = mapping.learners(root, into: &batch)
                return batch.records.first
            }
        }
    )

    static let blackboard = Kind(
        name: "blackboard",
        person: { person in
            """
            {"id":"_1_1","userName":"\(person.username)","externalId":"\(person.externalID)",\
            "name":{"given":"\(person.firstName)","family":"\(person.lastName)"},\
            "contact":{"email":"\(person.email)"},\(person.fields)}
            """
        },
        read: { json, policy, pseudonymizer in
            let mapping = BlackboardMapping(
                customFields: policy,
                pseudonymizer: pseudonymizer,
                now: BlackboardMapping.testNow
            )
            return try reading("[\(json)]") { root in
                var batch = Batch<Learner>(stream: "learners")
                _ = mapping.learners(root, into: &batch)
                return batch.records.first
            }
        }
    )

    static let kinds = [learnWorlds("grow"), learnWorlds("learnworlds"), blackboard, matrix]
    /// The kinds whose schools name fields themselves.
    static let free = kinds.filter { $0.name != "blackboard" }

    static func pseudonymizer(_ columns: [String]) -> Pseudonymizer? {
        columns.isEmpty ? nil : Pseudonymizer(sourceID: "acme", key: Array(repeating: 7, count: 32), columns: columns)
    }

    /// Reads `person` as `kind` sends it.
    static func stored(
        _ person: Person,
        _ kind: Kind,
        hiding columns: [String] = [],
        _ policy: CustomFieldsPolicy = .all
    ) throws -> Learner {
        try #require(try kind.read(kind.person(person), policy, pseudonymizer(columns)))
    }

    private static let sets: [[String]] =
        columns.map { [$0.name] } + [[], columns.map(\.name), ["email", "last_name"]]

    @Test("each column is stored as it is, or as its pseudonym where that is configured", arguments: kinds, sets)
    func everyColumn(kind: Kind, hiding: [String]) throws {
        let person = Person()
        let learner = try Self.stored(person, kind, hiding: hiding)
        for column in Self.columns {
            let plain = try #require(Self.plain(person)[column.name])
            let expected =
                hiding.contains(column.name)
                ? Self.pseudonymizer(hiding)?.pseudonym(of: plain, in: column.name) : plain
            #expect(column.value(learner) == expected, "\(column.name)")
        }
    }

    @Test(
        "a column that spells a pseudonymised one is a pseudonym, too",
        arguments: kinds,
        [
            ("email", "sis:ada@EXAMPLE.org"), ("first_name", "augusta7"), ("last_name", "lovelace-1"),
            ("username", "x-countess"),
        ]
    )
    func spelledByNumber(kind: Kind, row: (String, String)) throws {
        var person = Person()
        person.externalID = row.1
        let learner = try Self.stored(person, kind, hiding: [row.0])
        #expect(learner.externalID == Self.pseudonymizer([row.0])?.pseudonym(of: row.1, in: "external_id"))
        #expect(try Self.stored(person, kind).externalID == row.1)
    }

    @Test("a user name that spells a pseudonymised number is a pseudonym, too", arguments: kinds)
    func spelledByUsername(kind: Kind) throws {
        var person = Person()
        person.username = "u-s-0042"
        let learner = try Self.stored(person, kind, hiding: ["external_id"])
        #expect(learner.username == Self.pseudonymizer(["external_id"])?.pseudonym(of: "u-s-0042", in: "username"))
        #expect(learner.email == person.email && learner.firstName == person.firstName)
    }

    @Test("a value too short to name anybody hides nothing but itself", arguments: kinds)
    func short(kind: Kind) throws {
        var person = Person()
        (person.firstName, person.username) = ("Al", "always")
        let learner = try Self.stored(person, kind, hiding: ["first_name"])
        #expect(learner.username == "always" && learner.firstName?.utf8.count == 64)
    }

    @Test(
        "a tag that spells a pseudonymised column is left out, whichever column it is",
        arguments: [
            ("email", "ADA@EXAMPLE.ORG"), ("first_name", "augusta's"), ("last_name", "Lovelace"),
            ("username", "the countess"), ("external_id", "no. s-0042"), ("last_name", "&#76;ovelace"),
        ]
    )
    func tags(column: String, tag: String) throws {
        var person = Person()
        person.tags = ["night-shift", tag]
        for kind in [Self.learnWorlds("grow"), Self.learnWorlds("learnworlds")] {
            #expect(try Self.stored(person, kind, hiding: [column]).tags == ["night-shift"])
            #expect(try Self.stored(person, kind).tags == person.tags)
        }
    }

    /// A pseudonymised column, a field that holds its value, and whether the field stays beside it.
    private static let fieldRows: [(column: String, field: String, stays: Bool)] = [
        ("email", #""Contact":"write to ada@example.org""#, false),
        ("first_name", #""Motto":"AUGUSTA""#, false),
        ("last_name", #""Motto":"Ms Lovelace""#, false),
        ("last_name", #""Motto":"Lovel""#, true),
        ("username", #""Login":"countess""#, false),
        ("external_id", #""Badge":"S-0042""#, false),
        ("external_id", #""Badge":["S-0042","A"]"#, false),
        ("external_id", #""Badge":{"list":[{"S-0042":1}]}"#, false),
        ("email", #""E-Mail":"other""#, false),
        ("first_name", #""First name":"other""#, false),
        ("last_name", #""cf_lastName":"other""#, false),
        ("username", #""user_id":"other""#, false),
        ("external_id", #""Student ID":"other""#, false),
        ("external_id", #""teacher_ID":"other""#, false),
        ("email", #""Student ID":"other""#, true),
        ("external_id", #""Room":9"#, true),
    ]

    @Test("a field that spells a pseudonymised column, or is called like one, is left out", arguments: free, fieldRows)
    func ownFields(kind: Kind, row: (column: String, field: String, stays: Bool)) throws {
        var person = Person()
        person.fields = #""Shift":"night","# + row.field
        let (clear, hidden) = (
            try Self.stored(person, kind).customFields?.text, try Self.stored(person, kind, hiding: [row.column])
        )
        #expect(clear?.contains(row.field) == true, "\(clear ?? "-")")
        #expect(hidden.customFields?.text.contains(row.field) == row.stays, "\(hidden.customFields?.text ?? "-")")
        #expect(hidden.customFields?.text.contains(#""Shift":"night""#) == true)
    }

    @Test("a number that spells a pseudonymised column is left out as a text is", arguments: free)
    func numbers(kind: Kind) throws {
        var person = Person()
        (person.username, person.fields) = ("10042", #""Badge":10042,"Room":9"#)
        let learner = try Self.stored(person, kind, hiding: ["username"])
        #expect(learner.customFields?.text == #"{"Room":9}"#)
    }

    @Test("Blackboard's few fields obey the same rule: the second number goes with the first")
    func blackboardFields() throws {
        var person = Person()
        person.fields = #""uuid":"f00","studentId":"77","job":{"title":"Dr Lovelace","company":"Plant"}"#
        let kind = Self.blackboard
        #expect(
            try Self.stored(person, kind).customFields?.text
                == #"{"job.company":"Plant","job.title":"Dr Lovelace","studentId":"77","uuid":"f00"}"#
        )
        #expect(
            try Self.stored(person, kind, hiding: ["last_name"]).customFields?.text
                == #"{"job.company":"Plant","studentId":"77","uuid":"f00"}"#
        )
        #expect(
            try Self.stored(person, kind, hiding: ["external_id"]).customFields?.text
                == #"{"job.company":"Plant","job.title":"Dr Lovelace","uuid":"f00"}"#
        )
    }

    @Test(
        "custom fields: none, all but what is never or only by name, or what is named",
        arguments: free,
        [
            (CustomFieldsPolicy.none, String?.none), (.all, #"{"Shift":"night"}"#),
            (.named(["cell phone", "api token", "absent"]), #"{"cell phone":"07"}"#),
            (.named(["Shift"]), #"{"Shift":"night"}"#),
            (.named([]), nil),
        ]
    )
    func policies(kind: Kind, row: (CustomFieldsPolicy, String?)) throws {
        let (policy, stored) = row
        var person = Person()
        person.fields = #""Shift":"night","cell phone":"07","api token":"t","Passport no":"p""#
        #expect(try Self.stored(person, kind, policy).customFields?.text == stored)
        for column in Self.columns {
            let learner = try Self.stored(person, kind, hiding: [column.name], policy)
            #expect(learner.customFields?.text == stored, "none of them spells \(column.name)")
        }
    }

    @Test(
        "named fields do not come back in clear beside a pseudonym",
        arguments: free
    )
    func named(kind: Kind) throws {
        var person = Person()
        person.fields = #""Student ID":"S-0042","Motto":"countess","Shift":"night""#
        let learner = try Self.stored(
            person,
            kind,
            hiding: ["external_id", "username"],
            .named(["Student ID", "Motto", "Shift"])
        )
        #expect(learner.customFields?.text == #"{"Shift":"night"}"#)
    }

    @Test("free text is left out where a name or an address is a pseudonym, not for a number")
    func freeText() {
        for (columns, hides) in [
            (["email"], true), (["first_name"], true), (["last_name"], true), (["username"], true),
            (["external_id"], false), ([], false), (["external_id", "email"], true),
        ] {
            #expect(PersonColumns.hidesFreeText(columns) == hides)
            #expect(PersonColumns(policy: .all, pseudonymizer: Self.pseudonymizer(columns)).hidesFreeText == hides)
        }
    }

    @Test("the columns are those of the contract, in the order in which messages name them")
    func names() {
        #expect(PersonColumns.names == ["email", "first_name", "last_name", "username", "external_id"])
    }
}
