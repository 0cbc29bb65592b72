import Extractor
import Hashing
import Platforms

/// A digest of the settings that change what is stored, kept in `sync.sources.config_digest`.
///
/// `<64 hex digits>`, and with pseudonyms `<64 hex digits>+<16 hex digits>`: the second part is the fingerprint of
/// the key, so that another key can be told from other settings. Pace, schedules, the address and credentials are
/// not in it, and no secret can be computed from it.
package enum ConfigurationDigest {
    static func digest(of settings: SourceSettings, kind: KindDescription) -> String {
        var text = "registrar 1\n"
        let add: (String, String) -> String = { "\($0)=\($1.utf8.count):\($1)\n" }
        text += add("kind", settings.kind)
        text += add("streams", list(settings.streams))
        text += add("time_zone", settings.timeZone)
        text += add("custom_fields", describe(settings.customFields))
        text += add("pseudonymize", list(settings.pseudonymize))
        // An option left at its default is left out: a later version may add options.
        let defaults = Dictionary(
            kind.options.map { ($0.name, $0.defaultValue) },
            uniquingKeysWith: { first, _ in first }
        )
        for (name, value) in settings.options.sorted(by: { $0.key < $1.key }) where defaults[name] != value {
            text += add("options.\(name)", describe(value))
        }
        let scope = settings.scope
        if !scope.isEverything {
            text += add("created_after", scope.createdAfter ?? "")
            let lists = [scope.availability, scope.term, scope.dataSource, scope.include, scope.exclude]
            for (index, values) in lists.enumerated() {
                text += add("scope\(index)", values.map { list($0.sorted()) } ?? "-")
            }
        }
        let digest = SHA256.digest(of: Array(text.utf8)).hexadecimal
        guard let key = settings.pseudonymKey else { return digest }
        let fingerprint = key.reveal { key in
            HMACSHA256.code(for: Array("registrar pseudonym key fingerprint".utf8), key: Array(key.utf8))
        }
        return "\(digest)+\(fingerprint.prefix(8).hexadecimal)"
    }

    private static func list(_ values: [String]) -> String {
        values.map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
    }

    private static func describe(_ policy: CustomFieldsPolicy) -> String {
        switch policy {
        case .all: "all"
        case .none: "none"
        case .named(let names): list(names.sorted())
        }
    }

    private static func describe(_ value: OptionValue) -> String {
        switch value {
        case .string(let text): "s\(text)"
        case .integer(let number): "i\(number)"
        case .number(let number): "n\(number)"
        case .boolean(let flag): "b\(flag)"
        case .duration(let duration): "d\(DurationText.text(duration))"
        case .list(let values): "l\(list(values))"
        case .map(let map):
            "m" + list(map.sorted { $0.key < $1.key }.flatMap { [$0.key, describe($0.value)] })
        }
    }
}
