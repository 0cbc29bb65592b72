import Records
import Transformer

/// The columns of `lms.learners` that name a person, and which of a person's data is stored under which setting: one
/// rule for every platform.
///
/// `learners.pseudonymize` replaces the columns it names by keyed hashes, and with them every other of these columns
/// whose value spells one of theirs: a user name is often the address or the name itself. A tag that spells such a
/// value, a custom field that does so, and a custom field of such a column's name are left out.
/// `learners.custom_fields` decides about the other fields of a person.
package struct PersonColumns: Sendable {
    /// A column that names a person.
    package struct Column: Sendable {
        package let name: String
        let value: any WritableKeyPath<Learner, String?> & Sendable
        /// How platforms and schools call fields that hold the same thing, in small letters alone.
        let fieldNames: Set<String>
        /// Whether it says who somebody is to everybody, so that free text may spell it.
        let isName: Bool
    }

    /// All of them, in the order in which documents and messages name them.
    package static let all = [
        Column(name: "email", value: \.email, fieldNames: ["email"], isName: true),
        Column(name: "first_name", value: \.firstName, fieldNames: ["firstname"], isName: true),
        Column(name: "last_name", value: \.lastName, fieldNames: ["lastname"], isName: true),
        Column(name: "username", value: \.username, fieldNames: ["username", "userid"], isName: true),
        externalID,
    ]

    /// The number that the school knows the person by.
    static let externalID = Column(
        name: "external_id",
        value: \.externalID,
        fieldNames: ["externalid", "studentid", "teacherid"],
        isName: false
    )

    /// What `learners.pseudonymize` may name.
    package static let names = all.map(\.name)

    /// Whether free text, which may spell a name, is left out where these columns are pseudonymised.
    package static func hidesFreeText(_ pseudonymize: some Sequence<String>) -> Bool {
        let names = all.filter(\.isName).map(\.name)
        return pseudonymize.contains(where: names.contains)
    }

    /// Which custom fields are kept.
    let policy: CustomFieldsPolicy
    /// Whether free text is left out, since it may spell a name.
    let hidesFreeText: Bool
    private let named: Set<String>
    private let pseudonymizer: Pseudonymizer?
    private let replaced: [Column]
    private let forbids: @Sendable (String) -> Bool

    /// - Parameters:
    ///   - policy: `learners.custom_fields`.
    ///   - pseudonymizer: What `learners.pseudonymize` asks for.
    ///   - prefix: What may stand before a field's name in `learners.custom_fields`: the object the platform has it in.
    ///   - forbids: Whether a field of a name is stored under no setting.
    init(
        policy: CustomFieldsPolicy,
        pseudonymizer: Pseudonymizer?,
        prefix: String = "",
        forbids: @escaping @Sendable (String) -> Bool = NeverStore.forbids
    ) {
        self.policy = policy
        self.pseudonymizer = pseudonymizer
        self.forbids = forbids
        replaced = Self.all.filter { pseudonymizer?.replaces($0.name) ?? false }
        hidesFreeText = Self.hidesFreeText(replaced.map(\.name))
        if case .named(let names) = policy {
            named = Set(names).union(names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
        } else {
            named = []
        }
    }

    // MARK: Custom fields

    /// What becomes of a custom field, as far as its name says.
    func verdict(onField name: String) -> NeverStore.Verdict {
        if forbids(name) { return .never }
        // It holds in clear what a column holds as a pseudonym.
        if replaced.contains(where: { $0.isMeant(byField: name) }) { return .contact }
        return switch policy {
        case .none: .contact
        case .named: named.contains(name) ? .allowed : .contact
        case .all: NeverStore.verdict(on: name)
        }
    }

    /// Whether a custom field is stored, as far as its name says.
    func keeps(field name: String) -> Bool { verdict(onField: name) == .allowed }

    // MARK: Values

    /// What must show nowhere in clear of `learner`, whose columns are still as the platform sends them.
    func hidden(of learner: Learner) -> HiddenTexts {
        HiddenTexts(replaced.compactMap { learner[keyPath: $0.value] })
    }

    /// Replaces what is to be replaced, and leaves out the tags that spell it.
    func hide(_ hidden: HiddenTexts, in learner: inout Learner) {
        guard let pseudonymizer else { return }
        for column in Self.all {
            guard let plain = learner[keyPath: column.value],
                pseudonymizer.replaces(column.name) || hidden.areSpelled(by: plain)
            else { continue }
            learner[keyPath: column.value] = pseudonymizer.pseudonym(of: plain, in: column.name)
        }
        learner.tags?.removeAll(where: hidden.areSpelled)
    }
}

extension PersonColumns.Column {
    /// Whether a custom field of this name holds what the column holds: `cf_firstName`, `Student ID`.
    func isMeant(byField name: String) -> Bool {
        let bare = name.hasPrefix("cf_") ? name.dropFirst(3) : Substring(name)
        return fieldNames.contains(bare.lowercased().filter(\.isLetter))
    }
}
