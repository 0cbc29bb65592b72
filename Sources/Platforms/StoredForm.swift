import Extractor
import Transformer

/// The settings that decide what a record of the platform looks like as a row: with others the same record is another row.
///
/// Kept in `sync.sources.stored_form` as a JSON object that names each of them, so that a change can be told in words.
package struct StoredForm: Sendable, Equatable {
    /// IANA name; `nil` where the platform sends no bare dates.
    package var timeZone: String?
    package var customFields: CustomFieldsPolicy
    /// Columns of `learners`, sorted.
    package var pseudonymize: [String]
    /// Tells one pseudonym key from another; no key can be computed from it.
    package var keyFingerprint: String?
    /// Options of the platform that differ from their defaults, as text.
    package var options: [String: String]
    /// Which rule left out what spells a pseudonymised column: ``commonRule``, where an earlier one left more in clear.
    package var personRule: String?

    /// The rule that all platforms have in common, ``PersonColumns``.
    private static let commonRule = "2"

    package init(
        timeZone: String? = nil,
        customFields: CustomFieldsPolicy = .all,
        pseudonymize: [String] = [],
        keyFingerprint: String? = nil,
        options: [String: String] = [:]
    ) {
        self.timeZone = timeZone
        self.customFields = customFields
        self.pseudonymize = pseudonymize.sorted()
        self.keyFingerprint = keyFingerprint
        self.options = options
    }

    /// What the settings of a source ask for.
    package init(_ settings: SourceSettings, kind: KindDescription) {
        let key = settings.pseudonymize.isEmpty ? nil : settings.pseudonymKey?.reveal { Array($0.utf8) }
        var options: [String: String] = [:]
        for option in kind.options where option.reshapes != nil {
            guard let value = settings.options[option.name], value != option.defaultValue else { continue }
            options[option.name] = value.text
        }
        self.init(
            timeZone: kind.hasBareDates ? settings.timeZone : nil,
            customFields: settings.customFields.sorted,
            pseudonymize: settings.pseudonymize,
            keyFingerprint: key.flatMap(Pseudonymizer.fingerprint(ofKey:)),
            options: options
        )
        let former = FormerPersonRule(pseudonymize: pseudonymize, policy: customFields, kind: kind)
        personRule = former == nil ? nil : Self.commonRule
    }

    /// The same form as an earlier release stored it.
    package var ofEarlierRelease: StoredForm {
        var form = self
        form.personRule = nil
        return form
    }

    /// Reads a form as it was stored; `nil` where the text is none.
    package init?(json: String) {
        let stored = MarkPosition(json: json)
        let fields = stored.list(Member.customFields)
        guard !fields.isEmpty || stored.text(Member.customFields) != nil else { return nil }
        var options: [String: String] = [:]
        for case (let name, .text(let text)) in stored.values where name.hasPrefix(Member.option) {
            options[String(name.dropFirst(Member.option.count))] = text
        }
        self.init(
            timeZone: stored.text(Member.timeZone),
            customFields: fields.isEmpty ? (stored.text(Member.customFields) == "none" ? .none : .all) : .named(fields),
            pseudonymize: stored.list(Member.pseudonymize),
            keyFingerprint: stored.text(Member.key),
            options: options
        )
        personRule = stored.text(Member.rule)
    }

    /// The same form as a JSON object.
    package var json: String {
        var stored = MarkPosition()
        stored.set(Member.timeZone, text: timeZone)
        switch customFields {
        case .all: stored.set(Member.customFields, text: "all")
        case .none: stored.set(Member.customFields, text: "none")
        case .named(let names): stored.set(Member.customFields, list: names)
        }
        stored.set(Member.pseudonymize, list: pseudonymize)
        stored.set(Member.key, text: keyFingerprint)
        stored.set(Member.rule, text: personRule)
        for (name, value) in options { stored.set(Member.option + name, text: value) }
        return stored.json
    }

    /// Whether a column that names a person is pseudonymised, so that free text, which may spell the name, is left out.
    package var hidesFreeText: Bool {
        PersonColumns.hidesFreeText(pseudonymize)
    }

    private enum Member {
        static let timeZone = "time_zone"
        static let customFields = "custom_fields"
        static let pseudonymize = "pseudonymize"
        static let key = "pseudonym_key"
        static let rule = "person_rule"
        static let option = "options."
    }
}

extension CustomFieldsPolicy {
    /// The same policy for the same names, in whatever order they are written.
    fileprivate var sorted: CustomFieldsPolicy {
        guard case .named(let names) = self else { return self }
        return names.isEmpty ? .none : .named(Set(names).sorted())
    }
}

extension OptionValue {
    /// The same text for the same value.
    fileprivate var text: String {
        switch self {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .duration(let duration): "\(duration.components.seconds)s"
        case .list(let values): values.sorted().joined(separator: ",")
        case .map(let map): map.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.text)" }.joined(separator: ",")
        }
    }
}
