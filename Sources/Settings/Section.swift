import Platforms
import Yams

/// One mapping of the file, read key by key; what is wrong goes to the diagnostics.
///
/// A getter returns `nil` both for an absent key and for a wrong value: the second has been reported.
struct Section {
    /// A text value after expansion.
    struct Text {
        var text: String
        var line: Int
        var expansion: Expander.Expansion
    }

    let name: String
    let line: Int
    private let entries: [String: (line: Int, node: Node)]
    /// Keys that were meant, by their nearest names, but are misspelt; they have been reported.
    private let misspelt: Set<String>
    private let diagnostics: Diagnostics
    private let expander: Expander

    private init(
        name: String,
        line: Int,
        entries: [String: (line: Int, node: Node)],
        misspelt: Set<String> = [],
        diagnostics: Diagnostics,
        expander: Expander
    ) {
        self.name = name
        self.line = line
        self.entries = entries
        self.misspelt = misspelt
        self.diagnostics = diagnostics
        self.expander = expander
    }

    /// Reads the keys of `node`; keys that are not in `known` are reported, `nil` accepts any.
    ///
    /// `elsewhere` maps keys of other places to them, for the hint where a key stands in the wrong one.
    init?(
        _ node: Node,
        name: String,
        line: Int,
        known: [String]?,
        elsewhere: [String: String] = [:],
        diagnostics: Diagnostics,
        expander: Expander
    ) {
        if let scalar = node.scalar, scalar.isNull {
            // A key without a value, as it is left when all that stood below it is commented out.
            self.init(name: name, line: line, entries: [:], diagnostics: diagnostics, expander: expander)
            return
        }
        guard case .mapping(let mapping) = node else {
            diagnostics.problem(
                "\(name.isEmpty ? "the file" : name) must hold keys with values, not \(Self.shape(of: node))",
                line: node.line ?? line
            )
            return nil
        }
        var entries: [String: (line: Int, node: Node)] = [:]
        var misspelt: Set<String> = []
        for (keyNode, value) in mapping {
            let keyLine = keyNode.line ?? line
            guard case .scalar(let scalar) = keyNode else {
                diagnostics.problem("a key must be a plain name", line: keyLine)
                continue
            }
            let key = scalar.string
            if let known, !known.contains(key) {
                let shown = Self.quoted(key)
                let place = name.isEmpty ? "" : " in \(name)"
                if let near = NearestName.of(key, in: known), near != key {
                    misspelt.insert(near)
                    diagnostics.problem(
                        "unknown key \(shown)\(place)",
                        line: keyLine,
                        suggestion: "did you mean \(near)?"
                    )
                } else if let home = elsewhere[key] {
                    diagnostics.problem(
                        "unknown key \(shown)\(place)",
                        line: keyLine,
                        suggestion: "it belongs under \(home)"
                    )
                } else {
                    diagnostics.problem(
                        "unknown key \(shown)\(place)",
                        line: keyLine,
                        suggestion: "the keys here are \(known.joined(separator: ", "))"
                    )
                }
                continue
            }
            entries[key] = (keyLine, value)
        }
        self.init(
            name: name,
            line: line,
            entries: entries,
            misspelt: misspelt,
            diagnostics: diagnostics,
            expander: expander
        )
    }

    /// Whether the key is there, or was meant by one that is misspelt: then nobody need be told twice.
    func isMeant(_ key: String) -> Bool { entries[key] != nil || misspelt.contains(key) }

    var keys: [String] { entries.keys.sorted() }

    func has(_ key: String) -> Bool { entries[key] != nil }

    /// The line of a key, or of the section where the key is absent.
    func line(of key: String) -> Int { entries[key]?.line ?? line }

    func section(_ key: String, known: [String]?, elsewhere: [String: String] = [:]) -> Section? {
        guard let entry = entries[key] else { return nil }
        return Section(
            entry.node,
            name: path(key),
            line: entry.line,
            known: known,
            elsewhere: elsewhere,
            diagnostics: diagnostics,
            expander: expander
        )
    }

    /// The entries of a list, each with its line.
    func nodes(_ key: String) -> [(line: Int, node: Node)]? {
        guard let entry = entries[key] else { return nil }
        guard case .sequence(let sequence) = entry.node else {
            diagnostics.problem(
                "\(path(key)) must be a list, not \(Self.shape(of: entry.node))",
                line: entry.line,
                suggestion: "write each entry on a line of its own that begins with a dash, or [a, b]"
            )
            return nil
        }
        return sequence.map { ($0.line ?? entry.line, $0) }
    }

