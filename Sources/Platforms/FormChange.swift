/// What separates the form of a source's stored rows from the one that its settings ask for, and what brings them into it.
///
/// Values that are in another form and cannot be computed from it are emptied before they are read again: so no row is
/// ever left in the old form, whatever the platform still has.
package struct FormChange: Sendable, Equatable {
    /// The settings that changed, by their names in `registrar.yaml`, each with what changed.
    package var settings: [String] = []
    /// The streams that have to be read again; `nil` for all of the source.
    package var streams: Set<String>? = ["learners"]
    /// Columns of `lms.learners` to be emptied.
    package var emptied: [String] = []
    /// The custom fields of learners that may stay; `nil` where all may.
    package var keptFields: [String]?
    /// Whether free text (descriptions and details of events, answers) is to be emptied.
    package var emptiesFreeText = false

    package init() {}

    /// - Returns: `nil` where nothing changed.
    package init?(from stored: StoredForm, to wanted: StoredForm, kind: KindDescription) {
        comparePseudonyms(stored, wanted, kind)
        compareFields(stored.customFields, wanted.customFields)
        compareRules(stored, wanted, kind)
        if stored.timeZone != wanted.timeZone {
            settings.append("time_zone (\(stored.timeZone ?? "none") before)")
            streams = nil
        }
        for option in kind.options where stored.options[option.name] != wanted.options[option.name] {
            settings.append("options.\(option.name) (\(stored.options[option.name] ?? "the default") before)")
            if option.reshapes != .learners { streams = nil }
        }
        if settings.isEmpty { return nil }
    }

    /// A change of which only a digest tells: every setting may be another.
    package static var unknown: FormChange {
        var change = FormChange()
        change.settings = [
            "a setting that decides what rows look like (an earlier release loaded them, and kept no list)"
        ]
        change.streams = nil
        change.emptied = PersonColumns.names + ["tags"]
        change.keptFields = []
        change.emptiesFreeText = true
        return change
    }

    private mutating func comparePseudonyms(_ stored: StoredForm, _ wanted: StoredForm, _ kind: KindDescription) {
        let (before, now) = (Set(stored.pseudonymize), Set(wanted.pseudonymize))
        let isOtherKey = !before.isEmpty && !now.isEmpty && stored.keyFingerprint != wanted.keyFingerprint
        if isOtherKey { settings.append("REGISTRAR_PSEUDONYM_KEY") }
        if before != now {
            let (on, off) = (now.subtracting(before).sorted(), before.subtracting(now).sorted())
            let words = [("on", on), ("off", off)].filter { !$0.1.isEmpty }
                .map { "\($0.1.joined(separator: ", ")) switched \($0.0)" }
            settings.append("learners.pseudonymize (\(words.joined(separator: "; ")))")
        }
        guard isOtherKey || before != now else { return }
        emptied = PersonColumns.names
        // A custom field or a tag may hold the same text in clear; what was left out for that comes back by being read.
        if isOtherKey || !now.isSubset(of: before) {
            keptFields = []
            emptied.append("tags")
        }
        emptiesFreeText = wanted.hidesFreeText && !stored.hidesFreeText
        if stored.hidesFreeText != wanted.hidesFreeText { streams?.formUnion(kind.freeTextStreams) }
    }

    private mutating func compareFields(_ stored: CustomFieldsPolicy, _ wanted: CustomFieldsPolicy) {
        guard stored != wanted else { return }
        settings.append("learners.custom_fields (\(Self.words(stored)) before)")
        let kept: [String]? =
            switch (stored, wanted) {
            case (_, .none): []
            // Kept only because it was named: now it is dropped by default.
            case (.named, .all): []
            case (_, .all): nil
            case (_, .named(let names)): names.map { $0.hasPrefix("fields.") ? String($0.dropFirst(7)) : $0 } + names
            }
        if keptFields != [], let kept { keptFields = kept }
    }

    /// What an earlier release left in clear is not what the settings ask for, though none of them changed.
    private mutating func compareRules(_ stored: StoredForm, _ wanted: StoredForm, _ kind: KindDescription) {
        guard stored.personRule == nil, wanted.personRule != nil,
            let former = FormerPersonRule(pseudonymize: stored.pseudonymize, policy: stored.customFields, kind: kind)
        else { return }
        settings.append(
            "what learners.pseudonymize leaves out beside external_id (an earlier release could keep the number in clear)"
        )
        emptied += former.emptied.filter { !emptied.contains($0) }
        if let kept = former.keptFields { keptFields = keptFields?.filter(kept.contains) ?? kept }
    }

    private static func words(_ policy: CustomFieldsPolicy) -> String {
        switch policy {
        case .all: "all"
        case .none: "none"
        case .named(let names): names.joined(separator: ", ")
        }
    }
}
