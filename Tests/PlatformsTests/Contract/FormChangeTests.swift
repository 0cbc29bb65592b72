import Extractor
import Platforms
import Testing

@Suite("The form of stored rows")
struct FormChangeTests {
    private static let kind = KindDescription(
        kind: "grow",
        title: "Grow",
        streams: ["learners"],
        defaultStreams: ["learners"],
        defaultRequestsPerSecond: 1,
        credentialSets: [],
        freeTextStreams: ["events"],
        options: [
            SourceOption.text("field", example: "cf", reshapes: .learners, help: "").description,
            SourceOption.list("types", default: ["a"], reshapes: .everything, help: "").description,
            SourceOption.duration("pace", example: .seconds(1), help: "").description,
        ]
    )

    private static func form(_ change: (inout SourceSettings) -> Void = { _ in }) -> StoredForm {
        var settings = SourceSettings(
            id: "acme",
            kind: "grow",
            url: "https://acme.example.org",
            credentials: Credentials(),
            requestsPerSecond: 1,
            streams: ["learners"],
            options: ["types": .list(["a"])]
        )
        change(&settings)
        return StoredForm(settings, kind: kind)
    }

    private static func pseudonymized(_ columns: [String], key: String = "k") -> StoredForm {
        form { settings in
            settings.pseudonymize = columns
            settings.pseudonymKey = columns.isEmpty ? nil : Secret(String(repeating: key, count: 32))
        }
    }

    private static func fields(_ policy: CustomFieldsPolicy) -> StoredForm { form { $0.customFields = policy } }

    @Test(
        "a form survives being stored",
        arguments: [form(), pseudonymized(["email"]), fields(.none), fields(.named(["b", "a"]))]
    )
    func stored(_ form: StoredForm) {
        #expect(StoredForm(json: form.json) == form)
        #expect(FormChange(from: form, to: form, kind: Self.kind) == nil)
    }

    @Test("what is written otherwise and means the same is no change")
    func same() {
        let left = Self.form { $0.customFields = .named(["a", "b"]) }
        let right = Self.form { $0.customFields = .named(["b", "a", "b"]) }
        #expect(FormChange(from: left, to: right, kind: Self.kind) == nil)
        let faster = Self.form { $0.options["pace"] = .duration(.seconds(1)) }
        #expect(FormChange(from: Self.form(), to: faster, kind: Self.kind) == nil)
        #expect(StoredForm(json: "{}") == nil)
    }

    @Test("a key is not in the form")
    func key() {
        let form = Self.pseudonymized(["email"], key: "s")
        #expect(!form.json.contains("ssss"))
        #expect(form.keyFingerprint?.count == 16)
    }

    @Test(
        "pseudonyms switched on, widened, narrowed, switched off or made with another key",
        arguments: [
            ([], ["email"], true), (["email"], ["email", "username"], true), (["email", "username"], ["email"], false),
            (["email"], [], false),
        ]
    )
    func pseudonyms(_ before: [String], _ now: [String], _ emptiesFields: Bool) throws {
        let change = try #require(
            FormChange(from: Self.pseudonymized(before), to: Self.pseudonymized(now), kind: Self.kind)
        )
        #expect(change.streams == (before.isEmpty || now.isEmpty ? ["learners", "events"] : ["learners"]))
        #expect(change.emptiesFreeText == before.isEmpty)
        #expect(change.emptied.count == (emptiesFields ? 6 : 5))
        #expect(change.keptFields == (emptiesFields ? [] : nil))
        #expect(change.settings.first?.hasPrefix("learners.pseudonymize (") == true)
    }

    @Test("another key empties what the former one made")
    func otherKey() throws {
        let change = try #require(
            FormChange(
                from: Self.pseudonymized(["email"]),
                to: Self.pseudonymized(["email"], key: "x"),
                kind: Self.kind
            )
        )
        #expect(change.settings == ["REGISTRAR_PSEUDONYM_KEY"])
        #expect(change.emptied.contains("email") && change.keptFields == [])
    }

    @Test(
        "custom fields that may stay",
        arguments: [
            (CustomFieldsPolicy.all, CustomFieldsPolicy.none, [String]?.some([])),
            (.all, .named(["fields.a", "b"]), ["a", "b", "fields.a"]), (.named(["a"]), .all, []), (.none, .all, nil),
            (.named(["a", "b"]), .named(["b"]), ["b"]),
        ]
    )
    func customFields(_ before: CustomFieldsPolicy, _ now: CustomFieldsPolicy, _ kept: [String]?) throws {
        let change = try #require(FormChange(from: Self.fields(before), to: Self.fields(now), kind: Self.kind))
        #expect(change.streams == ["learners"] && change.emptied.isEmpty)
        #expect(change.keptFields.map(Set.init) == kept.map(Set.init))
        #expect(change.settings.first?.hasPrefix("learners.custom_fields (") == true)
    }

    @Test("a zone and an option reach as far as they decide values")
    func reach() throws {
        let zone = try #require(
            FormChange(from: Self.form(), to: Self.form { $0.timeZone = "Asia/Tokyo" }, kind: Self.kind)
        )
        #expect(zone.streams == nil && zone.settings == ["time_zone (UTC before)"])
        let field = try #require(
            FormChange(from: Self.form(), to: Self.form { $0.options["field"] = .string("cf") }, kind: Self.kind)
        )
        #expect(field.streams == ["learners"] && field.settings == ["options.field (the default before)"])
        let types = try #require(
            FormChange(from: Self.form(), to: Self.form { $0.options["types"] = .list(["b"]) }, kind: Self.kind)
        )
        #expect(types.streams == nil)
    }

    @Test("a platform without bare dates does not mind its zone")
    func noBareDates() {
        var kind = Self.kind
        kind.hasBareDates = false
        var settings = SourceSettings(
            id: "a",
            kind: "grow",
            url: "https://a",
            credentials: Credentials(),
            requestsPerSecond: 1,
            streams: []
        )
        let before = StoredForm(settings, kind: kind)
        settings.timeZone = "Asia/Tokyo"
        #expect(before == StoredForm(settings, kind: kind))
    }
}