    func text(_ key: String) -> Text? {
        guard let entry = entries[key] else { return nil }
        return text(entry.node, name: path(key), line: entry.line)
    }

    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = plain(key) else { return nil }
        guard Self.isInteger(value.text), let number = Int(value.text) else {
            return wrongType(key, "a whole number", value)
        }
        guard range.contains(number) else {
            return outOfRange(key, "\(range.lowerBound) to \(range.upperBound)", line: value.line)
        }
        return number
    }

    func number(_ key: String) -> Double? {
        guard let value = plain(key) else { return nil }
        guard let number = Self.decimal(value.text) else { return wrongType(key, "a number", value) }
        return number
    }

    func boolean(_ key: String) -> Bool? {
        guard let value = plain(key) else { return nil }
        switch value.text {
        case "true": return true
        case "false": return false
        default: return wrongType(key, "true or false", value)
        }
    }

    func duration(_ key: String) -> Duration? {
        guard let value = text(key) else { return nil }
        guard let duration = DurationText.parse(value.text) else {
            return wrongType(key, "a duration such as 90s, 15m, 6h or 30d", value)
        }
        return duration
    }

    /// A list of texts, without repetitions; a single text counts as a list of one where `acceptsOne` is set.
    func list(_ key: String, acceptsOne: Bool = false) -> [Text]? {
        guard let entry = entries[key] else { return nil }
        if acceptsOne, case .scalar = entry.node { return text(key).map { [$0] } }
        guard let nodes = nodes(key) else { return nil }
        var seen: Set<String> = []
        var isComplete = true
        let texts = nodes.compactMap { item -> Text? in
            guard let value = text(item.node, name: "an entry of \(path(key))", line: item.line) else {
                isComplete = false
                return nil
            }
            return seen.insert(value.text).inserted ? value : nil
        }
        return isComplete ? texts : nil
    }

    func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    private func text(_ node: Node, name: String, line: Int) -> Text? {
        guard case .scalar(let scalar) = node else {
            diagnostics.problem("\(name) must be a single value, not \(Self.shape(of: node))", line: line)
            return nil
        }
        guard !scalar.isNull else {
            diagnostics.problem("\(name) has no value", line: line, suggestion: "give it one or remove the line")
            return nil
        }
        do {
            let expansion = try expander.expand(scalar.string)
            let isControl: (UInt8) -> Bool = { $0 < 0x20 || $0 == 0x7f }
            guard !expansion.text.utf8.contains(where: isControl) else {
                diagnostics.problem(
                    "\(name) holds a control character or a line break",
                    line: line,
                    suggestion: "remove it"
                )
                return nil
            }
            guard !expansion.text.isEmpty else {
                diagnostics.problem("\(name) is empty", line: line, suggestion: "give it a value or remove the line")
                return nil
            }
            for file in expansion.openFiles {
                diagnostics.warning(
                    "\(name) is read from \(file), which others may read",
                    line: line,
                    remedy: "chmod 600 the file",
                    isAboutSecrets: true
                )
            }
            return Text(text: expansion.text, line: line, expansion: expansion)
        } catch {
            diagnostics.problem("\(name): \(error.message)", line: line, suggestion: error.suggestion)
            return nil
        }
    }

    /// A value that is not text by its quotes: `"4"` is text, `4` and `"${FOUR}"` are not.
    private func plain(_ key: String) -> Text? {
        guard let entry = entries[key], let value = text(key) else { return nil }
        guard case .scalar(let scalar) = entry.node else { return nil }
        guard scalar.style == .plain || scalar.style == .any || value.expansion.usesReference else {
            diagnostics.problem(
                "\(path(key)) is text, since it stands in quotes",
                line: value.line,
                suggestion: "remove the quotes"
            )
            return nil
        }
        return value
    }

    private func wrongType<Value>(_ key: String, _ wanted: String, _ value: Text) -> Value? {
        let isQuotable = !value.expansion.usesReference && !ConfigurationKeys.secrets.contains(key)
        let found = isQuotable ? ", not \(Self.quoted(value.text))" : ""
        diagnostics.problem("\(path(key)) must be \(wanted)\(found)", line: value.line)
        return nil
    }

    private func outOfRange<Value>(_ key: String, _ range: String, line: Int) -> Value? {
        diagnostics.problem("\(path(key)) must be \(range)", line: line)
        return nil
    }

    /// `text` in quotes, shortened, safe to print.
    static func quoted(_ text: String) -> String {
        let short = text.count > 40 ? text.prefix(40) + "…" : Substring(text)
        return "'\(LogSafe.text(String(short)))'"
    }

    static func decimal(_ text: String) -> Double? {
        let allowed = Set("0123456789+-.eE".utf8)
        guard text.utf8.allSatisfy(allowed.contains), text.utf8.contains(where: { (0x30...0x39).contains($0) }),
            let number = Double(text), number.isFinite
        else { return nil }
        return number
    }

    private static func isInteger(_ text: String) -> Bool {
        let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : Substring(text)
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func shape(of node: Node) -> String {
        switch node {
        case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
        case .mapping: "keys with values"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}

extension Node {
    /// Line in the file, counted from 1.
    var line: Int? { mark?.line }
}

extension Node.Scalar {
    /// Whether this is YAML's "no value".
    var isNull: Bool {
        (style == .plain || style == .any) && ["", "~", "null", "Null", "NULL"].contains(string)
    }
}
