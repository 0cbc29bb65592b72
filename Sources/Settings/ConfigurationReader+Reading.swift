import Foundation
import Platforms

extension ConfigurationReader {
    /// The variable that holds the key of the keyed hashes.
    static let pseudonymKeyVariable = "REGISTRAR_PSEUDONYM_KEY"

    /// The streams named, in the order of the kind; `grades` brings `assessments`, without which it has no meaning.
    func streams(_ section: Section, kind: KindDescription) -> [String]? {
        guard let named = section.list("streams") else { return nil }
        guard !named.isEmpty else {
            diagnostics.problem(
                "\(section.path("streams")) names nothing",
                line: section.line(of: "streams"),
                suggestion: "remove it to read \(kind.defaultStreams.joined(separator: ", "))"
            )
            return nil
        }
        var wanted: Set<String> = []
        for name in named {
            guard !kind.streams.contains(name.text) else {
                wanted.insert(name.text)
                continue
            }
            let offered = "\(kind.kind) offers \(kind.streams.joined(separator: ", "))"
            let near = NearestName.of(name.text, in: kind.streams)
            diagnostics.problem(
                "unknown stream \(Section.quoted(name.text)) in \(section.path("streams"))",
                line: name.line,
                suggestion: near.map { "did you mean \($0)? \(offered)" } ?? offered
            )
        }
        if wanted.contains("grades"), kind.streams.contains("assessments") { wanted.insert("assessments") }
        return kind.streams.filter(wanted.contains)
    }

    func timeZone(_ section: Section) -> String? {
        guard let zone = section.text("time_zone") else { return nil }
        let known = TimeZone.knownTimeZoneIdentifiers
        let isKnown =
            zone.text == "UTC" || known.contains(zone.text)
            || (zone.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && TimeZone(identifier: zone.text) != nil)
        guard isKnown else {
            let near = NearestName.of(zone.text, in: known)
            diagnostics.problem(
                "\(section.path("time_zone")) is not a time zone",
                line: zone.line,
                suggestion: near.map { "did you mean \($0)?" } ?? "write a name such as UTC or Europe/Berlin"
            )
            return nil
        }
        return zone.text
    }

    func schedule(_ key: String, _ section: Section) -> String? {
        guard let schedule = section.text(key) else { return nil }
        if let problem = CronSyntax.problem(in: schedule.text) {
            diagnostics.problem(
                "\(section.path(key)): \(problem)",
                line: schedule.line,
                suggestion: "for example \"*/15 * * * *\""
            )
            return nil
        }
        return schedule.text
    }

    func scope(_ section: Section, kind: KindDescription) -> CourseScope {
        guard let section = section.section("scope", known: ConfigurationKeys.scope.map(\.name)) else {
            return CourseScope()
        }
        let list: (String) -> [String]? = { key in section.list(key, acceptsOne: true)?.map(\.text) }
        var scope = CourseScope(
            availability: list("availability"),
            term: list("term"),
            dataSource: list("data_source"),
            include: list("include"),
            exclude: list("exclude")
        )
        if let date = section.text("created_after") {
            if CalendarText.isValid(date.text) {
                scope.createdAfter = date.text
            } else {
                diagnostics.problem(
                    "\(section.path("created_after")) is not a date",
                    line: date.line,
                    suggestion: "write 2024-08-01 or 2024-08-01T00:00:00Z"
                )
            }
        }
        for member in scope.members where !kind.scope.members.contains(member) {
            diagnostics.problem(
                "\(section.path(member)): courses of the kind \(kind.kind) have nothing that says it",
                line: section.line(of: member),
                suggestion: "this kind has \(kind.scope.members.joined(separator: ", "))"
            )
        }
        return scope
    }

    func customFields(_ learners: Section?) -> CustomFieldsPolicy? {
        guard let learners, let names = learners.list("custom_fields", acceptsOne: true) else { return nil }
        guard names.count == 1, let only = names.first else {
            return names.isEmpty ? CustomFieldsPolicy.none : .named(names.map(\.text))
        }
        switch only.text {
        case "all": return .all
        case "none": return CustomFieldsPolicy.none
        default: return .named([only.text])
        }
    }

    func pseudonymize(_ learners: Section?) -> [String] {
        let allowed = ConfigurationKeys.pseudonymizable
        guard let learners, let named = learners.list("pseudonymize") else { return [] }
        for name in named where !allowed.contains(name.text) {
            let near = NearestName.of(name.text, in: allowed)
            diagnostics.problem(
                "\(Section.quoted(name.text)) cannot be pseudonymised",
                line: name.line,
                suggestion: near.map { "did you mean \($0)?" } ?? "the columns are \(allowed.joined(separator: ", "))"
            )
        }
        let chosen = Set(named.map(\.text))
        guard !named.isEmpty, use == .platforms else { return allowed.filter(chosen.contains) }
        let variable = Self.pseudonymKeyVariable
        guard let key = environment[variable], key.utf8.count >= 32 else {
            let state = environment[variable] == nil ? "is not set" : "is shorter than 32 bytes"
            diagnostics.problem(
                "\(learners.path("pseudonymize")) needs a key, and \(variable) \(state)",
                line: learners.line(of: "pseudonymize"),
                suggestion: "make one with `openssl rand -base64 48`, and keep it: another key gives other hashes"
            )
            return []
        }
        return allowed.filter(chosen.contains)
    }

    /// The platform's options, checked against the kind's description, with its defaults.
    func options(_ section: Section, kind: KindDescription) -> [String: OptionValue] {
        var values: [String: OptionValue] = [:]
        for option in kind.options { values[option.name] = option.defaultValue }
        guard let section = section.section("options", known: kind.options.map(\.name)) else { return values }
        for option in kind.options where section.has(option.name) {
            if let value = value(option.name, shape: option.shape, of: section) { values[option.name] = value }
        }
        return values
    }

    private func value(_ key: String, shape: OptionDescription.Shape, of section: Section) -> OptionValue? {
        switch shape {
        case .string: return section.text(key).map { .string($0.text) }
        case .integer: return section.integer(key, in: Int.min...Int.max).map(OptionValue.integer)
        case .number: return section.number(key).map(OptionValue.number)
        case .boolean: return section.boolean(key).map(OptionValue.boolean)
        case .duration: return section.duration(key).map(OptionValue.duration)
        case .list: return section.list(key, acceptsOne: true).map { .list($0.map(\.text)) }
        case .choice(let words):
            guard let word = section.text(key) else { return nil }
            guard words.contains(word.text) else {
                let near = NearestName.of(word.text, in: words)
                diagnostics.problem(
                    "\(section.path(key)) must be one of \(words.joined(separator: ", "))",
                    line: word.line,
                    suggestion: near.map { "did you mean \($0)?" }
                )
                return nil
            }
            return .string(word.text)
        case .map(let inner):
            guard let map = section.section(key, known: nil) else { return nil }
            var values: [String: OptionValue] = [:]
            for name in map.keys { values[name] = value(name, shape: inner, of: map) }
            return .map(values)
        }
    }
}
