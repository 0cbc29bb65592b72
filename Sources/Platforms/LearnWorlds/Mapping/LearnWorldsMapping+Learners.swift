import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let learnerShape = RecordShape(
        key: [.member("id")],
        ignored: ignoredOfLearners,
        rejectPayload: ["id", "is_suspended", "created", "last_login"],
        objects: [roleObject]
    )

    /// Members of a user that are known and in no column.
    static let ignoredOfLearners: [StaticString] = [
        "subscribed_for_marketing_emails", "eu_customer", "is_admin", "is_instructor", "is_reporter", "is_affiliate",
        "referrer_id", "signup_approval_status", "utms", "billing_info", "nps_score", "nps_comment", "success",
    ]
    static let roleObject = RecordShape.Inner("role", path: "role.", known: ["level", "name"])

    /// Members of a user beside `fields` that are kept where the configuration names them.
    static let keptWhenNamed: [StaticString] = [
        "subscribed_for_marketing_emails", "eu_customer", "is_affiliate", "referrer_id", "signup_approval_status",
        "utms",
    ]

    /// Reads the users of one page.
    func learners(_ items: JSONValue, into batch: inout Batch<Learner>) {
        var fields = LearnerFields(mapping: self)
        for item in items.elements { learner(item, fields: &fields, into: &batch) }
    }

    /// Reads one user, as `/v2/users/{id}` answers it.
    func learner(_ item: JSONValue, into batch: inout Batch<Learner>) {
        var fields = LearnerFields(mapping: self)
        learner(item, fields: &fields, into: &batch)
    }

    private func learner(_ item: JSONValue, fields: inout LearnerFields, into batch: inout Batch<Learner>) {
        let shape = Self.learnerShape
        guard var reader = batch.reader(of: item, shape: shape, context: context) else { return }
        var learner = Learner(learnerID: reader.key("id"))
        learner.email = reader.text("email", emptyIsNull: true)
        learner.username = reader.htmlText("username")
        learner.firstName = reader.htmlText("first_name", emptyIsNull: true)
        learner.lastName = reader.htmlText("last_name", emptyIsNull: true)
        learner.status = reader.boolean("is_suspended") == true ? "suspended" : "active"
        let level = reader.text("role", "level")
        learner.role = level == "user" ? "learner" : level
        learner.roles = Self.roles(
            level: level,
            role: learner.role,
            name: reader.value("role")?["name"]?.string,
            context
        )
        learner.createdAt = reader.timestampSeconds("created")
        learner.lastLoginAt = reader.timestampSeconds("last_login", zeroIsNull: true)
        let ownFields = reader.object("fields")
        learner.tags = reader.texts("tags")

        learner.externalID = fields.externalID(in: ownFields)
        let hidden = persons.hidden(of: learner)
        fields.hidden = hidden
        if case .named = persons.policy {
            for name in Self.keptWhenNamed {
                if let value = reader.value(name), !value.isNull { fields.addNamed(name, value) }
            }
        }
        fields.read(ownFields, drift: &batch.driftLog)
        learner.customFields = fields.finish()
        persons.hide(hidden, in: &learner)
        batch.append(learner, from: reader, shape: shape)
    }

    /// The role, and the name of a custom one where it says something else.
    private static func roles(level: String?, role: String?, name: String?, _ context: ReadingContext) -> [String]? {
        guard let role else { return nil }
        func bare(_ text: String) -> String { text.lowercased().filter(\.isLetter) }
        guard let name = name.map(HTMLEntities.decoded), !name.isEmpty, !context.screen.condemns(name),
            ![level, role].contains(where: { $0.map(bare) == bare(name) })
        else { return [role] }
        return [role, name]
    }
}
