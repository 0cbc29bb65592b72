import JSON
import Records
import Transformer

/// Builds `learners.custom_fields` of one user after another.
///
/// Kept: what the policy allows. Credentials, national ids and billing data never are; contact and attribution only
/// where they are named. A text that spells a pseudonymised column of the same user is left out.
struct LearnerFields {
    /// What the school calls the person, from the field that is configured to hold it.
    private(set) var externalID: String?

    private let policy: CustomFieldsPolicy
    private let named: Set<String>
    private let externalIDField: String?
    private let pseudonymizer: Pseudonymizer?
    private let screen: SecretScreen
    private var filter: JSONFilter
    /// For what was named as a whole: its members are contact or attribution, and wanted.
    private var namedFilter: JSONFilter
    private var verdicts: NameVerdicts
    private var builder = JSONObjectBuilder()

    init(mapping: LearnWorldsMapping) {
        policy = mapping.customFields
        externalIDField = mapping.externalIDField
        pseudonymizer = mapping.pseudonymizer
        screen = mapping.context.screen
        let named: Set<String> = if case .named(let names) = mapping.customFields { Set(names) } else { [] }
        self.named = named
        filter = JSONFilter(screen: screen)
        namedFilter = JSONFilter(screen: screen) { NeverStore.forbids($0) ? .never : .allowed }
        let policy = policy
        let hiddenColumns = LearnWorldsMapping.personalColumns.filter { mapping.pseudonymizer?.replaces($0) ?? false }
        verdicts = NameVerdicts { name in
            let verdict = NeverStore.verdict(on: name)
            if verdict == .never { return .never }
            // A field of a pseudonymised column's name holds the same thing in clear.
            let bare = (name.hasPrefix("cf_") ? String(name.dropFirst(3)) : name).lowercased()
            if hiddenColumns.contains(where: { $0.replacing("_", with: "") == bare.replacing("_", with: "") }) {
                return .contact
            }
            switch policy {
            case .none: return .contact
            case .named: return named.contains(name) || named.contains("fields.\(name)") ? .allowed : .contact
            case .all: return verdict
            }
        }
    }

    /// Leaves out texts that spell a pseudonymised column of `learner`.
    mutating func hide(valuesOf learner: Learner, where pseudonymizer: Pseudonymizer) {
        filter.forbiddenTexts = Self.hiddenTexts(of: learner, where: pseudonymizer)
        namedFilter.forbiddenTexts = filter.forbiddenTexts
    }

    /// The lower-cased values of the pseudonymised columns; those too short to name anybody are left out.
    static func hiddenTexts(of learner: Learner, where pseudonymizer: Pseudonymizer) -> [String] {
        [
            ("username", learner.username), ("email", learner.email), ("first_name", learner.firstName),
            ("last_name", learner.lastName),
        ].compactMap { column, value in
            guard let value, value.count >= 3, pseudonymizer.replaces(column) else { return nil }
            return value.lowercased()
        }
    }

    /// Reads the user's `fields`.
    mutating func read(_ fields: JSONValue?, drift: inout DriftLog) {
        externalID = nil
        guard let fields else { return }
        for (key, value) in fields.members {
            if let externalIDField, key.bytes.elementsEqual(externalIDField.utf8) {
                externalID = text(of: value, named: externalIDField)
                // Kept once: where it is to be a pseudonym, it must not stand in clear beside it.
                continue
            }
            switch verdicts.verdict(on: key.bytes) {
            case .allowed where screen.condemns(key.bytes): continue
            case .allowed:
                if named.isEmpty {
                    filter.addUnjudged(key.bytes, value, to: &builder)
                } else {
                    namedFilter.addUnjudged(key.bytes, value, to: &builder)
                }
            case .contact where value.isNull: continue
            case .contact, .never:
                let type = JSONType(of: value)
                drift.note(prefix: "fields.", name: key.bytes, type: type, kept: false, screen: screen)
            }
        }
    }

    /// Adds a member that stands beside `fields`, as far as the configuration names it: `utms`, `utms.*` or
    /// `utms.source`.
    mutating func addNamed(_ name: StaticString, _ value: JSONValue) {
        let text = "\(name)"
        let bytes = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        if named.contains(text) || named.contains("\(text).*") {
            namedFilter.addUnjudged(bytes, value, to: &builder)
        } else if value.kind == .object, named.contains(where: { $0.hasPrefix("\(text).") }) {
            var inner = JSONObjectBuilder()
            for (key, member) in value.members where named.contains("\(text).\(key.string)") {
                namedFilter.add(key.bytes, member, to: &inner)
            }
            guard !inner.isEmpty else { return }
            builder.add(bytes) { output in
                inner.write(into: &output)
                return true
            }
        }
    }

    /// The object built since the last call; `nil` where nothing was kept.
    mutating func finish() -> JSONText? {
        defer { builder.removeAll() }
        return builder.isEmpty ? nil : builder.text
    }

    private func text(of value: JSONValue, named name: String) -> String? {
        guard !NeverStore.forbids(name), let text = value.identifierText, !text.isEmpty else { return nil }
        return screen.condemns(text) ? nil : text
    }
}
