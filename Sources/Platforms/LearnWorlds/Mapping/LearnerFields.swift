import JSON
import Records
import Transformer

/// Builds `learners.custom_fields` of one user after another.
///
/// Kept: what the policy allows. Credentials, national ids and billing data never are; contact and attribution only
/// where they are named; nothing that spells a pseudonymised column of the same user (``PersonColumns``).
struct LearnerFields {
    /// What the next user's fields must not spell.
    var hidden = HiddenTexts([])

    private let named: Set<String>
    private let externalIDField: String?
    private let screen: SecretScreen
    private var filter: JSONFilter
    /// For what was named as a whole: its members are contact or attribution, and wanted.
    private var namedFilter: JSONFilter
    private var verdicts: NameVerdicts
    private var builder = JSONObjectBuilder()

    init(mapping: LearnWorldsMapping) {
        externalIDField = mapping.externalIDField
        screen = mapping.context.screen
        named = if case .named(let names) = mapping.persons.policy { Set(names) } else { [] }
        filter = JSONFilter(screen: screen)
        namedFilter = JSONFilter(screen: screen) { NeverStore.forbids($0) ? .never : .allowed }
        verdicts = NameVerdicts(judge: mapping.persons.verdict)
    }

    /// What the school calls the person: the field of the user's `fields` that is configured to hold it.
    func externalID(in fields: JSONValue?) -> String? {
        guard let externalIDField, let fields else { return nil }
        var id: String?
        for (key, value) in fields.members where key.bytes.elementsEqual(externalIDField.utf8) {
            id = text(of: value, named: externalIDField)
        }
        return id
    }

    /// Reads the user's `fields`.
    mutating func read(_ fields: JSONValue?, drift: inout DriftLog) {
        guard let fields else { return }
        for (key, value) in fields.members {
            // Kept once: where it is to be a pseudonym, it must not stand in clear beside it.
            if let externalIDField, key.bytes.elementsEqual(externalIDField.utf8) { continue }
            switch verdicts.verdict(on: key.bytes) {
            case .allowed where screen.condemns(key.bytes) || hidden.areSpelled(by: value): continue
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
            guard !hidden.areSpelled(by: value) else { return }
            namedFilter.addUnjudged(bytes, value, to: &builder)
        } else if value.kind == .object, named.contains(where: { $0.hasPrefix("\(text).") }) {
            var inner = JSONObjectBuilder()
            for (key, member) in value.members
            where named.contains("\(text).\(key.string)") && !hidden.areSpelled(by: member) {
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
